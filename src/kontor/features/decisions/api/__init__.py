"""Decisions for programs: rounds, scenarios, decisions, letters, and what applicants may know."""

from kontor.features.decisions.api import deciding, letters, reading, scenarios  # noqa: F401  # they register
from kontor.features.decisions.api.shown import router

__all__ = ["router"]
