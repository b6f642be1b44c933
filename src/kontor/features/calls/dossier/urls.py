"""Addresses of the papers of applications, below the application's own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from kontor.features.calls.dossier.views import amendments, answering, copying, dossier, signatures, word

urlpatterns: list[URLPattern | URLResolver] = [
    *signatures.urlpatterns,
    *word.urlpatterns,
    *copying.urlpatterns,
    *amendments.urlpatterns,
    *answering.urlpatterns,
    *dossier.urlpatterns,
]
