"""Addresses of the suggestions."""

from __future__ import annotations

from django.urls import URLPattern, path

from kontor.features.matching.suggestions import views

urlpatterns: list[URLPattern] = [
    path("matches/suggestions/", views.suggestions, name="suggestions"),
    path("matches/suggestions/run/", views.run_now, name="suggestions-run"),
]
