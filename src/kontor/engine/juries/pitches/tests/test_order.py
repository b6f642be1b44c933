"""A pitch day: rules, the fewest comings and goings, and what blocks."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.result import Status
from kontor.engine.juries.pitches.model import Frame, Gap, Juror, Order, Pitch, PitchDay, clock
from kontor.engine.juries.pitches.rules import RULES, broken_rules
from kontor.engine.juries.pitches.solve import order

FRAME = Frame(540, 540 + 4 * 20, quorum=1)


def rocket() -> PitchDay:
    """Twelve consortia in one day of 10 + 10 minutes, six jurors, a lunch, trains and conflicts."""
    pitches = [Pitch(f"c{n}") for n in range(12)]
    pitches[3] = Pitch("c3", arrives=11 * 60)
    pitches[7] = Pitch("c7", leaves=10 * 60)
    jurors = [Juror(f"j{n}") for n in range(6)]
    jurors[0] = Juror("j0", conflicts=("c1", "c5"))
    jurors[1] = Juror("j1", arrives=9 * 60 + 40, must_hear=("c2", "c7"))
    jurors[2] = Juror("j2", conflicts=("c5", "c9"), leaves=12 * 60)
    frame = Frame(9 * 60, 14 * 60 + 20, breaks=((10 * 60 + 20, 10 * 60 + 40), (12 * 60, 13 * 60)), quorum=4)
    return PitchDay(frame, tuple(pitches), tuple(jurors), (Gap("c0", "c1", 60),))


def times(found: Order) -> dict[str, tuple[int, int]]:
    return {each.pitch: (each.begin, each.end) for each in found.placed}


def test_twelve_consortia_in_one_day() -> None:
    day = rocket()
    assert [clock(begin) for begin, _ in day.frame.slots()] == [
        *("09:00", "09:20", "09:40", "10:00", "10:40", "11:00"),
        *("11:20", "11:40", "13:00", "13:20", "13:40", "14:00"),
    ]
    found = order(day)
    assert found.status == Status.OPTIMAL
    assert broken_rules(day, times(found)) == []
    assert times(found)["c7"] == (580, 600)
    assert found.changes == found.bound == 4
    assert {each.pitch: each.out for each in found.placed}["c5"] == ("j0", "j2")
    assert order(day) == found


@st.composite
def days(draw: st.DrawFn) -> PitchDay:
    slots = draw(st.integers(2, 4))
    frame = Frame(540, 540 + slots * 20, quorum=draw(st.integers(0, 2)))
    minute = st.sampled_from([0, 560, 580])
    end = st.sampled_from([1440, 600, 580])
    keys = [f"p{n}" for n in range(draw(st.integers(1, 4)))]
    pitches = [
        Pitch(k, draw(minute), draw(end), draw(st.sampled_from([None, None, None, 560]))) for k in keys
    ]
    some = st.lists(st.sampled_from(keys), unique=True, max_size=2)
    jurors = []
    for number in range(draw(st.integers(0, 3))):
        out = draw(some)
        hear = [key for key in draw(some) if key not in out]
        jurors.append(Juror(f"j{number}", draw(minute), draw(end), tuple(out), tuple(hear)))
    gaps = draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=2))
    chosen = {tuple(sorted(pair)): Gap(*sorted(pair), 20) for pair in gaps if pair[0] != pair[1]}
    return PitchDay(frame, tuple(pitches), tuple(jurors), tuple(chosen.values()))


def moves(day: PitchDay, placed: dict[str, tuple[int, int]]) -> int:
    at = {time: key for key, time in placed.items()}
    total = 0
    for juror in day.jurors:
        out = [at.get(slot) in juror.conflicts for slot in day.frame.slots()]
        total += sum(a != b for a, b in zip([False, *out], [*out, False], strict=True))
    return total


@settings(max_examples=60, deadline=None)
@given(days())
def test_equals_the_best_of_all_orders(day: PitchDay) -> None:
    slots = day.frame.slots()
    keys = [each.key for each in day.pitches]
    all_orders = (dict(zip(keys, chosen, strict=True)) for chosen in permutations(slots, len(keys)))
    known = [moves(day, each) for each in all_orders if not broken_rules(day, each)]
    found = order(day)
    if known:
        assert found.status == Status.OPTIMAL
        assert broken_rules(day, times(found)) == []
        assert moves(day, times(found)) == found.changes == found.bound == min(known)
    else:
        assert found.status == Status.INFEASIBLE
        assert found.blocked


def test_rules_are_silent_when_kept_and_speak_when_broken() -> None:
    day = PitchDay(
        FRAME,
        (Pitch("a", arrives=560), Pitch("b", slot=540), Pitch("c")),
        (Juror("x", leaves=600, must_hear=("a",), conflicts=("c",)), Juror("y")),
        (Gap("a", "c", 20),),
    )
    kept = {"a": (560, 580), "b": (540, 560), "c": (600, 620)}
    assert broken_rules(day, kept) == []
    cases = {
        "placed": {**kept, "c": (560, 580)},
        "travel": {**kept, "a": (540, 560), "b": (560, 580)},
        "promised": {**kept, "b": (580, 600)},
        "hearing": {**kept, "a": (600, 620), "c": (560, 580)},
        "gap": {**kept, "c": (580, 600)},
    }
    for rule, broken in cases.items():
        assert rule in {each.rule for each in broken_rules(day, broken)}, rule
    alone = replace(day, jurors=(day.jurors[0],))
    assert "quorum" in {each.rule for each in broken_rules(alone, kept)}
    assert {rule.name for rule in RULES} == {*cases, "quorum"}


def test_what_blocks_is_named() -> None:
    late = (Pitch("a", arrives=600), Pitch("b", arrives=600), Pitch("c"))
    found = order(PitchDay(FRAME, late, (Juror("x"),)))
    assert found.status == Status.INFEASIBLE
    assert sorted((each.rule, each.subject) for each in found.blocked) == [
        ("placed", ("a",)),
        ("placed", ("b",)),
        ("travel", ("a",)),
        ("travel", ("b",)),
    ]
    assert "a is there from 10:00 to 24:00." in [each.reason.text() for each in found.blocked]


def test_five_pitches_do_not_fit_into_four_slots() -> None:
    found = order(PitchDay(FRAME, tuple(Pitch(f"p{n}") for n in range(5)), (Juror("x"),)))
    assert [each.rule for each in found.blocked] == ["placed"] * 5
