"""Decisions for programs: rounds, scenarios, decisions, letters, and what applicants may know."""

from kontor.features.decisions.api import (  # noqa: F401  # they register
    deciding,
    letters,
    proposals,
    reading,
    rounds,
    scenarios,
)
from kontor.features.decisions.api.shown import router

__all__ = ["router"]
