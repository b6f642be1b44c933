"""Addresses of desk, cases, contact persons and the partner board."""

from __future__ import annotations

from kontor.features.calls.casework.views import board, contacts, desk

urlpatterns = [*desk.urlpatterns, *contacts.urlpatterns, *board.urlpatterns]
