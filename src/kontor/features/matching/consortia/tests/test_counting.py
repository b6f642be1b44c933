"""Indicators counted from decided consortia: distinct enterprises, frozen facts, nothing undecided."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.counting import count
from kontor.features.matching.models import Consortium
from kontor.features.organisations.models import Organisation

pytestmark = pytest.mark.django_db
MONEY = {"cost": Decimal("100000.00"), "grant": Decimal("60000.00")}


@pytest.fixture
def approved(place: SimpleNamespace, begin: Callable[..., Consortium]) -> Callable[..., Consortium]:
    """`approved()`: the lead and the pump maker, both with a grant; `institute=True`: and an institute."""
    by = Actor.of_user(place.composer)

    def make(*, institute: bool = False, decide: bool = True) -> Consortium:
        consortium = begin(months=24)
        variant = consortium.variants.get()
        own = variant.seats.get()
        actions.change_seat(seat=own, values={**MONEY, "role": "partner"}, revision=None, actor=by)
        members = [(place.pump, {**MONEY, "role": "lead"})]
        members += [(place.institute, {"cost": Decimal("50000.00"), "grant": Decimal("0.00")})] * institute
        for member, values in members:
            seat = actions.add_seat(variant=variant, organisation=member, values=values, actor=by)
            type(seat).objects.filter(pk=seat.pk).update(state="accepted")
        actions.choose_variant(variant=variant, actor=by)
        handed = actions.submit_consortium(consortium=consortium, actor=by)
        if not decide:
            return handed
        return actions.decide_consortium(consortium=handed, approve=True, reason="Good", actor=by)

    return make


def test_an_enterprise_with_two_grants_counts_once(
    place: SimpleNamespace, approved: Callable[..., Consortium]
) -> None:
    approved()
    approved(institute=True)
    approved(decide=False)
    assert count(place.programme) == {
        "enterprises": Decimal(2),
        "enterprises-granted": Decimal(2),
        "enterprises-advised": Decimal(0),
        "enterprises-across": Decimal(2),
        "enterprises-with-research": Decimal(2),
        "institutes-across": Decimal(1),
        "private-money": Decimal("160000.00"),
    }


def test_a_decided_case_counts_the_same_whatever_the_directory_says(
    place: SimpleNamespace, approved: Callable[..., Consortium]
) -> None:
    consortium = approved()
    before = count(place.programme)
    Organisation.objects.filter(pk=place.pump.pk).update(kind="public", country="NL", size="large")
    assert count(place.programme) == before
    actions.close_consortium(consortium=consortium, actor=Actor.of_user(place.composer))
    assert count(place.programme) == before
    Organisation.objects.filter(pk=place.pump.pk).update(merged_into=place.lead)
    assert count(place.programme)["enterprises"] == Decimal(1), "merged into the other: one enterprise"


def test_nothing_counts_before_it_is_decided(
    place: SimpleNamespace, approved: Callable[..., Consortium]
) -> None:
    approved(decide=False)
    assert set(count(place.programme).values()) == {Decimal(0)}
