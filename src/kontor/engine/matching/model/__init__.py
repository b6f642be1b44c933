"""What the matchmaker is asked and what it answers: frozen dataclasses, validated at construction.

Bad input raises `kontor.engine.core.errors.InvalidInput(path, message, remedy)`. Codes of fields with a
fixed list of values are plain strings (`"need"`), turned into the enumeration's member at construction.
"""

from kontor.engine.matching.model.answer import Exclusion, FoundBy, Match, Part, Relaxation, Result
from kontor.engine.matching.model.organisation import (
    AUDIENCES_ALL,
    SME_SIZES,
    Audience,
    Code,
    OrganisationKind,
    Profile,
    Size,
    Statement,
    StatementKind,
)
from kontor.engine.matching.model.question import Competence, Conditions, Params, Query, QueryKind, Weights

__all__ = [
    "AUDIENCES_ALL",
    "SME_SIZES",
    "Audience",
    "Code",
    "Competence",
    "Conditions",
    "Exclusion",
    "FoundBy",
    "Match",
    "OrganisationKind",
    "Params",
    "Part",
    "Profile",
    "Query",
    "QueryKind",
    "Relaxation",
    "Result",
    "Size",
    "Statement",
    "StatementKind",
    "Weights",
]
