"""Answers for one reader: the right partners, and nothing that this reader must not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.engine.matching import score
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import cards_of
from kontor.features.matching.queries import Answer, find_partners
from kontor.features.organisations import actions as directory_actions
from kontor.features.organisations import freshness
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.tests.factories import statement

from .conftest import SECRET

pytestmark = pytest.mark.django_db
NEED = Ask(text="Wij zoeken een warmtewisselaar voor een installatie op biogas.", origin="NL", across=True)
STRANGER = AnonymousUser()


def names(answer: Answer) -> list[str]:
    return [card.title for card in cards_of(answer)]


def shown(answer: Answer) -> str:
    return str(cards_of(answer))


def test_a_dutch_need_finds_german_and_french_offers_across_the_border(directory: SimpleNamespace) -> None:
    found = names(find_partners(NEED, STRANGER))
    assert {"Rauchkamm Thermik GmbH", "Échangeurs Valmont SARL"} <= set(found[:3])
    assert "Polderwarmte BV" not in found
    assert found.index("Rauchkamm Thermik GmbH") < len(found)


def test_without_the_border_the_domestic_one_is_found(directory: SimpleNamespace) -> None:
    assert "Polderwarmte BV" in names(find_partners(Ask(text=NEED.text, origin="NL"), STRANGER))


def test_three_reasons_and_a_doubt_each_traceable(directory: SimpleNamespace) -> None:
    for card in cards_of(find_partners(NEED, STRANGER)):
        assert len(card.reasons) == 3
        assert card.doubt.text
        for said in (*card.reasons, card.doubt):
            for quote in said.quotes:
                source = NEED.text if quote.asked else _texts(card.key)
                assert quote.text in source


def _texts(key: str) -> str:
    organisation = Organisation.objects.filter(key=key).first()
    if organisation is None:
        return Statement.objects.get(key=key).teaser
    return organisation.summary + "".join(organisation.statements.values_list("text", flat=True))


def test_parts_add_up_to_the_score(directory: SimpleNamespace) -> None:
    for card in cards_of(find_partners(NEED, STRANGER)):
        assert sum(part.value for part in card.parts) == pytest.approx(card.points)
        assert sum(part.maximum for part in card.parts) == pytest.approx(100)


def test_strangers_find_nothing_that_is_meant_for_members(
    directory: SimpleNamespace, user_with: Callable[..., object]
) -> None:
    assert "Scambiatori" not in shown(find_partners(NEED, STRANGER))
    assert "Scambiatori" not in shown(find_partners(NEED, user_with()))
    assert "Scambiatori Lecco SRL" in names(find_partners(NEED, user_with("owner", directory.asker.key)))


def test_a_teaser_is_found_without_its_name(directory: SimpleNamespace) -> None:
    answer = find_partners(NEED, STRANGER)
    anonymous = [card for card in cards_of(answer) if card.anonymous]
    assert [card.key for card in anonymous] == [directory.teaser.key]
    assert "Denmark" in anonymous[0].title
    text = shown(answer)
    for secret in (SECRET, "Skjult", directory.hidden.key):
        assert secret not in text


@pytest.mark.parametrize("field", ["excluded", "team"])
def test_leaving_an_organisation_out_does_not_tell_whose_a_teaser_is(
    directory: SimpleNamespace, field: str
) -> None:
    ask = replace(NEED, **{field: (directory.hidden.key,)})
    assert directory.teaser.key in [card.key for card in cards_of(find_partners(ask, STRANGER))]
    as_stranger = Ask(text=NEED.text, organisation=directory.hidden.key)
    assert directory.teaser.key in [card.key for card in cards_of(find_partners(as_stranger, STRANGER))]


def test_a_team_of_ones_own_is_left_out_with_its_teasers(
    directory: SimpleNamespace, user_with: Callable[..., object]
) -> None:
    owner = user_with("owner", directory.hidden.key)
    found = find_partners(replace(NEED, team=(directory.hidden.key,)), owner)
    assert directory.teaser.key not in [card.key for card in cards_of(found)]


def test_withdrawn_organisations_are_gone_at_once(directory: SimpleNamespace) -> None:
    directory_actions.withdraw_consent(organisation=directory.german, actor=Actor.system("test"))
    assert "Rauchkamm" not in shown(find_partners(NEED, STRANGER))


def test_an_organisation_asks_with_its_own_need(
    directory: SimpleNamespace, user_with: Callable[..., object]
) -> None:
    owner = user_with("owner", directory.asker.key)
    answer = find_partners(Ask(organisation=directory.asker.key, across=True), owner)
    makers = {"Rauchkamm Thermik GmbH", "Échangeurs Valmont SARL", "Scambiatori Lecco SRL"}
    assert makers < set(names(answer)[:4])  # the fourth makes heat exchangers too, behind a teaser
    assert "Bäckerei Morgenrot" not in names(answer)[:4]
    assert directory.asker.name not in names(answer)


def test_a_stranger_asking_for_an_organisation_learns_nothing_of_its_hidden_needs(
    directory: SimpleNamespace,
) -> None:
    statement(
        directory.asker,
        "Secret need: bread for our canteen, Brot und Brötchen.",
        kind="need",
        visibility="members",
    )
    answer = find_partners(Ask(organisation=directory.asker.key), STRANGER)
    assert "Secret need" not in shown(answer)
    assert "Bäckerei Morgenrot" not in names(answer)[:1]


def test_a_statement_asks_for_itself(directory: SimpleNamespace) -> None:
    answer = find_partners(Ask(statement=directory.need.key, across=True), STRANGER)
    assert answer.asker == directory.asker
    assert "Rauchkamm Thermik GmbH" in names(answer)


def test_a_hidden_statement_cannot_ask(directory: SimpleNamespace) -> None:
    with pytest.raises(KontorError) as refusal:
        find_partners(Ask(statement=directory.teaser.key), STRANGER)
    assert refusal.value.status == 404


def test_an_unknown_organisation_is_said(directory: SimpleNamespace) -> None:
    with pytest.raises(KontorError) as refusal:
        find_partners(Ask(organisation="nobody"), STRANGER)
    assert refusal.value.code == "not-found"


def test_conditions_that_leave_nobody_name_the_way_out(directory: SimpleNamespace) -> None:
    answer = find_partners(Ask(text="heat exchanger", countries=("PT",), sme=True), STRANGER)
    assert answer.is_blocked
    assert answer.partners == ()
    assert [way.conditions for way in answer.result.relaxations] == [("countries",)]


def test_the_empty_directory_answers(db: None) -> None:
    answer = find_partners(Ask(text="heat exchanger"), STRANGER)
    assert answer.partners == ()
    assert not answer.is_blocked


@pytest.mark.parametrize("text", ["🔥", "<script>alert(1)</script>", "a" * 100_000, "warmte", "\u202eabc"])
def test_hostile_texts_are_answered(directory: SimpleNamespace, text: str) -> None:
    assert find_partners(Ask(text=text), STRANGER).result.considered > 0


def test_queries_do_not_grow_with_the_matches(
    directory: SimpleNamespace, django_assert_num_queries: Callable[..., object]
) -> None:
    for top in (1, 3):
        with django_assert_num_queries(7):
            find_partners(Ask(text=NEED.text, top=top), STRANGER)


def test_freshness_counts_as_it_is_shown() -> None:
    """The page's figure and the matchmaker's fall at the same rate."""
    assert score.HALF_LIFE_DAYS == freshness.HALF_LIFE_DAYS
