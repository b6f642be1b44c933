"""Root of every address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kontor.web import design, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("design/", design.design, name="design"),
]
