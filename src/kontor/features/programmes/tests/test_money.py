"""Envelopes are never exceeded, moves are decisions, and nothing is lost to a cent."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.own_site import OwnSite

from kontor import programmes as files
from kontor.base.errors import KontorError
from kontor.base.models import AuditEvent
from kontor.features.programmes.actions import (
    add_programme,
    commit_money,
    publish_draft,
    reallocate,
    release_commitment,
    save_draft,
)
from kontor.features.programmes.models import Commitment, Envelope, Programme
from kontor.features.programmes.tests.conftest import ACTOR, file_of

THEME = "theme:energy"


def _left(programme: Programme, key: str = THEME) -> Decimal:
    return programme.envelopes.get(key=key).remaining


def test_the_file_gives_the_envelopes(programme: Programme) -> None:
    rows = {row.key: (row.planned, row.remaining) for row in programme.envelopes.all()}
    assert rows == {
        "budget": (Decimal("100000.00"), Decimal("100000.00")),
        THEME: (Decimal("60000.00"), Decimal("60000.00")),
    }


def test_closed_and_open_part_of_an_umbrella_to_the_cent(db: None) -> None:
    """ROCKET: 40 and 60 percent of 9,994,868.76."""
    programme = add_programme(text=files.shipped_texts()["rocket"], actor=ACTOR)
    publish_draft(programme=programme, actor=ACTOR)
    parts = {row.key: row.amount for row in programme.envelopes.filter(key__startswith="part:")}
    assert sorted(parts.values()) == [Decimal("3997947.50"), Decimal("5996921.26")]
    assert sum(parts.values()) == programme.envelopes.get(key="budget").amount == Decimal("9994868.76")


def test_a_commitment_draws_on_all_its_envelopes_or_on_none(programme: Programme) -> None:
    commit_money(
        programme=programme,
        draws={THEME: Decimal("60000.00"), "budget": Decimal("60000.00")},
        reference="A",
        actor=ACTOR,
    )
    with pytest.raises(KontorError) as refused:
        commit_money(
            programme=programme,
            draws={"budget": Decimal("0.01"), THEME: Decimal("0.01")},
            reference="B",
            actor=ACTOR,
        )
    assert (refused.value.code, refused.value.path) == ("envelope-exceeded", f"draws.{THEME}")
    assert _left(programme, "budget") == Decimal("40000.00")
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "1e12"])
def test_amounts_that_are_none(programme: Programme, amount: str) -> None:
    with pytest.raises(KontorError, match="no amount of money"):
        commit_money(programme=programme, draws={THEME: Decimal(amount)}, reference="A", actor=ACTOR)


def test_an_unknown_envelope_and_a_missing_case_are_named(programme: Programme) -> None:
    with pytest.raises(KontorError, match="no envelope “theme:coal”"):
        commit_money(programme=programme, draws={"theme:coal": Decimal(1)}, reference="A", actor=ACTOR)
    with pytest.raises(KontorError, match="needs a case"):
        commit_money(programme=programme, draws={THEME: Decimal(1)}, reference=" ", actor=ACTOR)


def test_released_money_comes_back_once(programme: Programme) -> None:
    made = commit_money(programme=programme, draws={THEME: Decimal("59999.99")}, reference="A", actor=ACTOR)
    assert _left(programme) == Decimal("0.01")
    release_commitment(commitment=made, reason="withdrawn", actor=ACTOR)
    assert _left(programme) == Decimal("60000.00")
    with pytest.raises(KontorError, match="released before"):
        release_commitment(commitment=made, reason="again", actor=ACTOR)


def test_moving_money_is_a_logged_decision(programme: Programme) -> None:
    with pytest.raises(KontorError, match="reason is missing"):
        reallocate(
            programme=programme, source="budget", target=THEME, amount=Decimal(1), reason="", actor=ACTOR
        )
    reallocate(
        programme=programme,
        source="budget",
        target=THEME,
        amount=Decimal("40000.00"),
        reason="committee of 3 March",
        actor=ACTOR,
    )
    assert (_left(programme, "budget"), _left(programme)) == (Decimal("60000.00"), Decimal("100000.00"))
    row = AuditEvent.objects.get(verb="reallocate")
    assert row.reason == "committee of 3 March"
    assert row.changes[f"amount of {THEME}"] == ["60000.00", "100000.00"]


def test_only_uncommitted_money_is_moved(programme: Programme) -> None:
    commit_money(programme=programme, draws={THEME: Decimal("50000.00")}, reference="A", actor=ACTOR)
    with pytest.raises(KontorError, match=r"has 10000\.00 EUR left"):
        reallocate(
            programme=programme,
            source=THEME,
            target="budget",
            amount=Decimal("10000.01"),
            reason="x",
            actor=ACTOR,
        )


def test_a_new_version_keeps_moves_and_cannot_fall_below_commitments(programme: Programme) -> None:
    reallocate(
        programme=programme, source="budget", target=THEME, amount=Decimal(5000), reason="x", actor=ACTOR
    )
    commit_money(programme=programme, draws={THEME: Decimal("65000.00")}, reference="A", actor=ACTOR)
    save_draft(
        programme=programme,
        text=file_of(version="2").replace("60000.00", "59999.99"),
        revision=None,
        actor=ACTOR,
    )
    with pytest.raises(KontorError, match="are asked for"):
        publish_draft(programme=programme, actor=ACTOR)
    assert programme.current.number == 1  # type: ignore[union-attr]  # published by the fixture
    assert programme.envelopes.get(key=THEME).amount == Decimal("65000.00")


def test_the_database_refuses_what_code_might_forget(programme: Programme) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.filter(programme=programme, key=THEME).update(committed=Decimal("60000.01"))


_RACE = """
from kontor.base.command import site
site()
import sys, time
from decimal import Decimal
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.programmes.actions import commit_money
from kontor.features.programmes.models import Programme
programme = Programme.objects.get(key={key!r})
time.sleep(max(0, {begin} - time.time()))
try:
    commit_money(programme=programme, draws={{"theme:energy": Decimal("40000.00")}}, reference="A",
                 actor=Actor.system("race"))
except KontorError as refused:
    sys.exit(0 if refused.code == "envelope-exceeded" else 9)
sys.exit(7)
"""


@pytest.mark.slow
def test_two_who_commit_the_last_money_at_once(own_site: OwnSite) -> None:
    own_site.python(
        "from kontor.base.command import site; site()\n"
        "from kontor.base.actor import Actor\n"
        "from kontor.features.programmes.actions import add_programme, publish_draft\n"
        f"made = add_programme(text={file_of(key='last-money')!r}, actor=Actor.system('race'))\n"
        "publish_draft(programme=made, actor=Actor.system('race'))"
    )
    begin = time.time() + 4
    racers = [own_site.start(_RACE.format(begin=begin, key="last-money")) for _ in range(2)]
    assert sorted(racer.wait(timeout=60) for racer in racers) == [0, 7]
