"""The synchronised call of S3-4AlpClusters: three ways to hold the money, kept to the cent in the
programme.
"""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.errors import KontorError
from kontor.base.tests.pages import text_of
from kontor.engine.portfolio.model import Pot, Rule
from kontor.features.decisions import actions
from kontor.features.decisions.book import read_book
from kontor.features.decisions.models import Decision, DecisionDraw
from kontor.features.decisions.papers import protocol
from kontor.features.decisions.queries import board_of, demand_on
from kontor.features.decisions.sides import side_by_side
from kontor.features.decisions.tests.conftest import K, adopted, computed, funded

pytestmark = pytest.mark.django_db


def _left(place: SimpleNamespace) -> dict[str, Decimal]:
    rows = place.round.envelopes.select_related("envelope")
    return {row.key: row.left / K for row in rows}


def _committed(place: SimpleNamespace) -> dict[str, Decimal]:
    keys = [f"call-{name}" for name in ("baden-wuerttemberg", "upper-austria", "slovenia", "franche-comte")]
    rows = place.call.programme.envelopes.filter(key__in=keys)
    return {row.key: row.committed / K for row in rows}


def test_regions_pay_and_nothing_is_set_aside_beside_them(alps: SimpleNamespace) -> None:
    with pytest.raises(KontorError, match="The regions of this call pay") as refused:
        actions.change_round(round=alps.round, values={}, revision=None, ceiling=100 * K, actor=alps.by)
    assert refused.value.path == "ceiling"


def test_the_virtual_pot_with_skipping_passes_over_the_second(alps: SimpleNamespace) -> None:
    scenario = computed(alps, rule=Rule.SKIP, pot=Pot.VIRTUAL)
    assert funded(scenario) == ["P1", "P3", "P4", "P5"]
    (side,) = side_by_side(board_of(alps.round), [scenario]).columns
    (second,) = side.unfunded
    assert (second.row.application.number, second.reserve) == ("P2", 1)
    assert second.reason == "Money is short: Slovenia 20,000.00."
    # with as many points as P1 a lot decides
    first = {"From 88 points on it would be funded.", "With more than 88 points it would be funded."}
    assert second.change[0] in first
    assert second.change[1:] == (
        "Beside all that is funded it needs: Slovenia 60,000.00.",
        "With 20,000.00 more in Slovenia the ranking would have reached it.",
    )
    assert dict(side.left) == {
        "Baden-Württemberg": 20 * K, "Upper Austria": 130 * K, "Slovenia": 0, "Franche-Comté": 0
    }  # fmt: skip


def test_a_balancing_pot_of_thirty_funds_the_first_four(alps: SimpleNamespace) -> None:
    adopted(alps, pot=Pot.BALANCING, balancing=30 * K)
    actions.decide_as_adopted(round=alps.round, actor=alps.by)
    held = {one.application.number: one for one in Decision.objects.live().select_related("application")}
    assert {number: one.kind for number, one in held.items()} == {
        "P1": "approve", "P2": "approve", "P3": "approve", "P4": "approve", "P5": "reserve"
    }  # fmt: skip
    draws = DecisionDraw.objects.filter(decision=held["P2"])
    assert {row.envelope.key: row.amount / K for row in draws} == {"ooe": 90, "si": 40, "balancing": 20}
    assert held["P2"].amount == 150 * K
    assert _left(alps) == {"bw": 20, "ooe": 40, "si": 0, "fc": 20, "balancing": 10}
    assert _committed(alps) == {
        "call-baden-wuerttemberg": 280, "call-upper-austria": 160, "call-slovenia": 100,
        "call-franche-comte": 80,
    }  # fmt: skip


def test_one_real_pot_funds_all_five_and_spends_every_cent(alps: SimpleNamespace) -> None:
    adopted(alps, pot=Pot.REAL)
    actions.decide_as_adopted(round=alps.round, actor=alps.by)
    assert Decision.objects.live().granting().count() == 5
    assert set(_left(alps).values()) == {0}
    assert sum(_committed(alps).values()) == 700


def test_oversubscription_counts_what_could_be_funded(alps: SimpleNamespace) -> None:
    found = {one.envelope.key: (one.asked / K, one.times) for one in demand_on(read_book(alps.round))}
    assert found == {
        "bw": (280, Decimal("0.93")), "ooe": (160, Decimal("0.80")), "si": (160, Decimal("1.60")),
        "fc": (100, Decimal("1.00")),
    }  # fmt: skip


def test_the_protocol_says_whose_money_pays_what(alps: SimpleNamespace) -> None:
    scenario = computed(alps, pot=Pot.BALANCING, balancing=30 * K)
    told = protocol.protocol_of(board_of(alps.round), scenario)
    assert [name for _key, name in told.columns] == [
        "Baden-Württemberg", "Upper Austria", "Slovenia", "Franche-Comté"
    ]  # fmt: skip
    second = told.lines[1]
    assert (second.number, second.parts, second.balanced) == ("P2", (None, 90 * K, 60 * K, None), 20 * K)
    text = text_of(protocol.pdf(alps.round, scenario, language="de"))
    assert "Ergebnisprotokoll: ROCKET: letzte Runde" in text
    assert "Slowenien 100.000,00 160.000,00 3 1,6" in text.replace("Slovenia", "Slowenien")
