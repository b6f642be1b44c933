"""Addresses of juries."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.juries.views import (
    assigning,
    conflicts,
    dossier,
    experts,
    lists,
    live,
    matrix,
    members,
    panel,
    pitches,
    results,
    sheets,
)

app_name = "juries"
# words before keys: a key is never one of them
parts = (
    lists,
    experts,
    sheets,
    results,
    members,
    conflicts,
    assigning,
    matrix,
    dossier,
    pitches,
    live,
    panel,
)
urlpatterns: list[URLPattern | URLResolver] = [path("juries/", include(each.urlpatterns)) for each in parts]
