from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "kontor.base"
    label = "base"

    def ready(self) -> None:
        from kontor.base import mail, navigation  # noqa: F401  # mail registers the job that sends
        from kontor.base.audit.read import opens_log
        from kontor.base.permissions import SIGNED_IN

        navigation.register("account", _("Your jobs"), "base:jobs", SIGNED_IN, order=30)
        navigation.register("site", _("Log of changes"), "base:audit", opens_log, order=30)
