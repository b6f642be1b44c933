"""The pages: who sees what, with data that could leak; bad input; one row asks as much as three."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.features.accounts.models import User
from kontor.features.calls.casework.actions import add_wish, log_entry, open_case
from kontor.features.calls.models import Application, Call, Case, Question, SelfCheck
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR

from .conftest import SECRET

Signed = Callable[[User], Client]


def _status(client: Client, name: str, *args: str) -> int:
    return client.get(reverse(f"calls:{name}", args=args)).status_code


def test_drafts_are_nobodys_business(
    draft: Call, user_with: Callable[..., User], signed_in: Signed, client: Client
) -> None:
    manager = signed_in(user_with("programme_manager", "border-light"))
    stranger = signed_in(user_with("programme_manager", "rocket"))
    for visitor, status in ((client, 404), (stranger, 404), (manager, 200)):
        assert _status(visitor, "call", draft.key) == status
        assert _status(visitor, "edit", draft.key) == status
    assert b"Border light: Project" not in client.get(reverse("calls:list")).content


@pytest.mark.parametrize(
    ("who", "desk", "contacts", "questions"),
    [
        ("mona", 200, 200, 200),
        ("administrator", 200, 200, 200),
        ("nel", 200, 403, 200),
        ("controller", 200, 403, 403),
        ("owner", 403, 403, 403),
        ("other_manager", 403, 403, 403),
        ("nobody", 403, 403, 403),
    ],
)
def test_the_desk_is_for_those_who_help(
    place: SimpleNamespace, signed_in: Signed, who: str, desk: int, contacts: int, questions: int
) -> None:
    client = signed_in(getattr(place, who))
    found = [_status(client, name, place.call.key) for name in ("desk", "contacts", "questions")]
    assert found == [desk, contacts, questions]


def test_a_case_is_read_by_those_who_help_and_its_shared_lines_by_the_applicant(
    place: SimpleNamespace, handed_in: Callable[..., Application], signed_in: Signed
) -> None:
    application = handed_in()
    log_entry(case=application.case, kind="note", text=SECRET, actor=ACTOR)
    log_entry(case=application.case, kind="mail", text="Please send the annex", shared=True, actor=ACTOR)
    page = reverse("calls:case", args=[application.case.key])
    for who, status in (
        ("nel", 200),
        ("dirk", 200),
        ("mona", 200),
        ("controller", 200),
        ("owner", 404),
        ("nobody", 404),
    ):
        assert signed_in(getattr(place, who)).get(page).status_code == status, who
    own = signed_in(place.owner).get(reverse("calls:my-contact", args=[application.key])).content.decode()
    assert "Please send the annex" in own
    assert "Nel Contact" in own
    assert SECRET not in own
    assert _status(signed_in(place.competitor), "my-contact", application.key) == 404
    assert signed_in(place.controller).post(page, {"kind": "note", "text": "no"}).status_code == 403


def test_eligibility_is_read_by_the_applicant_decided_by_the_manager_and_unknown_to_a_rival(
    place: SimpleNamespace, handed_in: Callable[..., Application], signed_in: Signed
) -> None:
    application = handed_in()
    page = reverse("calls:eligibility", args=[application.key])
    statuses = {
        who: signed_in(getattr(place, who)).get(page).status_code
        for who in ("owner", "competitor", "mona", "nel")
    }
    assert statuses == {"owner": 200, "competitor": 404, "mona": 200, "nel": 200}
    given = {"verdict": "eligible", "reason": "", "seen": "0"}
    assert [
        signed_in(getattr(place, who)).post(page, given).status_code for who in ("owner", "nel", "mona")
    ] == [403, 403, 302]
    again = signed_in(place.mona).post(page, given)
    assert again.status_code == 400
    assert "A colleague decided" in again.content.decode()


def test_a_stranger_makes_first_contact_and_the_right_person_is_told(
    place: SimpleNamespace, client: Client
) -> None:
    page = reverse("calls:contact", args=[place.call.key])
    bad = client.post(page, {"title": "", "text": "", "name": "", "email": "nonsense", "language": "en"})
    assert bad.status_code == 400
    given = {
        "title": "A lamp",
        "text": "We have a lamp.",
        "name": "Sam",
        "email": "sam@x.example",
        "language": "de",
    }
    wrong = client.post(page, {**given, "region": "ZZ999"})
    assert "is no NUTS code" in wrong.content.decode()
    assert client.post(page, {**given, "region": "dea1b"}).status_code == 302
    assert str(Case.objects.get().contact) == "Dirk Contact"


def test_a_question_may_be_asked_without_an_account_but_not_without_end(
    place: SimpleNamespace, client: Client
) -> None:
    page = reverse("calls:ask", args=[place.call.key])
    statuses = [client.post(page, {"text": f"Question {at}?"}).status_code for at in range(6)]
    assert statuses == [302] * 5 + [400]
    assert "Question 0?" not in client.get(reverse("calls:call", args=[place.call.key])).content.decode()
    assert Question.objects.count() == 5


def test_a_check_is_kept_for_the_browser_and_whoever_has_its_address(
    place: SimpleNamespace, client: Client
) -> None:
    page = reverse("calls:self-check", args=[place.call.key])
    given = {
        "step": "check", "count": "2", "lead": "0", "instrument": "project", "language": "en",
        "title": "Lamp", "idea": SECRET, "p0-country": "NL", "p1-country": "DE",
    }  # fmt: skip
    answered = client.post(page, given, follow=True)
    assert answered.status_code == 200
    # with "no-referrer" browsers send the origin "null", and the form would be refused
    assert answered["Referrer-Policy"] == "same-origin"
    assert SECRET in answered.content.decode()
    check = SelfCheck.objects.get()
    assert client.get(page, follow=True).redirect_chain[-1][0] == reverse(
        "calls:check-kept", args=[check.key]
    )
    stranger = Client()
    assert SECRET not in stranger.get(page).content.decode()
    assert SECRET in stranger.get(reverse("calls:check-kept", args=[check.key])).content.decode()
    bad = client.post(page, {**given, "p0-nuts": "XX"})
    assert bad.status_code == 400
    client.post(reverse("calls:check-forget", args=[check.key]))
    assert not SelfCheck.objects.exists()


def test_a_hidden_organisation_is_not_on_the_board(
    place: SimpleNamespace, signed_in: Signed, client: Client
) -> None:
    values = {"title": "A pump maker", "text": SECRET, "language": "en"}
    wish = add_wish(call=place.call, organisation=place.lead, values=values, actor=ACTOR)
    page = reverse("calls:board", args=[place.call.key])
    assert SECRET in client.get(page).content.decode()
    Organisation.objects.filter(pk=place.lead.pk).update(listing="hidden")
    assert SECRET not in client.get(page).content.decode()
    assert client.get(reverse("calls:wish", args=[place.call.key, wish.key])).status_code in (302, 403)
    assert (
        SECRET
        in signed_in(place.owner).get(reverse("calls:wish", args=[place.call.key, wish.key])).content.decode()
    )


def test_whoever_wrote_a_wish_changes_it(place: SimpleNamespace, signed_in: Signed) -> None:
    given = {"title": "A pump maker", "text": "For clean water", "language": "en"}
    wish = add_wish(call=place.call, organisation=place.lead, values=given, actor=ACTOR)
    page = reverse("calls:change-wish", args=[place.call.key, wish.key])
    client, stranger = signed_in(place.owner), signed_in(place.nobody)
    assert (client.get(page).status_code, stranger.get(page).status_code) == (200, 403)
    changed = given | {"title": "A valve maker", "revision": "1"}
    assert client.post(page, changed | {"title": ""}).status_code == 400
    assert client.post(page, changed).status_code == 302
    wish.refresh_from_db()
    assert (wish.title, wish.organisation) == ("A valve maker", place.lead)


def test_editing_saves_texts_times_and_regions_in_the_calls_zone(
    draft: Call, user_with: Callable[..., User], signed_in: Signed
) -> None:
    client = signed_in(user_with("programme_manager", "border-light"))
    page = reverse("calls:edit", args=[draft.key])
    given = {
        "step": "save", "revision": str(draft.revision), "languages": ["en"], "time_zone": "Europe/Lisbon",
        "opens_at": "2027-03-01T09:00", "closes_at": "2027-04-01T17:00", "steps": "1", "mode": "virtual-pot",
        "title_en": "Light", "summary_en": "For lamps", "title_de": "", "summary_de": "",
        "regions": "1", "r0-name": "North", "r0-nuts": "nl11", "r0-budget": "1,000.50",
    }  # fmt: skip
    assert client.post(page, {**given, "closes_at": "soon"}).status_code == 400
    assert client.post(page, given).status_code == 302
    call = Call.objects.get(pk=draft.pk)
    assert call.closes_at.isoformat() == "2027-04-01T16:00:00+00:00"
    assert (call.title, call.regions[0]["budget"], call.regions[0]["nuts"]) == (
        {"en": "Light"},
        "1000.50",
        ["NL11"],
    )
    assert client.post(page, given).status_code == 400
    assert client.post(reverse("calls:publish", args=[draft.key])).status_code == 302
    assert Call.objects.get(pk=draft.pk).state == "published"


QUERIES = {"desk": 9, "board": 7, "cases": 5}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_questions_for_one_row_as_for_three(
    place: SimpleNamespace, handed_in: Callable[..., Application], signed_in: Signed,
    django_assert_num_queries: Any, rows: int,
) -> None:  # fmt: skip
    for at in range(rows):
        handed_in()
        open_case(call=place.call, title=f"Idea {at}", region="DEA1B", actor=ACTOR)
        values = {"title": f"Wish {at}", "text": "We bring valves.", "language": "en"}
        add_wish(call=place.call, organisation=place.lead, values=values, actor=ACTOR)
    client = signed_in(place.mona)
    pages = {
        "desk": reverse("calls:desk", args=[place.call.key]),
        "board": reverse("calls:board", args=[place.call.key]),
        "cases": reverse("calls:cases") + "?all=1",
    }
    for name, page in pages.items():
        with django_assert_num_queries(QUERIES[name]):
            assert client.get(page).status_code == 200
