from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base.events import SampleLoaded, SampleRemoved, subscribe
from kontor.base.navigation import register
from kontor.base.panels import register_panel, register_section


class DecisionsConfig(AppConfig):
    name = "kontor.features.decisions"
    label = "decisions"

    def ready(self) -> None:
        from kontor.features.decisions import panels, tasks, words
        from kontor.features.decisions.rules import may_see_some
        from kontor.features.decisions.sample import forget_sample_files, load_decisions

        words.register()
        tasks.register()
        register("programmes", _("Decisions"), "decisions:rounds", may_see_some, order=60)
        register_panel("decisions", panels.open_rounds, order=30)
        register_section("application", panels.told)
        # after calls and juries, whose applications and scores decisions rest on
        subscribe(SampleLoaded, load_decisions)
        subscribe(SampleRemoved, forget_sample_files)
