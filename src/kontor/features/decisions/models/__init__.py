"""Rounds of decisions on a call, what was computed for them, what was decided and what applicants were
told.
"""

from kontor.features.decisions.models.decisions import (
    GRANTING,
    Decision,
    DecisionDraw,
    DecisionKind,
    Ending,
    Publication,
)
from kontor.features.decisions.models.letters import Letter
from kontor.features.decisions.models.rounds import HandScore, PotKind, PurseKind, Round, RoundEnvelope
from kontor.features.decisions.models.scenarios import Scenario

__all__ = [
    "GRANTING",
    "Decision",
    "DecisionDraw",
    "DecisionKind",
    "Ending",
    "HandScore",
    "Letter",
    "PotKind",
    "Publication",
    "PurseKind",
    "Round",
    "RoundEnvelope",
    "Scenario",
]
