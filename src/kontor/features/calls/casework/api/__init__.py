"""Desk, cases, contact persons and the partner board for programs."""

from kontor.features.calls.casework.api.cases import router
from kontor.features.calls.casework.api.contacts import router as contacts

router.add_router("", contacts)

__all__ = ["router"]
