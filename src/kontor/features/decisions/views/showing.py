"""How decisions look."""

from __future__ import annotations

from typing import Any

from kontor.features.decisions.models import DecisionKind, Round
from kontor.features.decisions.templatetags.decision_words import reader_language

#: Kind of the badge of each decision.
BADGES: dict[str, str] = {
    DecisionKind.APPROVE: "good",
    DecisionKind.CONDITIONS: "good",
    DecisionKind.RESERVE: "info",
    DecisionKind.POSTPONE: "warn",
    DecisionKind.REDIRECT: "neutral",
    DecisionKind.REJECT: "bad",
}


def verdicts_of(round: Round) -> dict[str, str]:
    """The words of the jury's verdicts in the reader's language by key; empty where it gives points."""
    assessment: Any = round.call.instrument_of_programme.assessment
    if assessment is None:
        return {}
    return {each.key: each.name.best(reader_language()) for each in assessment.verdicts}
