"""Addresses of consortia. Fixed words come before keys."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.matching.consortia.views import (
    answering,
    board,
    changing,
    composing,
    lists,
    seats,
    space,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("consortia/", include(lists.urlpatterns)),
    path("consortia/", include(answering.urlpatterns)),
    path("consortia/", include(seats.urlpatterns)),
    path("consortia/", include(composing.urlpatterns)),
    path("consortia/", include(space.urlpatterns)),
    path("consortia/", include(changing.urlpatterns)),
    path("consortia/", include(board.urlpatterns)),
]
