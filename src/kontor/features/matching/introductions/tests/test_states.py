"""The table of states: every step it has is possible, every other is refused."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from kontor.base.errors import Conflict
from kontor.features.matching.introductions.progress import (
    due_month,
    months_later,
    move,
    state_of_replies,
    state_of_worth,
    worth_of,
)
from kontor.features.matching.models import Introduction, Outcome
from kontor.features.matching.models.states import TRANSITIONS, Reply, State
from kontor.features.matching.words import VERBS

STEPS = [(a, b) for a, b in itertools.product(State, State) if a != b]


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_steps_of_the_table_and_no_others(before: State, after: State) -> None:
    introduction = Introduction(state=before)
    if after in TRANSITIONS[before]:
        assert move(introduction, after) == {"state": [before, after]}
        assert introduction.state == after
    else:
        with pytest.raises(Conflict):
            move(introduction, after)
        assert introduction.state == before


def test_the_log_has_words_for_every_answer() -> None:
    """The verb is put together from the answer, where the test of all verbs cannot see it."""
    assert {f"introduction.answered_{reply}" for reply in Reply if reply} <= set(VERBS)


def test_the_table_names_every_state() -> None:
    assert set(TRANSITIONS) == set(State)
    assert TRANSITIONS[State.EXPIRED] == TRANSITIONS[State.WITHDRAWN] == frozenset()


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        (("", ""), "proposed"),
        (("yes", ""), "waiting"),
        (("", "later"), "waiting"),
        (("later", "later"), "waiting"),
        (("yes", "later"), "waiting"),
        (("yes", "yes"), "agreed"),
        (("yes", "no"), "declined"),
        (("no", ""), "declined"),
    ],
)
def test_what_two_answers_amount_to(replies: tuple[str, str], state: str) -> None:
    assert state_of_replies(replies) == state


@pytest.mark.parametrize(
    ("today", "month"),
    [
        ("2027-02-27", 0),
        ("2027-02-28", 3),
        ("2027-05-29", 3),
        ("2027-05-30", 6),
        ("2027-11-30", 12),
        ("2030-01-01", 12),
    ],
)
def test_months_that_have_come(today: str, month: int) -> None:
    assert due_month(dt.date(2026, 11, 30), dt.date.fromisoformat(today)) == month


def test_months_go_back_too() -> None:
    assert months_later(dt.date(2027, 1, 31), -3) == dt.date(2026, 10, 31)
    assert months_later(dt.date(2027, 3, 31), -1) == dt.date(2027, 2, 28)


def outcome(pk: int, of: int, month: int, kind: str, amount: str | None = None) -> Outcome:
    return Outcome(
        pk=pk, organisation_id=of, month=month, kind=kind, amount=Decimal(amount) if amount else None
    )


def test_an_introduction_counts_once_with_the_lower_amount() -> None:
    worth = worth_of([outcome(1, 1, 3, "pilot", "12.30"), outcome(2, 2, 3, "contract", "12.10")])
    assert (worth.kind, worth.amount, worth.differs) == ("contract", Decimal("12.10"), True)
    assert state_of_worth(worth) == State.RESULT


def test_a_correction_of_an_early_month_does_not_undo_a_later_report() -> None:
    rows = [outcome(1, 1, 3, "talk"), outcome(2, 1, 6, "contract", "5.00"), outcome(3, 1, 3, "nothing")]
    assert worth_of(rows).kind == "contract"


def test_nothing_reported_is_no_result() -> None:
    assert worth_of([]).kind == ""
    assert state_of_worth(worth_of([])) == State.AGREED
    assert state_of_worth(worth_of([outcome(1, 1, 3, "talk")])) == State.TALKS
    assert state_of_worth(worth_of([outcome(1, 1, 3, "nothing")])) == State.RESULT
