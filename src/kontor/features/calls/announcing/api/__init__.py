"""Calls for programs: the announcement and its life, days, questions, first contact."""

from kontor.features.calls.announcing.api.asking import router as asking
from kontor.features.calls.announcing.api.calls import router
from kontor.features.calls.announcing.api.days import router as days

for each in (days, asking):
    router.add_router("", each)

__all__ = ["router"]
