"""Rules of a pitch day: one function each, in one list. A rule tells in which places an order breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.juries.pitches.model import Broken, Juror, PitchDay, clock

Times = Mapping[str, tuple[int, int]]
"""From and to of each placed pitch."""
Subject = tuple[str, ...]
Place = tuple[Subject, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`places`: whom it binds, with the values of its sentence; `broken`: where times break it."""

    name: str
    template: str
    places: Callable[[PitchDay], Iterator[Place]]
    broken: Callable[[PitchDay, Times], Iterator[Subject]]
    level: str = "hard"

    def named(self, day: PitchDay, subject: Subject) -> Broken:
        return Broken(
            self.name, subject, Reason(f"pitch.{self.name}", self.template, dict(self.places(day))[subject])
        )


def placed_places(day: PitchDay) -> Iterator[Place]:
    slots = len(day.frame.slots())
    for each in day.pitches:
        yield (each.key,), {"pitch": each.key, "slots": slots}


def placed_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    """Placed, in a slot of the day, and in no slot of another."""
    slots = set(day.frame.slots())
    for each in day.pitches:
        doubled = any(times.get(o.key) == times.get(each.key) for o in day.pitches if o.key != each.key)
        if times.get(each.key) not in slots or doubled:
            yield (each.key,)


def travel_places(day: PitchDay) -> Iterator[Place]:
    for each in day.pitches:
        if each.arrives > day.frame.begin or each.leaves < day.frame.end:
            yield (
                (each.key,),
                {"pitch": each.key, "arrives": clock(each.arrives), "leaves": clock(each.leaves)},
            )


def travel_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    for each in day.pitches:
        if each.key in times and not (
            each.arrives <= times[each.key][0] and times[each.key][1] <= each.leaves
        ):
            yield (each.key,)


def promised_places(day: PitchDay) -> Iterator[Place]:
    for each in day.pitches:
        if each.slot is not None:
            yield (each.key,), {"pitch": each.key, "slot": clock(each.slot)}


def promised_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    for each in day.pitches:
        if each.slot is not None and each.key in times and times[each.key][0] != each.slot:
            yield (each.key,)


def hears(juror: Juror, pitch: str, time: tuple[int, int]) -> bool:
    """There and not in conflict."""
    return pitch not in juror.conflicts and juror.arrives <= time[0] and time[1] <= juror.leaves


def quorum_places(day: PitchDay) -> Iterator[Place]:
    for each in day.pitches if day.frame.quorum else ():
        free = sum(each.key not in juror.conflicts for juror in day.jurors)
        yield (each.key,), {"pitch": each.key, "quorum": day.frame.quorum, "free": free}


def quorum_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    for each in day.pitches:
        time = times.get(each.key)
        if time and sum(hears(juror, each.key, time) for juror in day.jurors) < day.frame.quorum:
            yield (each.key,)


def hearing_places(day: PitchDay) -> Iterator[Place]:
    for juror in day.jurors:
        for pitch in juror.must_hear:
            values = {"juror": juror.key, "pitch": pitch}
            yield (
                (juror.key, pitch),
                {**values, "arrives": clock(juror.arrives), "leaves": clock(juror.leaves)},
            )


def hearing_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    for juror in day.jurors:
        for pitch in juror.must_hear:
            if pitch in times and not hears(juror, pitch, times[pitch]):
                yield (juror.key, pitch)


def gap_places(day: PitchDay) -> Iterator[Place]:
    for each in day.gaps:
        yield (each.first, each.second), {"first": each.first, "second": each.second, "minutes": each.minutes}


def gap_broken(day: PitchDay, times: Times) -> Iterator[Subject]:
    for each in day.gaps:
        if each.first in times and each.second in times:
            first, second = sorted((times[each.first], times[each.second]))
            if second[0] - first[1] < each.minutes:
                yield (each.first, each.second)


RULES = (
    Rule(
        "placed",
        gettext_noop("%(pitch)s needs a slot; slots of the day: %(slots)s."),
        placed_places,
        placed_broken,
    ),
    Rule(
        "travel",
        gettext_noop("%(pitch)s is there from %(arrives)s to %(leaves)s."),
        travel_places,
        travel_broken,
    ),
    Rule("promised", gettext_noop("%(pitch)s was promised %(slot)s."), promised_places, promised_broken),
    Rule(
        "quorum",
        gettext_noop("Jurors who have to hear %(pitch)s: at least %(quorum)s; without conflict: %(free)s."),
        quorum_places,
        quorum_broken,
    ),
    Rule(
        "hearing",
        gettext_noop("%(juror)s assesses %(pitch)s and is there from %(arrives)s to %(leaves)s."),
        hearing_places,
        hearing_broken,
    ),
    Rule(
        "gap",
        gettext_noop("Minutes between %(first)s and %(second)s: at least %(minutes)s."),
        gap_places,
        gap_broken,
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}


def broken_rules(day: PitchDay, times: Times) -> list[Broken]:
    """Every place in which these times break a rule."""
    return [rule.named(day, at) for rule in RULES for at in rule.broken(day, times)]


def pairs_too_close(day: PitchDay, first: str, second: str) -> list[tuple[int, int]]:
    """Numbers of slots that two pitches with a gap cannot have together, in either order."""
    slots = day.frame.slots()
    gaps = [each for each in day.gaps if {each.first, each.second} == {first, second}]
    least = max((each.minutes for each in gaps), default=0)
    return [
        (one, two) for one, two in combinations(range(len(slots)), 2) if slots[two][0] - slots[one][1] < least
    ]
