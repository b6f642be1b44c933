"""Applications for programs: begin, write, files, versions, partners, check, hand in, withdraw."""

from kontor.features.calls.writing.api import partners  # noqa: F401  # its operation shares an address
from kontor.features.calls.writing.api.applications import router
from kontor.features.calls.writing.api.files import router as files
from kontor.features.calls.writing.api.versions import router as versions

for each in (files, versions):
    router.add_router("", each)

__all__ = ["router"]
