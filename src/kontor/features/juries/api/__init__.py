"""Juries for programs: panels, assessors, conflicts, assignment, sheets, results, experts."""

from kontor.base.api import Router
from kontor.features.juries.api.assigning import router as assigning
from kontor.features.juries.api.experts import router as experts
from kontor.features.juries.api.panels import router as panels
from kontor.features.juries.api.sheets import router as sheets

router = Router("juries")
# words before keys: a key is never one of them
for each in (experts, sheets, panels, assigning):
    router.add_router("", each)

__all__ = ["router"]
