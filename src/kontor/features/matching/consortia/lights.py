"""The rules' answers as lights: for the whole team, and for each seat."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kontor import programmes
from kontor.features.matching.consortia.problem.facts import Ground
from kontor.features.matching.consortia.wording import language
from kontor.programmes.rules import Answer, Finding, State, worst

KINDS = {State.YES: "good", State.CLARIFY: "warn", State.NO: "bad"}


@dataclass(frozen=True)
class Light:
    """One rule: `state` yes, clarify or no; `text` the rule, `reason` why, `changes` what would change it.

    `sources` says where the rule stands; a `preference` is told but refuses nobody.
    """

    key: str
    state: str
    text: str
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    preference: bool
    source: str

    @property
    def kind(self) -> str:
        """Kind of badge."""
        if self.preference and self.state == State.NO:
            return "info"
        return KINDS[State(self.state)]


@dataclass(frozen=True)
class Lights:
    """`state` is the worst of all, without preferences; `by_seat` holds what is said of single partners."""

    state: str
    rules: tuple[Light, ...]
    by_seat: dict[str, tuple[Light, ...]]

    @property
    def kind(self) -> str:
        return KINDS[State(self.state)]

    @property
    def broken(self) -> tuple[Light, ...]:
        return tuple(light for light in self.rules if light.state == State.NO and not light.preference)

    def seat_state(self, key: str) -> str:
        """The worst that is said of one partner; empty where no rule asks about single partners."""
        found = [State(light.state) for light in self.by_seat.get(key, ()) if not light.preference]
        return worst(found).value if found else ""


def lights_of(ground: Ground, team: programmes.Team) -> Lights | None:
    """None where no instrument is chosen."""
    if ground.programme is None or ground.instrument is None:
        return None
    assessment = programmes.assess(ground.programme, ground.instrument, team)
    by_seat: dict[str, list[Light]] = defaultdict(list)
    for answer in assessment.answers:
        for finding in answer.findings:
            if finding.partner:
                by_seat[finding.partner].append(_light(answer, (finding,)))
    return Lights(
        assessment.state.value,
        tuple(_light(answer, answer.findings) for answer in assessment.answers),
        {key: tuple(lights) for key, lights in by_seat.items()},
    )


def _light(answer: Answer, findings: tuple[Finding, ...]) -> Light:
    state = worst(finding.state for finding in findings)
    telling = [finding for finding in findings if finding.state == state]
    spoken = language()
    return Light(
        key=answer.use.key,
        state=state.value,
        text=answer.wording(spoken),
        reasons=_once(finding.reason.text(spoken) for finding in telling),
        changes=_once(c.sentence.text(spoken) for f in telling for c in f.changes if state != State.YES),
        preference=answer.use.preference,
        source=answer.use.source,
    )


def _once(texts: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))  # type: ignore[call-overload] # an iterable of texts
