"""Addresses of introductions. Fixed words come before keys."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.matching.introductions.views import board, links, member, propose

urlpatterns: list[URLPattern | URLResolver] = [
    path("matches/introductions/", include(board.urlpatterns)),
    path("matches/introductions/", include(propose.urlpatterns)),
    path("matches/introductions/", include(links.urlpatterns)),
    path("matches/introductions/", include(member.urlpatterns)),
]
