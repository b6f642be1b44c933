"""How decisions look."""

from __future__ import annotations

from kontor.features.decisions.models import DecisionKind

#: Kind of the badge of each decision.
BADGES: dict[str, str] = {
    DecisionKind.APPROVE: "good",
    DecisionKind.CONDITIONS: "good",
    DecisionKind.RESERVE: "info",
    DecisionKind.POSTPONE: "warn",
    DecisionKind.REDIRECT: "neutral",
    DecisionKind.REJECT: "bad",
}
