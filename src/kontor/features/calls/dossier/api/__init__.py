"""The papers of applications for programs: signatures, amendments, files, copies, the whole dossier."""

from kontor.features.calls.dossier.api.amendments import router
from kontor.features.calls.dossier.api.directory import router as directory
from kontor.features.calls.dossier.api.dossier import router as dossier
from kontor.features.calls.dossier.api.signatures import router as signatures
from kontor.features.calls.dossier.api.taking_over import router as taking_over

for each in (signatures, taking_over, directory, dossier):
    router.add_router("", each)

__all__ = ["router"]
