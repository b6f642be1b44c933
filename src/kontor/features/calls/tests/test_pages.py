"""The pages of an application, without a script, for everybody who may and may not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.base.actor import Actor
from kontor.base.models import Attachment
from kontor.features.calls import actions
from kontor.features.calls.models import Application, Submission
from kontor.features.calls.tests.conftest import SECRET, SUMMARY

Signed = Callable[[Any], Client]


def address(application: Application, rest: str = "") -> str:
    return f"/calls/applications/{application.key}/{rest}"


def idea(application: Application, **changed: Any) -> dict[str, Any]:
    """The first section as a browser posts it."""
    bases = {one.field: one.revision for one in application.answers.all()}
    section = application.questions.section("idea")
    return {
        "f-title": "A nose for milk",
        "f-summary-de": SUMMARY["de"],
        "f-summary-nl": SUMMARY["nl"],
        "f-themes": ["health"],
        "f-technologies": ["photonics"],
        "f-innovation": "",
        "f-what-changed": "",
        **{f"base-{one.key}": str(bases.get(one.key, 0)) for one in section.fields},
        "go": "benefit",
        **changed,
    }


def test_a_section_is_saved_without_a_script(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.editor)
    answer = client.post(address(draft, "write/idea/"), idea(draft, **{"f-innovation": "New."}))
    assert answer["Location"] == address(draft, "write/benefit/")
    stored = {one.field: one.value for one in draft.answers.all()}
    assert stored == {
        "title": "A nose for milk", "summary": SUMMARY, "themes": ["health"], "technologies": ["photonics"],
        "innovation": "New.",
    }  # fmt: skip
    page = client.get(address(draft, "write/idea/")).content.decode()
    assert "Een fotonische neus" in page
    assert "What has changed since" in page


def test_a_page_that_was_open_before_overwrites_nothing(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    """Both opened the page; the second to save changed another field and finds the first one's text kept."""
    mine, theirs = signed_in(round_.owner), signed_in(round_.colleague)
    begun = idea(draft)
    theirs.post(address(draft, "write/idea/"), {**begun, "f-innovation": "Their idea."})
    mine.post(address(draft, "write/idea/"), {**begun, "f-title": "My title"})
    stored = {one.field: one.value for one in draft.answers.all()}
    assert (stored["innovation"], stored["title"]) == ("Their idea.", "A nose for milk")
    page = mine.get(address(draft, "write/idea/")).content.decode()
    assert "Two versions stand beside each other" in page
    assert "<p>My title</p>" in page
    version = draft.versions.get(origin="parked")
    mine.post(address(draft, f"version/{version.pk}/settle/"), {"take": "yes"})
    assert draft.answers.get(field="title").value == "My title"


def test_saving_says_what_was_saved_and_is_offered_where_something_is(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.owner)

    def said(posted: dict[str, str]) -> list[str]:
        answer = client.post(address(draft, "write/idea/"), posted, follow=True)
        return [str(one) for one in answer.context["messages"]]

    assert said({**idea(draft), "go": ""}) == ["Saved."]
    assert said({**idea(draft), "go": ""}) == ["Everything here was saved already."]
    button = '<button class="button" name="go" value="">Save</button>'
    assert button in client.get(address(draft, "write/idea/")).content.decode()
    frozen = round_.call.form
    team = next(one for one in frozen["sections"] if any(f["kind"] == "partners" for f in one["fields"]))
    team["fields"] = [one for one in team["fields"] if one["kind"] == "partners"]
    round_.call.save()
    page = client.get(address(draft, f"write/{team['key']}/")).content.decode()
    assert button not in page
    assert "Save and" not in page
    assert 'value="check">Check</button>' in page


def test_a_small_button_saves_what_stands_in_the_page(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.owner)
    posted = {"base-months": "0", "f-months": "24", "organisation": round_.rival.key, "role": "partner"}
    client.post(address(draft, "partners/add/"), posted)
    assert draft.answers.get(field="months").value == "24"
    assert draft.partners.current().filter(organisation=round_.rival).exists()


def test_check_submit_receipt_and_back(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.owner)
    checked = client.get(address(complete, "check/")).content.decode()
    assert "Everything that is asked is there" in checked
    answer = client.post(address(complete, "submit/"), {"revision": complete.revision})
    assert answer["Location"] == address(complete, "receipt/")
    made = Submission.objects.get()
    receipt = client.get(address(complete, "receipt/")).content.decode()
    assert made.receipt in receipt
    assert made.sha256 in receipt
    assert made.at.astimezone(round_.call.zone).strftime("%H:%M:%S.%f") in receipt
    file = client.get(address(complete, f"handed-in/{made.pk}/"))
    assert json.loads(file.content) == made.snapshot
    assert client.get(address(complete, "write/idea/")).status_code == 302
    client.post(address(complete, "take-back/"))
    complete.refresh_from_db()
    assert complete.state == "draft"
    client.post(address(complete, "withdraw/"), {"reason": "Too early"})
    client.post(address(complete, "undo/"))
    complete.refresh_from_db()
    assert complete.state == "draft"


def test_numbers_stand_as_the_reader_writes_them_and_add_up(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    """Saving the page as it was shown changes nothing, so no signature becomes void."""
    client = signed_in(round_.owner)
    client.cookies["django_language"] = "de"
    page = client.get(address(complete, "write/team/"))
    budget = page.context["fields"][-1]
    assert [cell.value for cell in budget.budget[0].cells] == ["80.000,00", "20.000,00", "60.000,00"]
    assert [total for _label, total in budget.sums] == ["160.000,00", "40.000,00", "120.000,00", "200.000,00"]
    posted = {cell.name: cell.value for row in budget.budget for cell in row.cells}
    posted |= {f"base-{one.field.key}": str(one.base) for one in page.context["fields"]} | {"f-months": "24"}
    client.post(address(complete, "write/team/"), {**posted, "go": ""})
    assert complete.signatures.standing().count() == 1
    told = {key: {"value": "24,5", "base": 99} for key in ("months",)}
    answer = client.post(address(complete, "save/"), {"answers": told}, content_type="application/json")
    assert answer.json()["faults"] == {"months": "Laufzeit in Monaten ist 24,50; das ist keine ganze Zahl."}


def test_the_check_leads_to_each_field(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    page = signed_in(round_.owner).get(address(draft, "check/")).content.decode()
    assert f'href="{address(draft, "write/benefit/")}?check#f-market"' in page
    assert "Market and benefit: an answer is required." in page
    field = signed_in(round_.owner).get(address(draft, "write/benefit/")).content.decode()
    assert 'id="f-market"' in field


def test_a_late_press_is_told_by_the_servers_clock(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.owner)
    with time_machine.travel(round_.call.closes_at + dt.timedelta(seconds=1), tick=False):
        page = client.post(address(complete, "submit/"), {"revision": ""}, follow=True).content.decode()
    assert "The call is closed. By the server" in page
    assert Submission.objects.count() == 0


PATHS = (
    "", "preview/", "write/idea/", "check/", "receipt/", "versions/innovation/", "field/title/", "withdraw/",
)  # fmt: skip
POSTS = (
    "write/idea/", "save/", "changes/", "submit/", "take-back/", "withdraw/", "undo/", "partners/add/",
    "files/declarations/add/", "invite/",
)  # fmt: skip


def test_a_competitor_learns_nothing(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    """Every address answers as if there were nothing, before and after the submission."""
    partner = complete.partners.get(organisation=round_.partner)
    for when in ("draft", "submitted"):
        if when == "submitted":
            actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
        made = Submission.objects.first()
        extra = [f"handed-in/{made.pk}/"] if made else []
        for who in (round_.competitor, round_.other_manager, round_.nobody):
            client = signed_in(who)
            for rest in (*PATHS, *extra, f"partners/{partner.key}/"):
                answer = client.get(address(complete, rest))
                assert answer.status_code == 404, rest
                assert SECRET.encode() not in answer.content
            for rest in (*POSTS, f"partners/{partner.key}/remove/"):
                assert client.post(address(complete, rest)).status_code == 404, rest
            assert b"A nose for milk" not in client.get("/calls/applications/").content
    assert Client().get(address(complete)).status_code == 302


def test_a_manager_reads_what_was_handed_in_and_not_what_is_written_now(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    by = Actor.of_user(round_.owner)
    client = signed_in(round_.manager)
    assert client.get(address(complete, "preview/")).status_code == 404
    actions.submit_application(application=complete, actor=by)
    actions.take_submission_back(application=complete, actor=by)
    actions.save_answers(
        application=complete, written={"market": actions.Written("Half a thou", complete.revision)}, actor=by
    )
    page = client.get(address(complete, "preview/")).content.decode()
    assert "Dairies lose milk every day." in page
    assert "Half a thou" not in page
    assert client.get(address(complete)).status_code == 200
    assert client.post(address(complete, "submit/")).status_code == 403


def test_a_file_answers_a_field_within_its_limits(
    round_: SimpleNamespace, complete: Application, signed_in: Signed
) -> None:
    by = Actor.of_user(round_.owner)
    actions.submit_application(application=complete, actor=by)
    actions.move_application(application=complete, to="eligible", actor=by)
    actions.invite_to_second_step(application=complete, actor=by)
    client = signed_in(round_.colleague)
    place = address(complete, "files/declarations/add/")
    paper = SimpleUploadedFile("size.pdf", b"%PDF-1.7 we are small")
    client.post(place, {"file-declarations": paper})
    kept = Attachment.objects.get()
    assert complete.answers.get(field="declarations").value == [
        {"key": kept.key, "name": "size.pdf", "size": 21}
    ]
    refused = client.post(
        place, {"file-declarations": SimpleUploadedFile("size.png", b"\x89PNG\r\n\x1a\n")}, follow=True
    )
    assert "is of a type that is not allowed" in refused.content.decode()
    download = address(complete, f"file/{kept.key}/")
    assert b"".join(client.get(download)) == b"%PDF-1.7 we are small"
    assert signed_in(round_.competitor).get(download).status_code == 404
    client.post(address(complete, f"files/declarations/{kept.key}/remove/"))
    assert complete.answers.get(field="declarations").value == []


def test_saving_answers_a_program_of_the_page(
    round_: SimpleNamespace, draft: Application, signed_in: Signed
) -> None:
    client = signed_in(round_.owner)

    def post(rest: str, body: Any) -> Any:
        return client.post(address(draft, rest), json.dumps(body), content_type="application/json")

    saved = post("save/", {"answers": {"title": {"value": "Milk", "base": 0}}}).json()
    assert saved["answers"]["title"] | {"revision": 0} == {
        "outcome": "saved", "value": "Milk", "revision": 0, "sent": None, "by": "", "parked": None,
    }  # fmt: skip
    other = signed_in(round_.colleague)
    there = json.dumps({"since": 0, "field": "market"})
    other.post(address(draft, "changes/"), there, content_type="application/json")
    told = post("changes/", {"since": 0, "field": "title"}).json()
    assert told["others"] == [{"name": "Paul Partner", "field": "market"}]
    assert told["answers"] == {
        "title": {"revision": saved["answers"]["title"]["revision"], "by": "Olga Owner"}
    }
    for wrong in ("x", [], {"answers": []}, {"answers": {"title": 1}}, {"answers": {"title": {"base": "a"}}}):
        assert post("save/", wrong).status_code == 400
    assert client.post(address(draft, "save/"), "{", content_type="application/json").status_code == 400


def test_beginning_an_application(round_: SimpleNamespace, signed_in: Signed) -> None:
    client = signed_in(round_.owner)
    assert "Lumen Optica BV" in client.get("/calls/rocket-1/apply/").content.decode()
    begun = {"lead": round_.lead.key, "title": "Nose", "language": "nl"}
    answer = client.post("/calls/rocket-1/apply/", begun)
    made = Application.objects.get()
    assert answer["Location"] == address(made)
    assert (made.title, made.language, made.lead) == ("Nose", "nl", round_.lead)
    forged = {"lead": round_.lead.key, "title": "Forged", "language": "nl"}
    refused = signed_in(round_.competitor).post("/calls/rocket-1/apply/", forged)
    assert (refused.status_code, Application.objects.count()) == (400, 1)
    client.cookies["django_language"] = "de"
    assert client.get("/calls/rocket-1/apply/").context["form"]["language"].value() == "de"
    page = signed_in(round_.nobody).get("/calls/rocket-1/apply/").content.decode()
    assert "You speak for no organisation" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    round_: SimpleNamespace, signed_in: Signed, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        actions.begin_application(
            call=round_.call, lead=round_.lead, title=f"Idea {number}", actor=Actor.of_user(round_.owner)
        )
    client = signed_in(round_.owner)
    client.get("/calls/applications/")
    with django_assert_num_queries(4):
        page = client.get("/calls/applications/").content.decode()
    assert page.count("Idea") == count
