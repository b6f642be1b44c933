"""The life of a call for programs: annexes, days, questions, contact persons, first contact, checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kontor.base.models import Job
from kontor.features.accounts.models import User
from kontor.features.calls.announcing.actions import ask_question
from kontor.features.calls.casework.actions import log_entry
from kontor.features.calls.models import Application, Call, Case, OrganisationNotice, Question
from kontor.features.organisations.tests.factories import ACTOR

from .conftest import SECRET

JSON = "application/json"
Api = Callable[[Any], Client]


@pytest.fixture
def api(api_client: Callable[..., Client]) -> Api:
    return lambda user: api_client("calls:read", "calls:write", user=user)


def mailed_to() -> list[str]:
    return [job.payload["to"] for job in Job.objects.filter(kind="mail.send").order_by("pk")]


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["path"]


def test_a_draft_gets_regional_annexes_and_says_what_it_lacks(
    draft: Call, api: Api, user_with: Callable[..., User]
) -> None:
    manager, stranger = (api(user_with("programme_manager", key)) for key in ("border-light", "rocket"))
    place = f"/api/v1/calls/{draft.key}"
    bw = {"key": "bw", "name": {"en": "Baden"}, "nuts": ["DE1"], "budget": "300000.00", "rate": "50"}
    told = {"revision": 1, "mode": "single", "summary": {"en": "Light"}, "regions": [bw]}
    bad = {**told, "regions": [{**bw, "nuts": ["ZZ9"]}]}
    assert fault(manager.patch(place, bad, JSON)) == (400, "regions.0.nuts")
    assert fault(manager.patch(place, {**told, "regions": [bw, bw]}, JSON)) == (400, "regions")
    assert fault(manager.patch(place, {**told, "regions": [{**bw, "budget": "1.234"}]}, JSON)) == (
        422, "body.regions.0.budget"
    )  # fmt: skip
    assert manager.patch(place, told, JSON).json()["revision"] == 2
    lacking = {one["path"]: one["remedy"] for one in manager.get(f"{place}/faults").json()}
    assert {"summary_de", "mode"} <= set(lacking)
    german = manager.get(f"{place}/faults", headers={"Accept-Language": "de"}).json()
    assert next(one["remedy"] for one in german if one["path"] == "mode") != lacking["mode"]
    assert manager.patch(place, {**told, "revision": 2, "mode": "mixed"}, JSON).status_code == 200
    read = manager.get(place).json()
    assert (read["mode"], read["regions"][0]["budget"], read["regions"][0]["rate"]) == (
        "mixed", "300000.00", "50"
    )  # fmt: skip
    assert [one["key"] for one in read["instruments"][0]["phases"]] == ["decision"]
    assert manager.get(f"{place}/form").json()["sections"]
    for rest in ("", "/form", "/faults"):
        assert stranger.get(place + rest).status_code == 404
    assert stranger.patch(place, told, JSON).status_code == 404


def test_days_join_and_leave_the_calendar(place: SimpleNamespace, api: Api) -> None:
    base = f"/api/v1/calls/{place.call.key}"
    day = {
        "kind": "information", "name": {"en": "Info day"}, "place": "Kleve",
        "starts_at": "2027-02-01T09:00:00Z", "ends_at": "2027-02-01T08:00:00Z",
    }  # fmt: skip
    mona = api(place.mona)
    assert fault(mona.post(f"{base}/days", day, JSON)) == (400, "ends_at")
    assert fault(mona.post(f"{base}/days", {**day, "ends_at": "1066-01-01T00:00:00Z"}, JSON)) == (
        422, "body.ends_at"
    )  # fmt: skip
    day["ends_at"] = "2027-02-01T11:00:00Z"
    made = mona.post(f"{base}/days", day, JSON).json()
    for who, status in (("nel", 403), ("other_manager", 403), ("nobody", 403)):
        assert api(getattr(place, who)).post(f"{base}/days", day, JSON).status_code == status, who
    moved = mona.put(f"{base}/days/{made['key']}", {**day, "place": "Wesel"}, JSON).json()
    assert moved["place"] == "Wesel"
    assert [one["place"] for one in Client().get(base).json()["days"]] == ["Wesel"]
    assert mona.delete(f"{base}/days/{made['key']}").status_code == 204
    assert Client().get(base).json()["days"] == []


def test_questions_are_answered_taken_down_and_discarded(place: SimpleNamespace, api: Api) -> None:
    base = f"/api/v1/calls/{place.call.key}/questions"
    told = {"text": "May Belgians apply?", "email": "no address"}
    assert fault(api(place.nobody).post(base, told, JSON)) == (422, "body.email")
    told["email"] = "ask@somewhere.example"
    assert api(place.nobody).post(base, told, JSON).status_code == 201
    row = Question.objects.get()
    nel = api(place.nel)
    answer = {"texts": {"en": {"question": "Belgians?", "answer": "No"}}, "revision": row.revision}
    assert nel.put(f"{base}/{row.key}", answer, JSON).json()["published"] is True
    assert mailed_to() == ["ask@somewhere.example"]
    assert nel.post(f"{base}/{row.key}/take-down").json()["published"] is False
    assert Client().get(f"/api/v1/calls/{place.call.key}").json()["questions"] == []
    spam = ask_question(call=place.call, text="Buy this", language="en", actor=ACTOR)
    assert api(place.competitor).delete(f"{base}/{spam.key}").status_code == 403
    assert nel.delete(f"{base}/{spam.key}").status_code == 204
    assert [one["asked"] for one in nel.get(base).json()] == ["May Belgians apply?"]
    asked = [api(place.nobody).post(base, told, JSON).status_code for _time in range(6)]
    assert asked[-1] == 429


def test_first_contact_reaches_the_person_for_the_region(
    place: SimpleNamespace, handed_in: Callable[..., Application], api: Api
) -> None:
    base = f"/api/v1/calls/{place.call.key}"
    mona = api(place.mona)
    nel = next(one for one in mona.get(f"{base}/contacts").json() if one["name"] == "Nel Contact")
    change = f"{base}/contacts/{nel['id']}"
    assert fault(mona.patch(change, {"regions": ["XX99"]}, JSON)) == (400, "regions")
    changed = mona.patch(change, {"phone": "+31 1", "organisation": place.lead.key}, JSON).json()
    told = next(one for one in changed if one["id"] == nel["id"])
    assert (told["phone"], told["organisation"], told["regions"]) == ("+31 1", place.lead.key, ["NL"])
    assert api(place.nel).patch(change, {"phone": "x"}, JSON).status_code == 403
    idea = {"title": "Valve", "text": SECRET, "name": "Ida", "email": "ida@x.example", "region": "NL221"}
    anybody = Client()
    assert fault(anybody.post(f"{base}/contact", {**idea, "region": "XX9"}, JSON)) == (400, "body.region")
    assert anybody.post(f"{base}/contact", idea, JSON).json() == {"contact": "Nel Contact"}
    assert SECRET not in anybody.get(base).content.decode()
    application = handed_in()
    case = Case.objects.get(application=application)
    log_entry(case=case, kind="note", text=SECRET, actor=ACTOR)
    log_entry(case=case, kind="note", text="We meet on Monday", shared=True, actor=ACTOR)
    own = f"/api/v1/calls/applications/{application.key}/contact"
    seen = api(place.owner).get(own)
    assert "We meet on Monday" in [one["text"] for one in seen.json()["entries"]]
    assert SECRET not in seen.content.decode()
    assert api(place.competitor).get(own).status_code == 404
    close = f"/api/v1/calls/cases/{case.key}/close"
    stale = {"reason": "Done", "revision": Case.objects.get(pk=case.pk).revision + 1}
    assert api(place.mona).post(close, stale, JSON).status_code == 409


def test_the_desk_settles_what_became_of_an_organisation(
    place: SimpleNamespace, handed_in: Callable[..., Application], api: Api
) -> None:
    told = {"organisation": place.lead, "name": "Lumen BV", "kind": "left", "at": timezone.now()}
    row = OrganisationNotice.objects.create(application=handed_in(), **told)
    base = f"/api/v1/calls/{place.call.key}/notices"
    assert ["Lumen BV" in one["line"] for one in api(place.nel).get(base).json()] == [True]
    for who in ("competitor", "owner", "nobody"):
        assert api(getattr(place, who)).get(base).status_code == 403, who
        assert api(getattr(place, who)).post(f"{base}/{row.pk}/settle").status_code == 403, who
    assert api(place.mona).post(f"{base}/{row.pk}/settle").status_code == 204
    assert api(place.nel).get(base).json() == []


def test_a_check_is_changed_and_mailed(place: SimpleNamespace, api: Api) -> None:
    client = api(place.nobody)
    kept = client.post(f"/api/v1/calls/{place.call.key}/checks", {"title": "A"}, JSON).json()
    address = f"/api/v1/calls/checks/{kept['key']}"
    team = {"partners": [{"country": "NL", "lead": True}, {"country": "DE"}], "title": "B"}
    changed = client.put(address, team, JSON).json()
    assert changed["key"] == kept["key"]
    assert json.dumps(changed["answers"]) != json.dumps(kept["answers"])
    assert fault(client.post(f"{address}/mail", {"email": "x"}, JSON)) == (422, "body.email")
    assert client.post(f"{address}/mail", {"email": "x@y.example"}, JSON).status_code == 204
    assert mailed_to() == ["x@y.example"]
