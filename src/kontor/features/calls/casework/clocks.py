"""Clocks of an application: until when each phase with a limit must be done, and when to warn.

Pure. A phase's days are counted from the day of the submission in the call's time zone; its last day belongs
to it. The first warning comes when three quarters of the time are gone, the second at seven eighths.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from kontor.programmes import Texts
from kontor.programmes.schema import Phase


class Level(StrEnum):
    """From calm to late; `met` when the phase ended."""

    MET = "met"
    RUNNING = "running"
    SOON = "soon"
    VERY_SOON = "very-soon"
    LATE = "late"


#: Levels that somebody is told of.
WARNED = (Level.SOON, Level.VERY_SOON, Level.LATE)

#: The states that end a phase, by the phase's key; a phase that is not named here ends with the decision.
ENDS = {
    "eligibility": ("eligible", "ineligible", "assessed", "pitched", "ranked", "decided"),
    "jury": ("pitched", "ranked", "decided"),
    "ranking": ("ranked", "decided"),
}
_DECIDED = ("decided",)


@dataclass(frozen=True, slots=True)
class Clock:
    """`due_on` is the last day in time; `days` is how many the phase may take."""

    phase: str
    name: Texts
    began_on: dt.date
    due_on: dt.date
    days: int
    ended: bool

    def left(self, today: dt.date) -> int:
        """Days left, 0 on the last one, negative afterwards."""
        return (self.due_on - today).days

    def level(self, today: dt.date) -> Level:
        if self.ended:
            return Level.MET
        left = self.left(today)
        if left < 0:
            return Level.LATE
        gone = 1 - left / self.days
        if gone >= 7 / 8:
            return Level.VERY_SOON
        return Level.SOON if gone >= 3 / 4 else Level.RUNNING


def clocks_of(
    phases: Iterable[Phase], submitted_at: dt.datetime | None, state: str, zone: ZoneInfo
) -> Iterator[Clock]:
    """One clock for each phase with a limit; none before the submission or after a withdrawal."""
    if submitted_at is None or state in {"draft", "withdrawn"}:
        return
    began = submitted_at.astimezone(zone).date()
    for phase in phases:
        if phase.days:
            ended = state in ENDS.get(phase.key, _DECIDED)
            due = began + dt.timedelta(days=phase.days)
            yield Clock(phase.key, phase.name, began, due, phase.days, ended)


def nearest(clocks: Iterable[Clock]) -> Clock | None:
    """The running clock that is due first."""
    return min((one for one in clocks if not one.ended), key=lambda one: one.due_on, default=None)
