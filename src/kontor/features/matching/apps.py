from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base import warmup
from kontor.base.events import OrganisationChanged, OrganisationGone, SampleLoaded, SampleRemoved, subscribe
from kontor.base.navigation import register
from kontor.base.panels import register_panel


class MatchingConfig(AppConfig):
    name = "kontor.features.matching"
    label = "matching"

    def ready(self) -> None:
        from kontor.base.audit.read import name_verbs
        from kontor.features.accounts.rules import is_signed_in
        from kontor.features.matching import tasks, words
        from kontor.features.matching.consortia import counting
        from kontor.features.matching.consortia import panels as consortium_panels
        from kontor.features.matching.consortia import tasks as consortium_tasks
        from kontor.features.matching.consortia.history import verb_names
        from kontor.features.matching.consortia.sample import forget_sample_files, load_consortia
        from kontor.features.matching.introductions import panels
        from kontor.features.matching.introductions import tasks as introduction_tasks
        from kontor.features.matching.introductions.rules import may_oversee
        from kontor.features.matching.introductions.sample import load_introductions
        from kontor.features.matching.suggestions import panel
        from kontor.features.matching.suggestions import tasks as suggestion_tasks
        from kontor.features.matching.weights import showing
        from kontor.features.matching.weights import tasks as weight_tasks  # noqa: F401  # registers its job
        from kontor.features.programmes.results import register_counter

        warmup.register(tasks.warm_up)
        showing.register()
        words.register()
        subscribe(OrganisationChanged, tasks.on_changed)
        subscribe(OrganisationGone, tasks.on_gone)
        subscribe(OrganisationGone, suggestion_tasks.on_gone)
        register_panel("suggestions", panel.suggested, order=15)
        subscribe(OrganisationGone, introduction_tasks.on_gone)
        subscribe(SampleLoaded, load_introductions)
        panels.register()
        consortium_panels.register()
        name_verbs(verb_names())
        register_counter(counting.count)
        subscribe(OrganisationGone, consortium_tasks.on_gone)
        # after programmes, whose versions consortia rest on: programmes stand before in INSTALLED_APPS
        subscribe(SampleLoaded, load_consortia)
        subscribe(SampleRemoved, forget_sample_files)
        register("find", _("Find partners"), "matching:search", order=5)
        register("find", _("Suggested partners"), "matching:suggestions", is_signed_in, order=10)
        register("find", _("Saved searches"), "matching:saved", is_signed_in, order=20)
        mine = ("find", _("My introductions"), "matching:my-introductions", is_signed_in)
        register(*mine, order=22, covers="matching:introductions")
        register("find", _("Consortia"), "matching:consortia", is_signed_in, order=24)
        register("members", _("Introductions"), "matching:introductions", may_oversee, order=20)
        register("members", _("Weights of the score"), "matching:weights", may_oversee, order=25)
