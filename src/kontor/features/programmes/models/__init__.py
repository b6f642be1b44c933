"""Rows of programmes; what a programme is stands in its file, which a version keeps whole."""

from kontor.features.programmes.models.money import Commitment, Draw, Envelope, EnvelopeKind, Reallocation
from kontor.features.programmes.models.programme import Programme, ProgrammeVersion, VersionState

__all__ = [
    "Commitment",
    "Draw",
    "Envelope",
    "EnvelopeKind",
    "Programme",
    "ProgrammeVersion",
    "Reallocation",
    "VersionState",
]
