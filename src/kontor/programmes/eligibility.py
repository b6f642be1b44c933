"""Whether a team may apply for an instrument, from whatever is known of it so far."""

from __future__ import annotations

from dataclasses import dataclass

from kontor.engine.core.errors import InvalidInput
from kontor.programmes.rules import REGISTRY, Answer, Change, State, Team, worst
from kontor.programmes.schema import Instrument, Programme


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers of all rules of one instrument, in the order of the file."""

    programme: Programme
    instrument: Instrument
    answers: tuple[Answer, ...]

    @property
    def state(self) -> State:
        """The worst answer; preferences are told but never count."""
        return worst(answer.state for answer in self.answers if not answer.use.preference)

    @property
    def broken(self) -> tuple[str, ...]:
        """Keys of the rules that say no."""
        return tuple(answer.use.key for answer in self.answers if answer.state == State.NO)

    def changes(self) -> tuple[Change, ...]:
        """What would help, each once, of the rules that say no."""
        found = [
            change
            for answer in self.answers
            for finding in answer.findings
            if finding.state == State.NO
            for change in finding.changes
        ]
        return tuple(change for at, change in enumerate(found) if change not in found[:at])


def assess(programme: Programme, instrument: Instrument, team: Team) -> Assessment:
    """Every rule of the instrument asked about the team. InvalidInput where it names themes of no such
    programme.
    """
    known = [theme.key for theme in programme.themes]
    for theme in team.themes or ():
        if theme not in known:
            raise InvalidInput(
                "themes", f"{theme!r} is no theme of the programme.", f"Known: {', '.join(known)}."
            )
    answers = tuple(REGISTRY[use.rule].ask(team, programme, use) for use in instrument.rules)
    return Assessment(programme, instrument, answers)
