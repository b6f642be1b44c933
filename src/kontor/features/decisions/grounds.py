"""What an adopted scenario proposes for each proposal, with the reason as data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from kontor.features.calls.models import Call
from kontor.features.decisions.models import DecisionKind, Round, Scenario
from kontor.features.decisions.wording import Names, said

GRANTED = gettext_noop("Place %(place)s of %(count)s with %(score)s points: the money reaches this far.")
#: Reasons for which a proposal is no candidate and cannot become one: it is rejected.
FINAL = frozenset({"decision.ineligible", "decision.below", "decision.knocked"})


@dataclass(frozen=True)
class Proposed:
    """What the scenario says of one proposal (`key`); `kind` is empty where it proposes nothing yet."""

    key: str
    kind: str
    reason: str
    grounds: dict[str, Any]
    percent: int = 100
    place: int | None = None

    @property
    def word(self) -> str:
        """What it proposes, in the reader's language."""
        return str(DecisionKind(self.kind).label) if self.kind else ""


def names_of(round: Round) -> Names:
    """Two queries."""
    call: Call = round.call
    numbers = dict(call.applications.values_list("key", "number"))
    return Names(round, numbers, dict(round.envelopes.values_list("key", "names")))


def proposed_by(
    round: Round, scenario: Scenario, language: str = "", names: Names | None = None
) -> Iterator[Proposed]:
    """For every proposal of the scenario, in the order of its ranking, those that are out last."""
    names = names or names_of(round)
    for key, kind, grounds, percent, place in _told(scenario.result):
        yield Proposed(key, kind, said(grounds, names, language), dict(grounds), percent, place)


def _told(result: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], int, int | None]]:
    ranking = list(result["ranking"])
    granted = {one["application"]: one for one in result["granted"]}
    unfunded = {one["application"]: one for one in result["unfunded"]}
    for place, key in enumerate(ranking, 1):
        if key in granted:
            params = {"place": str(place), "count": str(len(ranking)), "score": result["scores"][key]}
            grounds = {"code": "decision.granted", "template": GRANTED, "params": params}
            yield key, DecisionKind.APPROVE, grounds, granted[key]["percent"], None
        elif key in unfunded:
            one = unfunded[key]
            kind = DecisionKind.REJECT if one["reserve"] is None else DecisionKind.RESERVE
            yield key, kind, one["reason"], 100, one["reserve"]
    for one in result["out"]:
        final = one["reason"]["code"] in FINAL
        yield one["application"], DecisionKind.REJECT if final else "", one["reason"], 100, None
