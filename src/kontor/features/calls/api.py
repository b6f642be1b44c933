"""Calls for programs: announcements, desk and cases, checks and eligibility."""

from kontor.features.calls.announcing.api import router as announcing
from kontor.features.calls.casework.api import router as casework
from kontor.features.calls.checking.api import router as checking

# words that are no key of a call come first
ROUTERS = (checking, casework, announcing)

__all__ = ["ROUTERS"]
