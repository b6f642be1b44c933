"""Consortia for programs: boards, seats, invitations, composing, the shared space."""

from kontor.features.matching.consortia.api.answering import router
from kontor.features.matching.consortia.api.board import router as board
from kontor.features.matching.consortia.api.composing import router as composing
from kontor.features.matching.consortia.api.course import router as course
from kontor.features.matching.consortia.api.seats import router as seats
from kontor.features.matching.consortia.api.space import router as space

for each in (board, course, seats, composing, space):
    router.add_router("", each)

__all__ = ["router"]
