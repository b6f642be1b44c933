"""Juries for programs: panels, assessors, conflicts, assignment, sheets, pitch day, results, experts."""

from kontor.base.api import Router
from kontor.features.juries.api.applications import router as applications
from kontor.features.juries.api.assigning import router as assigning
from kontor.features.juries.api.conflicts import router as conflicts
from kontor.features.juries.api.experts import router as experts
from kontor.features.juries.api.invitations import router as invitations
from kontor.features.juries.api.live import router as live
from kontor.features.juries.api.matrix import router as matrix
from kontor.features.juries.api.members import router as members
from kontor.features.juries.api.panels import router as panels
from kontor.features.juries.api.pitches import router as pitches
from kontor.features.juries.api.results import router as results
from kontor.features.juries.api.sheets import router as sheets

router = Router("juries")
# words before keys: a key is never one of them
for each in (
    *(experts, sheets, invitations, results, panels, members, conflicts, assigning),
    *(applications, matrix, pitches, live),
):
    router.add_router("", each)

__all__ = ["router"]
