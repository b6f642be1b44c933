"""Calls for programs: who may, what is refused with its place, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from kontor.features.calls.casework.actions import log_entry, open_case
from kontor.features.calls.models import Application, Call, Case, SelfCheck
from kontor.features.organisations.tests.factories import ACTOR

from .conftest import SECRET

JSON = "application/json"


def test_a_call_is_drafted_changed_and_published(
    draft: Call, api_client: Callable[..., Client], user_with: Callable[..., object]
) -> None:
    manager = api_client("calls:read", "calls:write", user=user_with("programme_manager", "border-light"))
    stranger = api_client("calls:read", "calls:write", user=user_with("programme_manager", "rocket"))
    address = f"/api/v1/calls/{draft.key}"
    assert stranger.get(address).status_code == 404
    bad = manager.patch(address, {"revision": 1, "closes_at": "2027-05-01T10:00:00"}, content_type=JSON)
    assert (bad.status_code, bad.json()["error"]["path"]) == (422, "body.closes_at")
    given = {"revision": 1, "title": {"en": "Light", "de": "Licht"}}
    assert manager.patch(address, given, content_type=JSON).json()["revision"] == 2
    stale = manager.patch(address, given, content_type=JSON)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "call-changed")
    published = manager.post(f"{address}/publish").json()
    assert (published["state"], published["phase"]) == ("published", "coming")
    assert stranger.get(address).json()["left"] == [
        {"key": "budget", "left": "100000.00", "currency": "EUR", "binding": True}
    ]
    assert stranger.post(f"{address}/withdraw", {"reason": "No"}, content_type=JSON).status_code == 403


def test_a_case_is_handed_over_by_those_who_help(
    place: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    case = open_case(call=place.call, title="An idea", region="DEA1B", actor=ACTOR)
    log_entry(case=case, kind="note", text=SECRET, actor=ACTOR)
    address = f"/api/v1/calls/cases/{case.key}"
    for who, status in (("competitor", 404), ("owner", 404), ("controller", 200), ("nel", 200)):
        found = api_client("calls:read", user=getattr(place, who)).get(address)
        assert (found.status_code, SECRET in found.content.decode()) == (status, status == 200), who
    nel = api_client("calls:read", "calls:write", user=place.nel)
    revision = Case.objects.get(pk=case.pk).revision
    given = {"to": place.nel.email, "reason": "Speaks Dutch", "revision": revision}
    assert nel.post(f"{address}/hand-over", given, content_type=JSON).json()["contact"] == "Nel Contact"
    stale = nel.post(f"{address}/hand-over", {**given, "to": place.dirk.email}, content_type=JSON)
    assert stale.status_code == 409


def test_eligibility_is_decided_once_for_what_was_seen(
    place: SimpleNamespace, handed_in: Callable[..., Application], api_client: Callable[..., Client]
) -> None:
    application = handed_in()
    address = f"/api/v1/calls/applications/{application.key}/eligibility"
    rival = api_client("calls:read", "calls:write", user=place.competitor)
    assert rival.get(address).status_code == 404
    mona = api_client("calls:read", "calls:write", user=place.mona)
    missing = mona.post(address, {"verdict": "ineligible"}, content_type=JSON)
    assert (missing.status_code, missing.json()["error"]["path"]) == (400, "reason")
    decided = mona.post(address, {"verdict": "eligible"}, content_type=JSON).json()
    assert [(one["number"], one["verdict"]) for one in decided["decisions"]] == [(1, "eligible")]
    assert mona.post(address, {"verdict": "eligible"}, content_type=JSON).status_code == 409
    undone = mona.post(f"{address}/take-back", {"reason": "Wrong one", "seen": 1}, content_type=JSON).json()
    assert [one["verdict"] for one in undone["decisions"]] == ["taken-back", "eligible"]


def test_a_check_tells_what_every_rule_says(
    place: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    client = api_client("calls:read", "calls:write", user=place.nobody)
    address = f"/api/v1/calls/{place.call.key}/checks"
    wrong = {"partners": [{"country": "NL", "nuts": "DEA1B"}]}
    refused = client.post(address, wrong, content_type=JSON)
    assert (refused.status_code, refused.json()["error"]["path"]) == (400, "body.nuts")
    team = {
        "partners": [{"country": "NL", "lead": True, "cost": "10.00"}, {"country": "DE", "cost": "10.00"}]
    }
    kept = client.post(address, {**team, "grant": "10.00"}, content_type=JSON).json()
    assert {one["key"]: one["state"] for one in kept["answers"]} == {
        "minimum-countries": "yes",
        "rate": "yes",
    }
    assert client.delete(f"/api/v1/calls/checks/{kept['key']}").status_code == 204
    assert not SelfCheck.objects.exists()
