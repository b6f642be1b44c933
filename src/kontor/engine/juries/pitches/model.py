"""A pitch day: who presents, who listens, and when it can be. Times are minutes after midnight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status

DAY = 24 * 60


def clock(minute: int) -> str:
    """540 is 09:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(text: str, path: str) -> int:
    """09:00 is 540. Raises InvalidInput."""
    hours, colon, rest = text.partition(":")
    if not (colon and hours.isdigit() and rest.isdigit() and int(hours) <= 24 and int(rest) < 60):
        raise InvalidInput(path, f"“{text}” is no time of day.", "Write it as 09:30.")
    return int(hours) * 60 + int(rest)


@dataclass(frozen=True, slots=True)
class Frame:
    """From `begin` to `end` pitches of `pitch`, questions of `questions`, `change` minutes between.

    `breaks` are (from, to). At least `quorum` jurors listen to each pitch.
    """

    begin: int
    end: int
    pitch: int = 10
    questions: int = 10
    change: int = 0
    breaks: tuple[tuple[int, int], ...] = ()
    quorum: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end <= DAY:
            raise InvalidInput(
                "end", "The day ends before it begins.", "Give begin and end as 09:00 and 17:00."
            )
        if self.pitch + self.questions <= 0 or min(self.pitch, self.questions, self.change) < 0:
            raise InvalidInput("pitch", "A slot has no length.", "Give the minutes of pitch and questions.")
        if self.quorum < 0:
            raise InvalidInput("quorum", f"{self.quorum} is negative.", "Use 0 or more.")
        for number, (start, stop) in enumerate(self.breaks):
            if start >= stop:
                raise InvalidInput(f"breaks[{number}]", "It ends before it begins.", "Give from and to.")

    def slots(self) -> tuple[tuple[int, int], ...]:
        """(from, to) of every slot that fits, one after the other, around the breaks."""
        found, now, length = [], self.begin, self.pitch + self.questions
        breaks = sorted(self.breaks)
        while now + length <= self.end:
            hit = next((each for each in breaks if each[0] < now + length and now < each[1]), None)
            if hit:
                now = hit[1]
                continue
            found.append((now, now + length))
            now += length + self.change
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Pitch:
    """A consortium. `arrives`, `leaves`: as travel has it. `slot`: a begin that is promised."""

    key: str
    arrives: int = 0
    leaves: int = DAY
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Juror:
    """`conflicts`: pitches during which the juror is out of the room. `must_hear`: pitches assigned."""

    key: str
    arrives: int = 0
    leaves: int = DAY
    conflicts: tuple[str, ...] = ()
    must_hear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two pitches, in either order, at least so many minutes: the same people are in both."""

    first: str
    second: str
    minutes: int


@dataclass(frozen=True)
class PitchDay:
    """Raises InvalidInput for unknown or repeated keys."""

    frame: Frame
    pitches: tuple[Pitch, ...]
    jurors: tuple[Juror, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        keys = [each.key for each in self.pitches]
        _once(keys, "pitches")
        _once([each.key for each in self.jurors], "jurors")
        for number, juror in enumerate(self.jurors):
            for name in ("conflicts", "must_hear"):
                _known(getattr(juror, name), keys, f"jurors[{number}].{name}")
            both = sorted(set(juror.conflicts) & set(juror.must_hear))
            if both:
                message = f"{juror.key} is in conflict with {both[0]}."
                raise InvalidInput(f"jurors[{number}].must_hear", message, "Take it out of one list.")
        for number, gap in enumerate(self.gaps):
            _known((gap.first, gap.second), keys, f"gaps[{number}]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A pitch in its slot, `present` jurors in the order of the problem, `out` those in conflict."""

    pitch: str
    begin: int
    end: int
    present: tuple[str, ...]
    out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    rule: str
    subject: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Order:
    """`changes`: how often a juror goes out or comes in for a conflict; fewer than `bound` is impossible."""

    status: Status
    placed: tuple[Placed, ...] = ()
    changes: int = 0
    bound: int = 0
    blocked: tuple[Broken, ...] = field(default_factory=tuple)


def _once(keys: list[str], path: str) -> None:
    for number, key in enumerate(keys):
        if not key or key in keys[:number]:
            raise InvalidInput(
                f"{path}[{number}].key", f"“{key}” is empty or stands twice.", "Use each key once."
            )


def _known(names: Iterable[str], keys: list[str], path: str) -> None:
    for name in names:
        if name not in keys:
            raise InvalidInput(path, f"There is no pitch “{name}”.", "Use a key of pitches.")
