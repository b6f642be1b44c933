"""The directory in the API: organisations and all that hangs on them, imports, duplicates, code lists."""

from kontor.features.organisations.api.archive import router as archive_router
from kontor.features.organisations.api.code_lists import router as codes_router
from kontor.features.organisations.api.consent import router as consent_router
from kontor.features.organisations.api.contacts import router as contacts_router
from kontor.features.organisations.api.duplicates import merges as merges_router
from kontor.features.organisations.api.duplicates import router as duplicates_router
from kontor.features.organisations.api.exports import router as exports_router
from kontor.features.organisations.api.figures import router as figures_router
from kontor.features.organisations.api.imports import router as imports_router
from kontor.features.organisations.api.many import changes as changes_router
from kontor.features.organisations.api.many import views as views_router
from kontor.features.organisations.api.memberships import router as memberships_router
from kontor.features.organisations.api.organisations import router
from kontor.features.organisations.api.projects import router as projects_router
from kontor.features.organisations.api.statements import router as statements_router
from kontor.features.organisations.api.translations import router as translations_router

for part in (
    archive_router,
    statements_router,
    projects_router,
    translations_router,
    figures_router,
    contacts_router,
    memberships_router,
    consent_router,
):
    router.add_router("", part)

# Where each is mounted, beside the organisations themselves.
BESIDE = {
    "/views": views_router,
    "/changes": changes_router,
    "/duplicates": duplicates_router,
    "/merges": merges_router,
    "/imports": imports_router,
    "/export": exports_router,
    "/codes": codes_router,
}

__all__ = ["BESIDE", "router"]
