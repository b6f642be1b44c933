"""The directory in the API: organisations, their statements, and the code lists."""

from kontor.features.organisations.api.code_lists import router as codes_router
from kontor.features.organisations.api.organisations import router
from kontor.features.organisations.api.statements import router as statements_router

router.add_router("", statements_router)

__all__ = ["codes_router", "router"]
