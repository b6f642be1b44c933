"""Earlier projects and codes read from the text, as the site's matchmaker uses and tells them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kontor.features.matching import memory, queries
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import Card, cards_of, suggested_of
from kontor.features.matching.memory import Memory
from kontor.features.matching.models import IndexStamp
from kontor.features.matching.problem import FINDABLE, past_of
from kontor.features.matching.queries import find_partners
from kontor.features.matching.tasks import lexicon
from kontor.features.organisations import actions
from kontor.features.organisations.models import Listing, Participation
from kontor.features.organisations.tests.factories import ACTOR, organisation, project, statement

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
NEED = Ask(text="Wir suchen einen Wärmetauscher für Biogas.", language="de", origin="NL", read_codes=False)


def card_of(title: str, ask: Ask = NEED, user: Any = STRANGER) -> Card:
    return next(card for card in cards_of(find_partners(ask, user)) if card.title == title)


def said(card: Card) -> dict[str, str]:
    return {each.code: each.text for each in (*card.reasons, card.doubt)}


def part_names(card: Card) -> list[str]:
    return [part.name for part in card.parts]


def test_without_projects_nothing_is_said_of_them(directory: SimpleNamespace) -> None:
    assert "past" not in part_names(card_of("Rauchkamm Thermik GmbH"))


def test_projects_close_to_the_question_are_a_reason_with_the_way_to_them(directory: SimpleNamespace) -> None:
    made = project("Wärmetauscher für Biogas", directory.german, directory.baker, year=2023, language="de")
    card = card_of("Rauchkamm Thermik GmbH")
    expected = "Took part in an earlier project close to this: “Wärmetauscher für Biogas” (2023)."
    assert said(card)["past.projects"] == expected
    told = next(quote for quote in card.quotes if quote.project)
    page = f"/directory/{directory.german.key}/projects/?show={made.key}#project-{made.key}"
    assert (told.text, told.href, told.language) == ("Wärmetauscher für Biogas", page, "de")
    past = next(part for part in card.parts if part.name == "past")
    assert past.value > 0


def test_a_partner_in_common_is_named_with_the_project(directory: SimpleNamespace, user_with: Any) -> None:
    project("Green gas", directory.asker, directory.baker, year=2021)
    project("Bread and heat", directory.german, directory.baker, year=2022)
    owner = user_with("owner", directory.asker.key)
    card = card_of("Rauchkamm Thermik GmbH", replace(NEED, organisation=directory.asker.key), owner)
    expected = "Has worked with your partner Bäckerei Morgenrot, in “Bread and heat” (2022)."
    assert said(card).get("past.through") == expected


def test_whoever_was_in_a_project_with_the_asker_is_told_so(
    directory: SimpleNamespace, user_with: Any
) -> None:
    project("Green gas", directory.asker, directory.german, year=2021)
    owner = user_with("owner", directory.asker.key)
    card = card_of("Rauchkamm Thermik GmbH", replace(NEED, organisation=directory.asker.key), owner)
    assert said(card)["past.direct"] == "Has worked with you before, in “Green gas” (2021)."


def everything(user: Any, ask: Ask = NEED) -> str:
    return str(
        [(card.title, card.reasons, card.doubt, card.quotes) for card in cards_of(find_partners(ask, user))]
    )


def test_partners_for_members_are_named_to_members_only(directory: SimpleNamespace, user_with: Any) -> None:
    project("Green gas", directory.asker, directory.members, year=2021)
    project("Bread and heat", directory.german, directory.members, year=2022)
    ask = replace(NEED, organisation=directory.asker.key)
    assert "Scambiatori" not in everything(STRANGER, ask)
    assert "Bread and heat" not in everything(STRANGER, ask)
    assert "Scambiatori Lecco SRL" in everything(user_with("owner", directory.asker.key), ask)


@pytest.mark.parametrize("leave", ["withdraw", "hide", "archive"])
def test_projects_vanish_with_whoever_leaves_in_the_same_transaction(
    directory: SimpleNamespace, user_with: Any, leave: str
) -> None:
    project("Green gas", directory.asker, directory.baker, year=2021)
    project("Bread and heat", directory.german, directory.baker, year=2022)
    owner, ask = user_with("owner", directory.asker.key), replace(NEED, organisation=directory.asker.key)
    assert "Bäckerei Morgenrot" in everything(owner, ask)
    if leave == "withdraw":
        actions.withdraw_consent(organisation=directory.baker, actor=ACTOR)
    elif leave == "archive":
        actions.archive_organisation(organisation=directory.baker, actor=ACTOR)
    else:
        base = actions.snapshot(directory.baker)
        actions.change_organisation(
            organisation=directory.baker, values={"listing": "hidden"}, base=base, actor=ACTOR
        )
    assert "Bäckerei Morgenrot" not in everything(owner, ask)


def test_a_teaser_is_not_given_away_by_its_projects(directory: SimpleNamespace) -> None:
    project("Varme fra biogas", directory.hidden, directory.german, year=2023)
    card = next(card for card in cards_of(find_partners(NEED, STRANGER)) if card.anonymous)
    past = next(part for part in card.parts if part.name == "past")
    assert past.value == 0
    assert "Varme fra biogas" not in str((card.reasons, card.doubt, card.quotes))


def test_a_merge_takes_the_projects_along_in_the_matchmaker(directory: SimpleNamespace) -> None:
    twin = organisation("Rauchkamm Thermik", "DE")
    project("Wärmetauscher für Biogas", twin, year=2023, language="de")
    assert "past.projects" not in said(card_of("Rauchkamm Thermik GmbH"))
    merge = actions.merge_organisations(kept=directory.german, gone=twin, actor=ACTOR)
    assert "past.projects" in said(card_of("Rauchkamm Thermik GmbH"))
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert "past.projects" not in said(card_of("Rauchkamm Thermik GmbH"))


def test_what_is_known_from_projects_can_be_switched_off(directory: SimpleNamespace) -> None:
    project("Wärmetauscher für Biogas", directory.german, year=2023, language="de")
    card = card_of("Rauchkamm Thermik GmbH", replace(NEED, weights={"past": 0.0}))
    assert "past" not in part_names(card)


def test_the_matchmaker_knows_only_of_those_who_agreed_to_be_found(directory: SimpleNamespace) -> None:
    unlisted = organisation("Nicht gelistet", "DE", listing="hidden")
    project("Green gas", unlisted, directory.members, directory.german)
    both = past_of(lexicon(), [Listing.LISTED, Listing.MEMBERS])
    public = past_of(lexicon(), [Listing.LISTED])
    assert both is not None
    assert public is not None
    assert unlisted.key not in both.organisations
    assert set(both.organisations) - set(public.organisations) == {directory.members.key}
    assert directory.baker.key in public.organisations
    counts = dict(zip(both.organisations, both.counts.tolist(), strict=True))
    assert {key for key, count in counts.items() if count} == {directory.members.key, directory.german.key}


def test_a_newcomer_inherits_from_its_relative_by_name_and_the_reason_leads_to_it(
    directory: SimpleNamespace,
) -> None:
    elder = organisation("Hafenwerft Emden GmbH", "DE", place="Emden")
    made = project("Wärmetauscher für Biogas", elder, year=2023, language="de")
    kin = organisation("Hafenwerft Emden Forschung GmbH", "DE", place="Leer")
    statement(kin, "Wir bauen Wärmetauscher.", language="de")
    project("Bread for schools", directory.baker, year=2022)
    abroad = organisation("Hafenwerft Delfzijl BV", "NL")
    statement(abroad, "Wir bauen Wärmetauscher.", language="de")
    card = card_of("Hafenwerft Emden Forschung GmbH")
    expected = (
        "An organisation of nearly the same name, Hafenwerft Emden GmbH, took part in a project close to"
        " this: “Wärmetauscher für Biogas” (2023)."
    )
    assert said(card)["past.kin"] == expected
    told = next(quote for quote in card.quotes if quote.project)
    assert told.href == f"/directory/{elder.key}/projects/?show={made.key}#project-{made.key}"
    other = said(card_of("Hafenwerft Delfzijl BV"))
    assert "past.kin" not in other
    expected = (
        "Its name shares “Hafenwerft” with Hafenwerft Emden GmbH, which took part in a project close to this:"
        " “Wärmetauscher für Biogas” (2023)."
    )
    assert other.get("past.alike") == expected, other


def test_a_relative_for_members_is_named_to_members_only(directory: SimpleNamespace, user_with: Any) -> None:
    elder = organisation("Hafenwerft Emden GmbH", "DE", listing="members")
    project("Wärmetauscher für Biogas", elder, year=2023, language="de")
    kin = organisation("Hafenwerft Emden Forschung GmbH", "DE")
    statement(kin, "Wir bauen Wärmetauscher.", language="de")
    member = user_with("owner", directory.asker.key)
    assert "past.kin" in said(card_of(kin.name, user=member))
    stranger = card_of(kin.name)
    assert "Hafenwerft Emden GmbH" not in str((stranger.reasons, stranger.doubt, stranger.quotes))
    assert "past" not in part_names(stranger)


@pytest.mark.django_db(transaction=True)
def test_the_memory_gathers_projects_anew_only_when_they_are_concerned() -> None:
    one, other = organisation("Eins GmbH", "DE"), organisation("Zwei BV", "NL")
    project("Green gas", one)
    kept = Memory()
    first = kept.past()
    assert first is not None
    statement(other, "We bake bread.")
    statement(one, "We build heat exchangers.")
    assert kept.past() is first
    project("More gas", other)
    second = kept.past()
    assert second is not None
    assert sorted(each.title for each in second.projects) == ["Green gas", "More gas"]
    actions.withdraw_consent(organisation=one, actor=ACTOR)
    third = kept.past()
    assert third is not None
    assert [each.title for each in third.projects] == ["More gas"]
    Participation.objects.all().delete()
    IndexStamp.objects.all().delete()
    assert Memory().past() is None


@pytest.mark.django_db(transaction=True)
def test_a_large_directory_is_served_by_what_was_known_until_the_new_is_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "AT_ONCE", 0)
    one, other = organisation("Eins GmbH", "DE"), organisation("Zwei BV", "NL")
    project("Green gas", one)
    kept = Memory()
    first = kept.past()
    assert kept.past() is first
    assert kept.gathering is None
    project("More gas", other)
    assert kept.past() is first
    working = kept.gathering
    if working is not None:
        working.join(30)
    second = kept.past()
    assert second is not None
    assert sorted(each.title for each in second.projects) == ["Green gas", "More gas"]
    assert kept.gathering is None


@pytest.mark.django_db(transaction=True)
def test_changes_that_follow_each_other_do_not_keep_a_process_gathering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a clock of its own: gathering takes ten seconds here, so nothing is gathered for ninety more."""
    monkeypatch.setattr(memory, "AT_ONCE", 0)
    now, renewed = [100.0], memory.renewed
    one = organisation("Eins GmbH", "DE")
    project("Green gas", one)
    kept = Memory(clock=lambda: now[0])
    kept.past()

    def slowly(*known: Any) -> Any:
        now[0] += 10
        return renewed(*known)

    monkeypatch.setattr(memory, "renewed", slowly)
    project("More gas", one)
    kept._gather()
    second = kept.past()
    project("Third gas", one)
    now[0] += 89
    assert (kept.past(), kept.gathering) == (second, None)
    now[0] += 1
    assert kept.past() is second
    working = kept.gathering
    if working is not None:
        working.join(30)
    third = kept.past()
    assert third is not None
    assert len(third.projects) == 3


@pytest.mark.django_db(transaction=True)
def test_a_failure_leaves_what_was_known_and_the_next_search_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "AT_ONCE", 0)
    one = organisation("Eins GmbH", "DE")
    project("Green gas", one)
    kept = Memory()
    first = kept.past()
    project("More gas", one)
    with monkeypatch.context() as broken:
        broken.setattr(memory, "past_of", lambda *args: 1 / 0)
        kept._gather()
        assert kept.known.pasts[tuple(FINDABLE)] is first
    kept._gather()
    second = kept.past()
    assert second is not None
    assert len(second.projects) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", ["withdraw", "hide", "part"])
def test_who_leaves_vanishes_while_the_old_past_still_serves(
    directory: SimpleNamespace, user_with: Any, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    kept = Memory()
    monkeypatch.setattr(memory, "AT_ONCE", 0)
    monkeypatch.setattr(Memory, "_gather", lambda self: None)
    monkeypatch.setattr(queries, "memory", kept)
    project("Green gas", directory.asker, directory.baker, year=2021)
    shared = project("Bread and heat", directory.german, directory.baker, year=2022)
    owner, ask = user_with("owner", directory.asker.key), replace(NEED, organisation=directory.asker.key)
    told = "partner Bäckerei Morgenrot" if leave == "part" else "Bäckerei Morgenrot"
    assert told in everything(owner, ask)
    before = kept.past()
    if leave == "withdraw":
        actions.withdraw_consent(organisation=directory.baker, actor=ACTOR)
    elif leave == "hide":
        base = actions.snapshot(directory.baker)
        actions.change_organisation(
            organisation=directory.baker, values={"listing": "hidden"}, base=base, actor=ACTOR
        )
    else:
        Participation.objects.filter(project=shared, organisation=directory.baker).delete()
    assert kept.past() is before
    assert told not in everything(owner, ask)


TEXT = "Wir suchen einen Hersteller von Wärmepumpen für Schulen."


def test_codes_are_read_from_the_text_and_told_as_that(directory: SimpleNamespace) -> None:
    organisation("Alpenpumpe AG", "AT", codes=[("nace", "28.13")])
    answer = find_partners(Ask(text=TEXT, language="de"), STRANGER)
    assert "nace:28.13" in [str(code) for code in answer.suggested]
    card = next(card for card in cards_of(answer) if card.title == "Alpenpumpe AG")
    assert "which your text suggests" in said(card)["codes.suggested"]
    assert "codes.same" not in said(card)


def test_a_wrong_code_is_taken_out_and_all_can_be(directory: SimpleNamespace) -> None:
    organisation("Alpenpumpe AG", "AT", codes=[("nace", "28.13")])
    ask = Ask(text=TEXT, language="de", wrong_codes=("nace:28.13",))
    assert "nace:28.13" not in [str(code) for code in find_partners(ask, STRANGER).suggested]
    answer = find_partners(replace(ask, read_codes=False), STRANGER)
    assert answer.suggested == ()
    assert "Alpenpumpe AG" not in [card.title for card in cards_of(answer)]


def test_codes_that_the_statement_names_need_no_reading(directory: SimpleNamespace, user_with: Any) -> None:
    need = statement(directory.asker, TEXT, kind="need", language="de", codes=[("nace", "28.13")])
    organisation("Alpenpumpe AG", "AT", codes=[("nace", "28.13")])
    answer = find_partners(Ask(statement=need.key), STRANGER)
    assert answer.suggested == ()
    card = next(card for card in cards_of(answer) if card.title == "Alpenpumpe AG")
    assert "codes.same" in said(card)


def test_the_page_shows_each_code_with_the_address_without_it(
    client: Client, directory: SimpleNamespace
) -> None:
    answer = find_partners(Ask(text=TEXT, language="de"), STRANGER)
    chips = suggested_of(answer)
    assert len(chips) == len(answer.suggested) > 0
    page = client.get("/matches/", {"q": TEXT, "language": "de"}).content.decode()
    assert "Kontor reads these codes from your text" in page
    without = client.get(chips[0].href).content.decode()
    assert without.count('class="chip"') == len(chips) - 1
    none = client.get("/matches/", {"q": TEXT, "language": "de", "read_codes": "no"}).content.decode()
    assert "No codes are read from your text" in none


def test_the_api_tells_the_codes_and_takes_the_wrong_ones(client: Client, directory: SimpleNamespace) -> None:
    def ask(**more: Any) -> Any:
        question = {"text": TEXT, "language": "de", **more}
        return client.post("/api/v1/matches/", question, content_type="application/json").json()

    read = ask()["suggested_codes"]
    assert ask(wrong_codes=read[:1])["suggested_codes"] == read[1:]
    assert ask(read_codes=False)["suggested_codes"] == []


def test_the_question_survives_its_address() -> None:
    ask = Ask(text="heat", read_codes=False, wrong_codes=("nace:28.13",))
    assert "read_codes=no" in ask.query_string()
    assert "wrong_codes=nace%3A28.13" in ask.query_string()
    assert "read_codes" not in Ask(text="heat").query_string()
