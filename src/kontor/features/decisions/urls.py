"""Addresses of decisions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.decisions.views import board, letters, proposal, record, reserve, rounds, scenarios, told

app_name = "decisions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("decisions/", include(rounds.urlpatterns)),
    path("decisions/", include(told.urlpatterns)),
    path("decisions/", include(scenarios.urlpatterns)),
    path("decisions/", include(reserve.urlpatterns)),
    path("decisions/", include(letters.urlpatterns)),
    path("decisions/", include(record.urlpatterns)),
    path("decisions/", include(proposal.urlpatterns)),
    path("decisions/", include(board.urlpatterns)),
]
