"""The pages and the API of the papers: who sees them, what they do, and that strangers learn nothing."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kontor.features.calls import actions
from kontor.features.calls.dossier.actions import amending
from kontor.features.calls.dossier.facts import answers_of
from kontor.features.calls.dossier.paper import word_of
from kontor.features.calls.dossier.tests.conftest import by, partner_of, with_annex
from kontor.features.calls.models import Amendment, Application, Signature, Transfer
from kontor.features.organisations.tests.factories import organisation

pytestmark = pytest.mark.django_db


def address(application: Application, *parts: str) -> str:
    return "/".join(["/calls/applications", application.key, *parts, ""])


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def edited(content: bytes, key: str, text: str) -> SimpleUploadedFile:
    document = docx.Document(io.BytesIO(content))
    for table in document.tables:
        if f"⟦{key}⟧" in table.rows[0].cells[0].text:
            table.rows[1].cells[0].text = text
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile("back.docx", out.getvalue())


PAGES = ("signatures", "word", "word/file", "take-over", "take-over/directory", "amendments", "dossier")


def test_who_may_open_which_page_of_a_draft(round_: SimpleNamespace, draft: Application) -> None:
    writers = ("owner", "editor", "helper", "colleague")
    for name, user in vars(round_).items():
        if not hasattr(user, "email"):
            continue
        client = client_of(user)
        seen = {page: client.get(address(draft, page)).status_code for page in PAGES}
        if name in writers:
            wanted = dict.fromkeys(PAGES, 200)
        elif name in ("reader", "administrator"):
            wanted = {page: 403 if "word" in page or "take" in page else 200 for page in PAGES}
        else:
            wanted = dict.fromkeys(PAGES, 404)
        assert (name, seen) == (name, wanted)
    assert client_of(None).get(address(draft, "dossier")).status_code == 302
    assert client_of(None).get(f"/api/v1/applications/{draft.key}/signatures/").status_code == 401


def test_signing_on_the_page_after_reading_it(round_: SimpleNamespace, complete: Application) -> None:
    partner = partner_of(complete, round_.partner)
    page = address(complete, "signatures", partner.key, "sign")  # type: ignore[attr-defined]
    assert client_of(round_.owner).get(page).status_code == 403
    client = client_of(round_.colleague)
    shown = client.get(page).content.decode()
    assert "Dairies lose milk every day." in shown
    late = {"capacity": "Director", "entitled": "on", "revision": complete.revision - 1}
    refused = client.post(page, late).content.decode()
    assert "Changed since you read it" in refused
    assert Signature.objects.count() == 0
    client.post(page, {**late, "revision": complete.revision})
    row = Signature.objects.get()
    assert (row.name, row.capacity, row.actor_key) == ("Paul Partner", "Director", round_.colleague.key)
    listed = client_of(round_.owner).get(address(complete, "signatures")).content.decode()
    assert "Paul Partner, Director" in listed
    taken_back = address(complete, "signatures", row.key, "take-back")
    assert client_of(round_.owner).post(taken_back).status_code == 403
    client.post(taken_back)
    assert Signature.objects.standing().count() == 0


def test_the_signatures_page_asks_as_often_for_four_partners(
    round_: SimpleNamespace, complete: Application, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = client_of(round_.owner)
    client.get(address(complete, "signatures"))
    for name in ("One BV", "Two BV"):
        actions.add_partner(
            application=complete, organisation=organisation(name), values={}, actor=by(round_.owner)
        )
    with django_assert_max_num_queries(28):
        client.get(address(complete, "signatures"))


def test_a_word_file_out_and_back_on_the_pages(round_: SimpleNamespace, complete: Application) -> None:
    client = client_of(round_.editor)
    answer = client.get(address(complete, "word", "file") + "?language=nl")
    assert answer["Content-Disposition"] == f'attachment; filename="{complete.number}.docx"'
    back = client.post(
        address(complete, "word"), {"file": edited(answer.content, "market", "From the train.")}
    )
    transfer = Transfer.objects.get()
    assert back["Location"] == address(complete, "word", transfer.key)
    shown = client.get(back["Location"]).content.decode()
    assert "From the train." in shown
    assert "Dairies lose milk every day." in shown
    client.post(back["Location"], {"revision": complete.revision, "take-market": "file"})
    assert answers_of(complete)["market"] == "From the train."
    client.post(address(complete, "take-over", transfer.key, "back"))
    assert answers_of(complete)["market"] == "Dairies lose milk every day."

    damaged = client.post(address(complete, "word"), {"file": SimpleUploadedFile("x.docx", b"PK\x03\x04")})
    assert "This file is damaged and cannot be read." in damaged.content.decode()
    for user in (round_.competitor, round_.manager):
        assert client_of(user).get(address(complete, "word", transfer.key, "original")).status_code == 404


def test_copying_and_the_directory_on_the_pages(round_: SimpleNamespace, complete: Application) -> None:
    other = actions.begin_application(
        call=round_.call, lead=round_.lead, title="Next", actor=by(round_.owner)
    )
    client = client_of(round_.owner)
    page = address(other, "take-over", "from", complete.key)
    assert "Dairies lose milk every day." in client.get(page).content.decode()
    client.post(page, {"revision": other.revision, "field": ["market", "months"]})
    found = answers_of(other)
    assert (found["market"], found["months"], "innovation" in found) == (
        "Dairies lose milk every day.", "24", False,
    )  # fmt: skip
    # one's own application may not be filled from somebody else's
    foreign = actions.begin_application(call=round_.call, lead=round_.rival, actor=by(round_.competitor))
    assert (
        client_of(round_.competitor).get(address(foreign, "take-over", "from", complete.key)).status_code
        == 404
    )

    round_.lead.summary = "We bond chips to glass."
    round_.lead.save()
    other.refresh_from_db()
    picked = {"revision": other.revision, "fact-innovation": f"{round_.lead.key}:summary"}
    client.post(address(other, "take-over", "directory"), picked)
    assert answers_of(other)["innovation"] == "We bond chips to glass."


def test_an_amendment_from_the_question_to_both_versions(
    round_: SimpleNamespace, submitted: Application
) -> None:
    officer, writer, owner = client_of(round_.manager), client_of(round_.editor), client_of(round_.owner)
    until = (timezone.now() + dt.timedelta(days=3)).astimezone(round_.call.zone)
    question = {
        "fields_asked": ["market"], "question": "How much milk?", "deadline": f"{until:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert writer.get(address(submitted, "amendments", "ask")).status_code == 403
    officer.post(address(submitted, "amendments", "ask"), question)
    row = Amendment.objects.get()
    # a deadline is a time on the call's clock, not on the reader's
    assert row.deadline == until.replace(second=0, microsecond=0)
    page = address(submitted, "amendments", row.key)
    shown = writer.get(page).content.decode()
    assert 'name="f-market"' in shown
    assert 'name="f-innovation"' not in shown
    assert 'name="f-market"' not in officer.get(page).content.decode()

    told = {"revision": row.revision, "f-market": "A tenth.", "base-market": "1", "note": "Measured."}
    writer.post(page + "write/", told)
    assert "A tenth." not in officer.get(page).content.decode()
    stale = owner.post(page + "write/", {**told, "f-market": "A fifth."}).content.decode()
    assert "A fifth." in stale  # what was typed is still there,
    assert "A tenth." in stale  # beside what somebody else saved
    assert writer.post(page + "write/", {**told, "revision": 2, "hand_in": "yes"}).status_code == 403
    row.refresh_from_db()
    owner.post(page + "write/", {**told, "revision": row.revision, "hand_in": "yes"})
    assert answers_of(submitted)["market"] == "A tenth."
    both = officer.get(page).content.decode()
    assert "A tenth." in both
    assert "Dairies lose milk every day." in both
    assert client_of(round_.competitor).get(page).status_code == 404


def test_an_answer_to_the_programme_saves_itself_field_by_field(
    round_: SimpleNamespace, submitted: Application
) -> None:
    """What meets another's text is not written; the page shows both, and its writer decides."""
    row = amending.ask_amendment(
        application=submitted, fields=["market", "months"], question="How much?",
        deadline=timezone.now() + dt.timedelta(days=3), actor=by(round_.manager),
    )  # fmt: skip
    mine, theirs = client_of(round_.editor), client_of(round_.colleague)
    place = address(submitted, "amendments", row.key, "save")
    assert f'data-autosave="{place}"' in mine.get(row.get_absolute_url()).content.decode()
    assert "The programme asks about your application" in mine.get(address(submitted)).content.decode()

    def sent(client: Client, base: int, **answers: str) -> Any:
        body = {"answers": {key: {"value": value, "base": base} for key, value in answers.items()}}
        return client.post(place, body, content_type="application/json")

    saved = sent(mine, 1, market="A tenth.", months="24,5", **{"@note": "Measured."}).json()
    assert {key: one["outcome"] for key, one in saved["answers"].items()} == {
        "market": "saved", "months": "saved", "@note": "saved",
    }  # fmt: skip
    assert saved["faults"] == {"months": "Duration in months is 24.50, which is no whole number."}
    met = sent(theirs, 1, market="A fifth.", months="24.5").json()["answers"]
    assert met["market"] | {"revision": 0} == {
        "outcome": "parked", "value": "A tenth.", "revision": 0, "sent": None, "by": "Ed Editor",
        "parked": None,
    }  # fmt: skip
    assert met["months"]["outcome"] == "same"
    again = sent(theirs, met["market"]["revision"], market="A fifth, a tenth at night.").json()
    assert again["answers"]["market"]["outcome"] == "saved"
    row.refresh_from_db()
    assert (row.after["market"], row.note) == ("A fifth, a tenth at night.", "Measured.")
    assert sent(mine, 9, innovation="Smuggled").status_code == 422
    assert sent(mine, 9, market=["no", "text"]).status_code == 422  # type: ignore[arg-type]
    assert client_of(round_.manager).post(place).status_code == 403
    assert client_of(round_.competitor).post(place).status_code == 404
    assert answers_of(submitted)["market"] == "Dairies lose milk every day."


def test_files_in_an_amendment_keep_the_limits(round_: SimpleNamespace, complete: Application) -> None:
    with_annex(round_.call)
    complete.refresh_from_db()
    from kontor.features.calls.dossier.actions import signing

    partner = partner_of(complete, round_.partner)
    signing.sign_application(partner=partner, revision=complete.revision, actor=by(round_.colleague))  # type: ignore[arg-type]
    actions.submit_application(application=complete, actor=by(round_.owner))
    row = amending.ask_amendment(
        application=complete, fields=["annex"], question="The letters, please.",
        deadline=timezone.now() + dt.timedelta(days=1), actor=by(round_.manager),
    )  # fmt: skip
    client = client_of(round_.owner)
    page = address(complete, "amendments", row.key, "write")

    def send(name: str, content: bytes) -> str:
        row.refresh_from_db()
        told = {"revision": row.revision, "file-annex": SimpleUploadedFile(name, content)}
        return client.post(page, told, follow=True).content.decode()

    assert "is of a type that is not allowed" in send("letter.docx", b"PK")
    assert "has 1.10 MB" in send("letter.pdf", b"%PDF-" + b"x" * 1_200_000)
    assert "letter.pdf" in send("letter.pdf", b"%PDF-1.7")
    row.refresh_from_db()
    (file,) = row.after["annex"]
    download = f"/calls/applications/{complete.key}/file/{file['key']}/"
    assert client_of(round_.manager).get(download).status_code == 404
    assert client.get(download).status_code == 200
    client.post(page, {"revision": row.revision, "f-annex": file["key"], "hand_in": "yes"})
    assert client_of(round_.manager).get(download).status_code == 200


def test_the_api_does_the_same_under_the_same_rules(round_: SimpleNamespace, complete: Application) -> None:
    base = f"/api/v1/applications/{complete.key}"
    owner, partner_side, rival = (
        client_of(user) for user in (round_.owner, round_.colleague, round_.competitor)
    )

    def send(client: Client, path: str, body: dict[str, Any], method: str = "post") -> Any:
        return getattr(client, method)(base + path, body, content_type="application/json")

    found = owner.get(f"{base}/signatures/").json()
    assert found["missing"] == [round_.partner.key]
    partner = next(one["partner"] for one in found["partners"] if one["organisation"] == round_.partner.key)
    assert send(owner, f"/signatures/{partner}/", {"revision": found["revision"]}).status_code == 403
    signed = send(partner_side, f"/signatures/{partner}/", {"revision": found["revision"], "capacity": "CEO"})
    assert signed.json()["missing"] == []

    upload = {"file": edited(word_of(complete, "en"), "market", "From a program.")}
    made = owner.post(f"{base}/word/", upload).json()
    assert [(line["field"], line["side"]) for line in made["lines"]] == [("market", "file")]
    settle = {"takes": {"market": "file"}, "revision": made["revision"]}
    assert send(owner, f"/transfers/{made['key']}/settle/", settle).json()["written"] == ["market"]
    assert owner.get(f"{base}/signatures/").json()["missing"] == [round_.partner.key]
    assert send(owner, f"/transfers/{made['key']}/take-back/", {}).json()["undone_at"] is not None

    archive = owner.get(f"{base}/dossier/")
    assert b"".join(archive.streaming_content)[:2] == b"PK"
    for path in ("/signatures/", "/amendments/", "/transfers/", "/dossier/", "/word/"):
        assert (path, rival.get(base + path).status_code) == (path, 404)
