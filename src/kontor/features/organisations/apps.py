from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from kontor.base.events import OrganisationChanged, subscribe
from kontor.base.navigation import register
from kontor.base.panels import register_panel


class OrganisationsConfig(AppConfig):
    name = "kontor.features.organisations"
    label = "organisations"

    def ready(self) -> None:
        from kontor.features.organisations import erasing, figures, links, panel, scopes, timeline
        from kontor.features.organisations import tasks as own_tasks  # noqa: F401  # registers its jobs
        from kontor.features.organisations.directory import fulltext
        from kontor.features.organisations.imports import tasks as import_tasks  # noqa: F401  # registers its jobs
        from kontor.features.organisations.rules import belongs_to_organisation, may_import, may_merge

        erasing.register()
        figures.register()
        links.register()
        scopes.register()
        timeline.register()
        register("find", _("Directory"), "organisations:list", order=10)
        register("find", _("Map"), "organisations:map", order=11)
        register("members", _("Your organisation"), "organisations:own", belongs_to_organisation, order=5)
        register_panel("own", panel.own, order=10)
        register("members", _("Imports"), "organisations:import", may_import, order=30)
        register_panel("reconfirm", panel.reconfirm, order=20)
        register_panel("duplicates", panel.duplicates, order=40)
        register("members", _("Duplicates"), "organisations:duplicates", may_merge, order=40)
        register("members", _("Archived"), "organisations:archived", may_merge, order=45)
        post_migrate.connect(fulltext.install, sender=self)
        subscribe(OrganisationChanged, fulltext.keep_translated_names)
