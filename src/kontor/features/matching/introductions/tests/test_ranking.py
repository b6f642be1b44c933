"""How answers reach the ranking, and that they can be kept out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import cards_of
from kontor.features.matching.introductions import actions
from kontor.features.matching.introductions.history import (
    NEWCOMER,
    Answered,
    History,
    histories_of,
    refused_pairs,
)
from kontor.features.matching.memory import Memory
from kontor.features.matching.models import Introduction
from kontor.features.matching.queries import find_partners
from kontor.features.organisations.tests.factories import ACTOR, organisation, statement

pytestmark = pytest.mark.django_db
Propose = Callable[..., Introduction]


def of(organisation: Any) -> History:
    return histories_of([organisation.key]).get(organisation.key, NEWCOMER)


def test_the_rate_begins_at_one_half_and_follows_the_answers() -> None:
    assert Answered().rate is None
    assert Answered(1, 1).rate == pytest.approx(2 / 3)
    assert Answered(1, 0).rate == pytest.approx(1 / 3)
    assert Answered(100, 90).rate == pytest.approx(91 / 102)


def test_an_open_request_counts_as_introduction_not_as_silence(
    place: SimpleNamespace, propose: Propose
) -> None:
    propose(place.asker_owner)
    assert of(place.partner) == History(1, None, ())
    assert of(place.asker) == History(1, None, ())


def test_answers_in_time_late_and_never(place: SimpleNamespace, propose: Propose, say: Propose) -> None:
    introduction = propose()
    say(introduction, "partner", "yes")
    assert of(place.partner).answer_rate == pytest.approx(2 / 3)
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        assert of(place.asker).answer_rate == pytest.approx(1 / 3)
        say(introduction, "asker", "yes")
        assert of(place.asker).answer_rate == pytest.approx(1 / 3)
    assert of(place.asker).partners == (place.partner.key,)
    assert of(place.partner).partners == (place.asker.key,)


def test_withdrawn_ones_do_not_count(place: SimpleNamespace, propose: Propose) -> None:
    actions.withdraw_introduction(introduction=propose(), actor=ACTOR)
    assert of(place.partner).introductions == 0
    assert of(place.partner).answer_rate is None


def test_many_histories_take_as_many_queries_as_one(
    place: SimpleNamespace, propose: Propose, django_assert_num_queries: Callable[..., object]
) -> None:
    propose()
    for keys in ([place.asker.key], [place.asker.key, place.partner.key, place.hidden.key]):
        with django_assert_num_queries(3):
            histories_of(keys)


def test_the_index_holds_the_answers_at_once(place: SimpleNamespace, propose: Propose, say: Propose) -> None:
    introduction = propose()
    say(introduction, "asker", "yes")
    say(introduction, "partner", "yes")
    profile = Memory().current().entry(place.partner.key).profile
    assert (profile.introductions, profile.partners) == (1, (place.asker.key,))
    assert profile.answer_rate == pytest.approx(2 / 3)


def test_switched_off_the_index_holds_none(
    place: SimpleNamespace, propose: Propose, settings: Any, django_assert_num_queries: Callable[..., object]
) -> None:
    settings.ANSWERS_IN_RANKING = False
    propose()
    profile = Memory().current().entry(place.partner.key).profile
    assert (profile.introductions, profile.partners, profile.answer_rate) == (0, (), None)
    with django_assert_num_queries(0):
        assert histories_of([place.partner.key]) == {}


@pytest.fixture
def heat(place: SimpleNamespace) -> SimpleNamespace:
    statement(place.partner, "Wir bauen Wärmetauscher für Biogas.", language="de")
    return place


def titles(place: SimpleNamespace, user: Any) -> str:
    ask = Ask(text="Wärmetauscher für Biogas", organisation=place.asker.key)
    return str([card.title for card in cards_of(find_partners(ask, user))])


@pytest.mark.parametrize("switched_on", [True, False])
def test_a_refused_pair_is_not_suggested_either_way(
    heat: SimpleNamespace, settings: Any, switched_on: bool
) -> None:
    settings.ANSWERS_IN_RANKING = switched_on
    assert "Rauchkamm" in titles(heat, heat.asker_owner)
    actions.refuse_match(by=heat.partner, other=heat.asker, reason="size", actor=ACTOR)
    assert "Rauchkamm" not in titles(heat, heat.asker_owner)
    assert refused_pairs() == {frozenset({heat.asker.key, heat.partner.key})}


def test_a_refused_organisation_does_not_come_back_behind_a_teaser(heat: SimpleNamespace) -> None:
    statement(
        heat.partner,
        "Secret",
        language="de",
        visibility="teaser",
        teaser="Günstige Wärmetauscher für Biogas.",
    )
    assert "Germany, name withheld" in titles(heat, heat.asker_owner)
    actions.refuse_match(by=heat.asker, other=heat.partner, reason="size", actor=ACTOR)
    assert "Germany, name withheld" not in titles(heat, heat.asker_owner)
    assert "Germany, name withheld" in titles(heat, heat.stranger)


def test_strangers_do_not_learn_who_said_no(heat: SimpleNamespace) -> None:
    actions.refuse_match(by=heat.partner, other=heat.asker, reason="size", actor=ACTOR)
    assert "Rauchkamm" in titles(heat, heat.stranger)
    assert "Rauchkamm" in titles(heat, AnonymousUser())


def test_refusing_a_teaser_does_not_betray_whose_it_is(heat: SimpleNamespace) -> None:
    """The teaser goes, the card under its owner's name stays."""
    both = organisation("Doppel Wärme GmbH", "AT")
    statement(both, "Wärmetauscher für Biogas im Haus.", language="de")
    hidden = statement(
        both,
        "Secret",
        language="de",
        visibility="teaser",
        teaser="Wärmetauscher für Biogas, wer braucht sie?",
    )
    before = titles(heat, heat.asker_owner)
    assert "Doppel" in before
    assert "Austria" in before
    actions.refuse_match(by=heat.asker, other=both, statement=hidden, reason="size", actor=ACTOR)
    after = titles(heat, heat.asker_owner)
    assert "Doppel" in after
    assert "Austria" not in after
