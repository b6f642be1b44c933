"""Addresses of calls and applications. Words that are no key of a call come first."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.calls.announcing.urls import urlpatterns as announcing
from kontor.features.calls.casework.urls import urlpatterns as casework
from kontor.features.calls.checking.urls import urlpatterns as checking
from kontor.features.calls.dossier.urls import urlpatterns as papers
from kontor.features.calls.writing.urls import urlpatterns as writing

app_name = "calls"
urlpatterns: list[URLPattern | URLResolver] = [
    path("calls/applications/", include(papers)),
    path("calls/", include([*writing, *checking, *casework, *announcing])),
]
