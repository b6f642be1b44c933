"""Who accompanies a case, and when a clock warns: pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kontor.features.calls.casework.choosing import Candidate, Choice, Wanted, choose
from kontor.features.calls.casework.clocks import Clock, Level, clocks_of, nearest
from kontor.programmes import Texts
from kontor.programmes.schema import Phase

WANTED = Wanted(region="DEA1B", themes=("energy",), language="nl")
DAY = dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("candidates", "best", "why"),
    [
        ([Candidate(1), Candidate(2, regions=("DEA1",))], 2, ("region", "load")),
        ([Candidate(1, regions=("DE",)), Candidate(2, regions=("DEA1",))], 2, ("region", "load")),
        ([Candidate(1, regions=("NL22",), languages=("nl",)), Candidate(2)], 2, ("load",)),
        ([Candidate(1, languages=("de",)), Candidate(2, languages=("nl",))], 2, ("language", "load")),
        ([Candidate(1, themes=("energy",)), Candidate(2, languages=("nl",))], 2, ("language", "load")),
        ([Candidate(1, themes=("health",)), Candidate(2, themes=("energy",))], 2, ("theme", "load")),
        ([Candidate(1, load=3), Candidate(2, load=2)], 2, ("load",)),
        ([Candidate(1, load=3, capacity=10), Candidate(2, load=2, capacity=4)], 1, ("load",)),
        ([Candidate(1, regions=("DEA1",), away=True), Candidate(2)], 2, ("load",)),
        ([Candidate(1, regions=("DEA1",), load=4, capacity=4), Candidate(2, load=9)], 2, ("load",)),
        ([Candidate(1), Candidate(2)], 1, ("load",)),
        ([Candidate(1)], 1, ()),
    ],
)
def test_region_then_language_then_theme_then_load(
    candidates: list[Candidate], best: int, why: tuple[str, ...]
) -> None:
    assert choose(WANTED, candidates) == Choice(best, why)


def test_somebody_takes_it_even_if_all_are_full_and_nobody_where_there_is_nobody() -> None:
    full = [Candidate(1, load=5, capacity=5), Candidate(2, load=9, capacity=5)]
    assert choose(WANTED, full) == Choice(1, ("load",), overloaded=True)
    assert choose(WANTED, []) is None


def test_the_order_of_the_list_changes_nothing_but_ties() -> None:
    people = [Candidate(n, regions=(code,), load=n) for n, code in enumerate(("DE", "DEA1B", "DEA1", "NL"))]
    assert {choose(WANTED, order).key for order in (people, people[::-1])} == {1}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("left", "level"),
    [(120, Level.RUNNING), (31, Level.RUNNING), (30, Level.SOON), (15, Level.VERY_SOON), (0, Level.VERY_SOON),
     (-1, Level.LATE)],
)  # fmt: skip
def test_a_clock_warns_at_three_quarters_at_seven_eighths_and_when_it_is_late(
    left: int, level: Level
) -> None:
    clock = Clock("decision", Texts(), DAY, DAY + dt.timedelta(days=120), 120, ended=False)
    assert clock.level(clock.due_on - dt.timedelta(days=left)) == level


def test_days_count_from_the_day_of_the_submission_where_the_call_is() -> None:
    phases = [Phase("jury", Texts(), days=30), Phase("decision", Texts(), days=120), Phase("launch", Texts())]
    just_before_midnight = dt.datetime(2027, 3, 1, 23, 30, tzinfo=dt.UTC)
    berlin = list(clocks_of(phases, just_before_midnight, "submitted", ZoneInfo("Europe/Berlin")))
    lisbon = list(clocks_of(phases, just_before_midnight, "submitted", ZoneInfo("Europe/Lisbon")))
    assert [one.due_on for one in berlin] == [dt.date(2027, 4, 1), dt.date(2027, 6, 30)]
    assert [one.due_on for one in lisbon] == [dt.date(2027, 3, 31), dt.date(2027, 6, 29)]
    assert nearest(berlin) == berlin[0]
    ranked = list(clocks_of(phases, just_before_midnight, "ranked", ZoneInfo("Europe/Berlin")))
    assert [one.level(dt.date(2027, 9, 1)) for one in ranked] == [Level.MET, Level.LATE]
    assert list(clocks_of(phases, None, "submitted", ZoneInfo("UTC"))) == []
    assert list(clocks_of(phases, just_before_midnight, "withdrawn", ZoneInfo("UTC"))) == []
