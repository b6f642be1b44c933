from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base import warmup
from kontor.base.events import OrganisationChanged, OrganisationGone, subscribe
from kontor.base.navigation import register


class MatchingConfig(AppConfig):
    name = "kontor.features.matching"
    label = "matching"

    def ready(self) -> None:
        from kontor.features.accounts.rules import is_signed_in
        from kontor.features.matching import tasks

        warmup.register(tasks.warm_up)
        subscribe(OrganisationChanged, tasks.on_changed)
        subscribe(OrganisationGone, tasks.on_gone)
        register("find", _("Find partners"), "matching:search", order=5)
        register("find", _("Saved searches"), "matching:saved", is_signed_in, order=20)
