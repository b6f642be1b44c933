"""Addresses of the directory, gathered from the views by noun. Fixed words come before keys."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.organisations.views import (
    archive,
    directory,
    duplicates,
    editing,
    figures,
    imports,
    people,
    profile,
    projects,
    statements,
    translations,
)

app_name = "organisations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("directory/", include(directory.urlpatterns)),
    path("directory/", include(duplicates.urlpatterns)),
    path("directory/", include(imports.urlpatterns)),
    path("directory/", include(editing.urlpatterns)),
    path("directory/", include(statements.urlpatterns)),
    path("directory/", include(people.urlpatterns)),
    path("directory/", include(figures.urlpatterns)),
    path("directory/", include(translations.urlpatterns)),
    path("directory/", include(projects.urlpatterns)),
    path("directory/", include(archive.urlpatterns)),
    path("directory/", include(profile.urlpatterns)),
]
