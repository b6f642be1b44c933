"""Programmes for programs: one router for files and versions, one for money, one for members and products."""

from kontor.features.programmes.api.files import router
from kontor.features.programmes.api.members import router as members
from kontor.features.programmes.api.money import router as money
from kontor.features.programmes.api.results import router as results

router.add_router("", money)
router.add_router("", members)
router.add_router("", results)

__all__ = ["router"]
