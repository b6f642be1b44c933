from django.apps import AppConfig
from django.db.models.signals import post_migrate

from kontor.base.events import OrganisationChanged, subscribe


class OrganisationsConfig(AppConfig):
    name = "kontor.features.organisations"
    label = "organisations"

    def ready(self) -> None:
        from kontor.features.organisations import links, scopes, tasks  # noqa: F401  # tasks registers its jobs
        from kontor.features.organisations.directory import fulltext

        links.register()
        scopes.register()

        post_migrate.connect(fulltext.install, sender=self)
        subscribe(OrganisationChanged, fulltext.keep_translated_names)
