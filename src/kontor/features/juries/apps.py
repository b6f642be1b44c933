from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base.events import SampleLoaded, subscribe
from kontor.base.navigation import register


class JuriesConfig(AppConfig):
    name = "kontor.features.juries"
    label = "juries"

    def ready(self) -> None:
        from kontor.base.permissions import SIGNED_IN
        from kontor.features.juries import erasing, panels, tasks, words
        from kontor.features.juries.rules import may_run_some
        from kontor.features.juries.sample import load_juries

        words.register()
        erasing.register()
        tasks.register()
        panels.register()
        # after calls, whose applications juries assess: calls stand before in INSTALLED_APPS
        subscribe(SampleLoaded, load_juries)
        register("programmes", _("Juries"), "juries:list", SIGNED_IN, order=40)
        register("programmes", _("Experts"), "juries:experts", may_run_some, order=42)
