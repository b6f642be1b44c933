"""Rows of programmes; what a programme is stands in its file, which a version keeps whole."""

from kontor.features.programmes.models.money import Commitment, Draw, Envelope, EnvelopeKind, Reallocation
from kontor.features.programmes.models.products import (
    CompetenceLevel,
    MemberCompetence,
    ProductStage,
    ProductStep,
)
from kontor.features.programmes.models.programme import Programme, ProgrammeVersion, VersionState
from kontor.features.programmes.models.results import IndicatorReading

__all__ = [
    "Commitment",
    "CompetenceLevel",
    "Draw",
    "Envelope",
    "EnvelopeKind",
    "IndicatorReading",
    "MemberCompetence",
    "ProductStage",
    "ProductStep",
    "Programme",
    "ProgrammeVersion",
    "Reallocation",
    "VersionState",
]
