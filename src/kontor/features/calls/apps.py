from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base.events import SampleLoaded, SampleRemoved, subscribe
from kontor.base.navigation import register


class CallsConfig(AppConfig):
    name = "kontor.features.calls"
    label = "calls"

    def ready(self) -> None:
        from kontor.features.accounts.rules import is_signed_in
        from kontor.features.calls import words
        from kontor.features.calls.casework import directory, erasing, tasks  # noqa: F401  # tasks register their jobs
        from kontor.features.calls.casework.rules import may_sit_at_a_desk
        from kontor.features.calls.sample import forget_sample_papers, load_calls

        words.register()
        directory.register()
        erasing.register()
        register("programmes", _("Calls"), "calls:list", order=20)
        register("programmes", _("Cases"), "calls:cases", may_sit_at_a_desk, order=30)
        # after programmes, whose instruments calls open: programmes stand before in INSTALLED_APPS
        subscribe(SampleLoaded, load_calls)
        subscribe(SampleRemoved, forget_sample_papers)
        register("find", _("My applications"), "calls:applications", is_signed_in, order=26)
