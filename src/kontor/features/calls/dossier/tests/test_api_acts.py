"""Files, versions, partners and papers of an application for programs: limits and faults as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.features.accounts.models import RoleAssignment
from kontor.features.calls.checking.actions import keep_check
from kontor.features.calls.dossier.tests.conftest import partner_of, with_annex
from kontor.features.calls.models import Application
from kontor.features.calls.tests.conftest import SECRET
from kontor.features.organisations.tests.factories import ACTOR

Make = Callable[..., Client]
JSON = "application/json"
PDF = b"%PDF-1.4 letter of intent"


@pytest.fixture
def api(api_client: Make) -> Callable[[Any], Client]:
    return lambda user: api_client("calls:read", "calls:write", user=user)


def paper(name: str = "letter.pdf", content: bytes = PDF) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def fault(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["path"]


def test_a_file_is_added_refused_and_taken_out(
    round_: SimpleNamespace, draft: Application, api: Callable[[Any], Client]
) -> None:
    with_annex(round_.call)
    base = f"/api/v1/applications/{draft.key}"
    place = f"{base}/answers/annex/files/"
    owner = api(round_.owner)
    assert fault(owner.post(place, paper("letter.exe"))) == (422, "attachment-file-type", "annex")
    german = owner.post(place, paper("letter.exe"), headers={"Accept-Language": "de"}).json()["error"]
    assert german["message"] != owner.post(place, paper("letter.exe")).json()["error"]["message"]
    assert fault(owner.post(place, paper(content=PDF * 60_000)))[1] == "attachment-file-size"
    assert fault(owner.post(place, paper(content=b"no pdf at all")))[0] in {400, 422}
    assert fault(owner.post(f"{base}/answers/title/files/", paper())) == (422, "no-file-field", "title")
    added = owner.post(place, paper())
    assert (added.status_code, [one["name"] for one in added.json()["files"]]) == (201, ["letter.pdf"])
    file = added.json()["files"][0]["key"]
    assert b"".join(owner.get(f"{base}/files/{file}/")) == PDF
    for who, status in ((round_.competitor, 404), (round_.reader, 403), (round_.nobody, 404)):
        assert api(who).post(place, paper()).status_code == status
        assert api(who).delete(f"{place}{file}/").status_code == status
    assert owner.delete(f"{place}nothing/").status_code == 404
    assert owner.delete(f"{place}{file}/").json()["files"] == []
    listed = owner.get(f"{base}/answers/annex/versions/").json()["items"]
    assert [len(one["value"]) for one in listed] == [0, 1]


def test_two_texts_that_met_are_settled_and_versions_brought_back(
    round_: SimpleNamespace, draft: Application, api: Callable[[Any], Client]
) -> None:
    base = f"/api/v1/applications/{draft.key}"
    owner, colleague = api(round_.owner), api(round_.colleague)

    def write(client: Client, text: str, since: int) -> dict[str, Any]:
        told = {"answers": {"innovation": {"value": text, "base": since}}}
        return dict(client.put(f"{base}/answers/", told, JSON).json()["innovation"])

    first = write(owner, SECRET, 0)
    write(owner, "The lead's own sentence.", first["revision"])
    assert write(colleague, "The partner's other sentence.", first["revision"])["outcome"] == "parked"
    place = f"{base}/answers/innovation/versions/"
    rows = owner.get(place).json()["items"]
    assert [(one["origin"], one["waits"]) for one in rows] == [
        ("parked", True), ("written", False), ("written", False)
    ]  # fmt: skip
    settle = f"{base}/versions/{rows[0]['id']}/settle/"
    assert owner.post(settle, {"take": True}, JSON).json()["value"] == "The partner's other sentence."
    assert fault(owner.post(settle, {"take": True}, JSON))[:2] == (409, "already-settled")
    oldest = f"{base}/versions/{rows[2]['id']}/restore/"
    for who, status in ((round_.competitor, 404), (round_.manager, 404), (round_.reader, 403)):
        client = api(who)
        assert client.get(place).status_code == client.post(oldest).status_code == status
        assert SECRET not in client.get(place).content.decode()
    assert owner.post(oldest).json()["value"] == SECRET
    assert owner.get(f"{base}/answers/nothing/versions/").status_code == 404


def test_a_partner_is_described_once_for_what_was_read(
    round_: SimpleNamespace, draft: Application, api: Callable[[Any], Client]
) -> None:
    owner = api(round_.owner)
    lead, partner = owner.get(f"/api/v1/applications/{draft.key}/").json()["partners"]
    place = f"/api/v1/applications/{draft.key}/partners/{partner['key']}/"
    told = {"revision": partner["revision"], "role": "associated", "new": True}
    changed = owner.patch(place, told, JSON).json()["partners"][1]
    assert (changed["role"], changed["new"], changed["led_before"]) == ("associated", True, None)
    assert fault(owner.patch(place, told, JSON))[:2] == (409, "partner-changed")
    told["revision"] = changed["revision"]
    assert fault(owner.patch(place, {**told, "region": "nowhere"}, JSON))[1:] == ("region-unknown", "region")
    assert fault(owner.patch(place, {**told, "role": "lead"}, JSON))[1:] == ("one-lead", "role")
    assert fault(owner.patch(place, {**told, "role": "king"}, JSON)) == (422, "invalid", "body.role")
    assert lead["revision"] == 1
    assert api(round_.competitor).patch(place, told, JSON).status_code == 404


def test_an_application_begins_with_a_check(round_: SimpleNamespace, api: Callable[[Any], Client]) -> None:
    answers = {"title": "Nose", "idea": "A nose for milk", "themes": ["health"], "months": 24}
    check = keep_check(call=round_.call, answers=answers, actor=ACTOR)
    owner = api(round_.owner)
    told = {"call": "rocket-1", "lead": round_.lead.key, "check": check.key, "consortium": ""}
    begun = owner.post("/api/v1/applications/", told, JSON).json()
    assert (begun["title"], begun["months"], begun["themes"]) == ("Nose", 24, ["health"])
    assert owner.post("/api/v1/applications/", {**told, "consortium": "nobody"}, JSON).status_code == 404
    found = owner.get("/api/v1/applications/?state=draft&call=rocket-1").json()["items"]
    assert [one["key"] for one in found] == [begun["key"]]
    assert owner.get("/api/v1/applications/?state=submitted").json()["count"] == 0


def test_a_signature_on_paper_and_texts_of_the_directory(
    round_: SimpleNamespace, draft: Application, api: Callable[[Any], Client]
) -> None:
    owner, base = api(round_.owner), f"/api/v1/applications/{draft.key}"
    partner: Any = partner_of(draft, round_.partner)
    place = f"{base}/signatures/{partner.key}/"
    refused = owner.post(f"{place}paper/", {"name": "Paul", **paper()})
    assert fault(refused) == (409, "signed-here", "partner")
    RoleAssignment.objects.filter(user=round_.colleague).delete()
    assert owner.post(f"{place}paper/", {"name": "Paul", **paper("x.exe")}).status_code in {400, 422}
    made = owner.post(f"{place}paper/", {"name": "Paul Partner", "capacity": "CEO", **paper()}).json()
    signature = made["partners"][1]["signature"]
    assert (signature["name"], signature["way"], made["missing"]) == ("Paul Partner", "paper", [])
    scan = f"{base}/signatures/{signature['key']}/scan/"
    assert b"".join(owner.get(scan)) == PDF
    assert api(round_.competitor).get(scan).status_code == 404
    assert api(round_.reader).post(f"{place}take-back/").status_code == 403
    assert owner.post(f"{place}take-back/").json()["partners"][1]["signature"] is None
    facts = owner.get(f"{base}/directory-facts/").json()
    name = next(one["key"] for one in facts["facts"] if one["text"] == "Lumen Optica BV")
    choice = {"choices": {"innovation": name}, "revision": facts["revision"]}
    wrong = {**choice, "choices": {"innovation": "x"}}
    assert fault(owner.post(f"{base}/directory-facts/", wrong, JSON)) == (
        400, "fact-unknown", "body.choices.innovation"
    )  # fmt: skip
    assert owner.post(f"{base}/directory-facts/", choice, JSON).json()["written"] == ["innovation"]
    assert owner.get(f"{base}/").json()["answers"]["innovation"] == "Lumen Optica BV"
    assert owner.get(f"{base}/dossier.pdf").content.startswith(b"%PDF")
    assert api(round_.competitor).get(f"{base}/directory-facts/").status_code == 404
    assert api(round_.competitor).get(f"{base}/dossier.pdf").status_code == 404


def test_a_file_answers_an_amendment(
    round_: SimpleNamespace, submitted: Application, api: Callable[[Any], Client]
) -> None:
    with_annex(round_.call)
    base = f"/api/v1/applications/{submitted.key}/amendments/"
    told = {"fields": ["annex"], "question": "The letter?", "deadline": "2099-01-01T12:00:00Z"}
    asked = api(round_.manager).post(base, told, JSON).json()
    place = f"{base}{asked['key']}/values/annex/files/"
    owner = api(round_.owner)
    assert fault(owner.post(place, paper("x.exe")))[1:] == ("attachment-file-type", "values.annex")
    drafted = owner.post(place, paper())
    assert (drafted.status_code, drafted.json()["after"]["annex"][0]["name"]) == (201, "letter.pdf")
    assert api(round_.manager).get(base).json()["items"][0]["after"] == {}
    assert api(round_.manager).post(place, paper()).status_code == 403
    assert api(round_.competitor).post(place, paper()).status_code == 404
