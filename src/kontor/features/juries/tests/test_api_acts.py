"""A jury run by programs from the pool of experts to the pitch day, and what each of its people learns."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kontor.features.accounts.models import User
from kontor.features.calls.models import Application
from kontor.features.juries import actions
from kontor.features.juries.models import (
    Assignment,
    Consensus,
    Expert,
    LiveScore,
    Member,
    Panel,
    PitchSlot,
    Waiver,
)
from kontor.features.juries.tests.conftest import CRITERIA, reviewed
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/juries/"
SECRET = "Bert doubts the market"
LATER = timezone.localdate() + dt.timedelta(days=90)
Caller = Callable[..., Any]


@pytest.fixture
def call(api_client: Callable[..., Client]) -> Caller:
    """`call(user, "get", path, body)` answers (status, body)."""
    clients: dict[Any, Client] = {}

    def made(user: User, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        if user.pk not in clients:
            clients[user.pk] = api_client("juries:read", "juries:write", user=user)
        client = getattr(clients[user.pk], method)
        told = {} if method == "get" else {"data": json.dumps(body or {}), "content_type": "application/json"}
        answer = client(f"{ROOT}{path}", **told)
        return answer.status_code, answer.json() if answer.content else None

    return made


def fault(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    return status, body["error"]["path"] or body["error"]["code"]


def test_an_expert_comes_from_the_pool_into_the_jury(
    jury: SimpleNamespace, call: Caller, user_with: Callable[..., User]
) -> None:
    who = user_with(email="eva@expert.example")
    told = {"programme": "rocket", "name": "Eva E", "email": who.email, "fields": ["no-theme"], "load": 2}
    assert fault(call(jury.manager, "post", "experts/", told)) == (400, "body.fields.0")
    assert call(jury.stranger, "post", "experts/", {**told, "fields": []})[0] == 403
    status, made = call(jury.manager, "post", "experts/", {**told, "fields": [jury.themes[0]]})
    assert (status, made["load"], made["revision"]) == (201, 2, 1)
    address = f"experts/{made['key']}/"
    away = {"revision": 1, "away_from": "2027-03-05", "away_until": "2027-03-01"}
    assert fault(call(jury.manager, "patch", address, away)) == (400, "away_until")
    assert call(jury.manager, "patch", address, {**away, "away_from": "2027-02-01"})[1]["revision"] == 2
    assert fault(call(jury.manager, "patch", address, away)) == (409, "expert-changed")
    tie = {"kind": "employer", "organisation": jury.firms[0].key}
    assert len(call(jury.manager, "post", f"{address}ties/", tie)[1]["ties"]) == 1
    assert call(jury.stranger, "get", address)[0] == 404
    key = jury.panel.key
    status, seat = call(jury.manager, "post", f"{key}/members/", {"expert": made["key"], "load_max": 3})
    assert (status, seat["state"], seat["blocked"]) == (201, "invited", 1)
    invited = call(who, "get", f"invitations/{seat['key']}/")[1]
    assert [len(one["conflicts"]) for one in invited["applications"]] == [1, 0, 0, 0]
    assert call(jury.manager, "get", f"invitations/{seat['key']}/")[0] == 404
    unsigned = {"signed_as": " ", "declared": []}
    assert fault(call(who, "post", f"invitations/{seat['key']}/accept/", unsigned)) == (400, "signed_as")
    second = jury.applications[1]
    signed = {"signed_as": "Eva E", "declared": [{"application": second.key, "reason": "My cousin"}]}
    assert call(who, "post", f"invitations/{seat['key']}/accept/", signed)[1]["state"] == "accepted"
    assert call(who, "post", f"invitations/{seat['key']}/decline/")[0] == 409
    late = {"organisation": jury.firms[2].key, "reason": "They hire me"}
    assert call(who, "post", f"invitations/{seat['key']}/conflicts/", late)[0] == 201
    by_hand = {"member": seat["key"], "reason": "Knows hearts"}
    for number in (0, 1, 2):
        refused = call(
            jury.manager,
            "post",
            f"{key}/assignments/",
            {**by_hand, "application": jury.applications[number].key},
        )
        assert fault(refused) == (409, "member"), number
    fourth = {**by_hand, "application": jury.applications[3].key, "third": True}
    status, given = call(jury.manager, "post", f"{key}/assignments/", fourth)
    assert (status, given["kind"], given["reason"]) == (201, "third", "Knows hearts")
    drop = f"{key}/assignments/{given['key']}/drop/"
    assert fault(call(jury.manager, "post", drop)) == (422, "body.reason")
    assert call(jury.manager, "post", drop, {"reason": "Two are enough"})[0] == 204
    change = {"revision": 1, "load_min": 3, "load_max": 2}
    member = f"{key}/members/{seat['key']}/"
    assert fault(call(jury.manager, "patch", member, change))[0] == 409
    change["revision"] = Member.objects.get(key=seat["key"]).revision
    assert fault(call(jury.manager, "patch", member, change)) == (400, "load_min")
    assert call(jury.manager, "post", f"{member}remove/", {"reason": "Moved"})[1]["state"] == "removed"
    assert call(jury.manager, "post", f"{member}back/")[1]["state"] == "accepted"
    assert call(jury.manager, "delete", address)[0] == 204
    assert call(jury.manager, "post", f"{address}restore/")[1]["seats"][0]["state"] == "accepted"
    assert Expert.objects.get(key=made["key"]).archived_at is None


def test_conflicts_are_declared_waived_and_waivers_revoked(jury: SimpleNamespace, call: Caller) -> None:
    key, anna, first = jury.panel.key, jury.experts[0], jury.applications[0]
    declared = {"expert": anna.key, "application": first.key, "reason": "Adviser"}
    assert fault(call(jury.manager, "post", f"{key}/declared/", {**declared, "organisation": "x"}))[0] == 404
    nothing = {"expert": anna.key, "reason": "Adviser"}
    assert fault(call(jury.manager, "post", f"{key}/declared/", nothing)) == (400, "application")
    status, row = call(jury.manager, "post", f"{key}/declared/", declared)
    assert status == 201
    assert Assignment.objects.get(pk=jury.assignments[0].pk).state == "blocked"
    known = call(jury.controller, "get", f"{key}/conflicts/")[1]
    assert [(one["application_key"], one["waivable"]) for one in known] == [(first.key, True)]
    waiver = {"expert": anna.key, "application": first.key, "reason": "Long ago", "signed_as": "Mona Manager"}
    status, signed = call(jury.manager, "post", f"{key}/waivers/", waiver)
    assert (status, signed["sentences"]) == (201, ["Declared: Adviser"])
    for who in (anna.user, jury.experts[1].user):
        for path in ("waivers", "declared", "conflicts", "calibration", "visibility", "preview", "members"):
            assert call(who, "get", f"{key}/{path}/")[0] in {403, 404}, path
    revoked = call(
        jury.manager, "post", f"{key}/waivers/{signed['id']}/revoke/", {"reason": "Not that long"}
    )[1]
    assert revoked["revoked_at"] is not None
    assert Waiver.objects.filter(revoked_at=None).count() == 0
    back = f"{key}/declared/{row['id']}/withdraw/"
    assert call(jury.controller, "post", back, {"reason": "Error"})[0] == 403
    assert call(jury.manager, "post", back, {"reason": "Error"})[0] == 204
    assert call(jury.controller, "get", f"{key}/declared/")[1] == []
    pair = {"first": jury.firms[0].key, "second": jury.firms[1].key, "source": "register"}
    assert fault(call(jury.manager, "post", "groups/", {**pair, "second": pair["first"]})) == (400, "second")
    link = call(jury.manager, "post", "groups/", pair)[1]["id"]
    assert call(jury.applicant, "get", "groups/")[0] == 403
    assert call(jury.manager, "get", "groups/")[1]["count"] == 1
    assert call(jury.manager, "post", f"groups/{link}/remove/", {"reason": "Sold"})[0] == 204


def test_a_report_is_agreed_on_and_seen_by_those_who_may(jury: SimpleNamespace, call: Caller) -> None:
    key, first = jury.panel.key, jury.applications[0]
    anna, bert, cleo = (each.user for each in jury.experts[:3])
    reviewed(jury.assignments[0], "5", comment="Strong")
    reviewed(jury.assignments[1], "2", comment=SECRET)
    about = f"{key}/applications/{first.key}/"
    status, own = call(anna, "get", about)
    assert (status, own["others"], own["result"]) == (200, None, None)
    assert SECRET not in json.dumps(own)
    reopened = f"{key}/assignments/{jury.assignments[0].key}/reopen/"
    assert call(jury.manager, "post", reopened, {"reason": "A mark is wrong"})[1]["sheet"] == "draft"
    sheet = f"sheets/{jury.assignments[0].key}/"
    assert call(anna, "post", f"{sheet}submit/")[1]["state"] == "submitted"
    assert call(anna, "post", f"{sheet}take-back/")[1]["state"] == "draft"
    assert call(bert, "post", f"{sheet}take-back/")[0] == 404
    device = {"changes": [{"field": "notes", "value": "Here", "base": 0}]}
    call(anna, "post", sheet, device)
    device["changes"][0]["value"] = "There"
    clash = call(anna, "post", sheet, device)[1]["clashes"][0]
    assert (clash["field"], clash["value"]) == ("notes", "There")
    settled = call(anna, "post", f"{sheet}clashes/{clash['id']}/", {"take": True})[1]
    assert (settled["fields"]["notes"]["value"], settled["clashes"]) == ("There", [])
    call(anna, "post", f"{sheet}submit/")
    report = {"marks": dict.fromkeys(CRITERIA, "4"), "text": "We met", "comment": "Good", "revision": None}
    assert call(anna, "put", f"{about}consensus/", report)[0] == 404
    Panel.objects.filter(pk=jury.panel.pk).update(phase="discussion", pitch_share=0)
    seen = call(anna, "get", about)[1]
    assert [one["comment"] for one in seen["others"]] == [SECRET]
    assert (bool(seen["third_due"]), seen["writes_report"]) == (True, True)
    wrong = {**report, "marks": {**report["marks"], "market": "9"}}
    assert fault(call(anna, "put", f"{about}consensus/", wrong)) == (400, "mark:market")
    assert call(cleo, "put", f"{about}consensus/", report)[0] == 404
    written = call(anna, "put", f"{about}consensus/", report)[1]
    assert (written["revision"], written["written_by"].startswith("Anna A")) == (1, True)
    assert fault(call(bert, "put", f"{about}consensus/", report)) == (409, "consensus-changed")
    no = {"agrees": False, "revision": 1}
    assert fault(call(bert, "post", f"{about}consensus/answer/", no)) == (400, "words")
    assert call(cleo, "post", f"{about}consensus/answer/", {**no, "words": "x"})[0] in {403, 404}
    for who in (anna, bert):
        done = call(who, "post", f"{about}consensus/answer/", {"agrees": True, "revision": 1})[1]
    assert done["agreed_at"] is not None
    Panel.objects.filter(pk=jury.panel.pk).update(blind="single")
    hidden = call(bert, "get", about)[1]
    assert hidden["consensus"]["written_by"] == ""
    assert "Anna" not in json.dumps(hidden)
    assert Consensus.objects.get().agreed_at is not None


def test_visibility_preview_and_what_ranks(jury: SimpleNamespace, call: Caller) -> None:
    key, manager = jury.panel.key, jury.manager
    for each in jury.assignments:
        reviewed(each, "4", comment=SECRET)
    now = call(manager, "get", f"{key}/visibility/")[1]
    assert now["matrix"]["reviewing"]["juror"]["sees"] == ["applicants", "own", "text"]
    told = {"matrix": {"reviewing": {"juror": ["text", "others"]}}, "revision": now["revision"]}
    assert fault(call(manager, "put", f"{key}/visibility/", told)) == (400, "body.matrix.reviewing.juror")
    told["matrix"] = {"reviewing": {"juror": ["text", "own"]}, "closed": {"chair": ["files"]}}
    assert call(manager, "put", f"{key}/visibility/", told)[1]["revision"] == now["revision"] + 1
    assert fault(call(manager, "put", f"{key}/visibility/", told)) == (409, "jury-changed")
    path = f"{key}/preview/?role=juror&application={jury.applications[0].key}"
    seen = call(manager, "get", path)[1]
    assert (seen["sees"], seen["applications"][0]["applicants"]) == (["text", "own"], None)
    assert SECRET not in json.dumps(seen["applications"][0]["others"])
    applicant = call(manager, "get", f"{key}/preview/?role=applicant&phase=published")[1]["applications"]
    assert applicant[0]["comments"] == {"en": [SECRET, SECRET]}
    assert call(manager, "get", f"{key}/preview/?role=applicant")[1]["applications"] == []
    Panel.objects.filter(pk=jury.panel.pk).update(pitch_share=0, minimum=2)
    scale = call(jury.experts[0].user, "get", f"{key}/scale/")[1]
    assert [one["key"] for one in scale] == list(CRITERIA)
    found = call(manager, "get", f"{key}/calibration/")[1]
    assert [one["count"] for one in found["assessors"]] == [2, 2, 2, 2]
    assert {(one["raw"], one["raw_rank"]) for one in found["applications"]} == {("80.00", 1)}
    choice = {"adjusted": True, "reason": "One is severe", "revision": found["revision"]}
    assert call(jury.controller, "put", f"{key}/calibration/", choice)[0] == 403
    assert call(manager, "put", f"{key}/calibration/", choice)[1]["adjusted"] is True
    assert fault(call(manager, "put", f"{key}/calibration/", choice)) == (409, "jury-changed")
    changed = {"revision": Panel.objects.get().revision, "blind": "double"}
    assert fault(call(manager, "patch", f"{key}/", changed)) == (409, "blind")
    assert call(manager, "patch", f"{key}/", {**changed, "blind": None, "reviews": 3})[1]["reviews"] == 3
    first = jury.applications[0]
    assert call(jury.applicant, "get", f"outcome/{first.key}/")[0] == 404
    Panel.objects.filter(pk=jury.panel.pk).update(phase="published", reviews=2)
    assert call(jury.applicant, "get", f"outcome/{first.key}/")[1]["result"]["total"] == "80.00"
    assert call(jury.rival, "get", f"outcome/{first.key}/")[0] == 404


def test_a_pitch_day_keeps_scores_secret_until_all_are_in(jury: SimpleNamespace, call: Caller) -> None:
    key, manager = jury.panel.key, jury.manager
    day = f"{key}/pitch-day/"
    assert call(manager, "get", day)[0] == 404
    frame = {"day": str(LATER), "begins": "09:00", "ends": "12:00", "quorum": 2, "applications": ["nobody"]}
    assert fault(call(manager, "put", day, frame)) == (400, "body.applications.0")
    frame["applications"] = [each.key for each in jury.applications[:2]]
    assert fault(call(manager, "put", day, {**frame, "ends": "08:00"})) == (400, "ends")
    assert fault(call(manager, "put", day, {**frame, "ends": "25:00"})) == (422, "body.ends")
    actions.declare_conflict(
        expert=jury.experts[0], application=jury.applications[1], reason="cousin", actor=ACTOR
    )
    planned = call(manager, "put", day, frame)[1]
    assert [one["begins"] for one in planned["slots"]] == ["09:00", "09:25"]
    assert fault(call(manager, "put", day, frame)) == (409, "pitch-changed")
    slots = {one["application"]: one["key"] for one in planned["slots"]}
    window = {"arrives": "10:00", "leaves": "09:00", "revision": 1}
    travel = f"{day}slots/{slots['R-1']}/travel/"
    assert fault(call(manager, "put", travel, window)) == (400, "leaves")
    moved = call(manager, "put", travel, {"arrives": "09:20", "revision": 1})[1]
    assert fault(call(manager, "put", travel, {"revision": 1})) == (409, "pitch-changed")
    assert [one["application"] for one in moved["slots"]] == ["R-2", "R-1"]
    last = f"{day}jurors/{jury.members[3].key}/"
    assert call(manager, "put", last, {"absent": True, "revision": 0})[1]["jurors"][3]["absent"] is True
    assert fault(call(manager, "put", last, {"revision": 0})) == (409, "pitch-changed")
    assert call(manager, "post", f"{day}turn/", {"to": "running"})[1]["state"] == "running"
    anna, bert, cleo = (each.user for each in jury.experts[:3])
    out = call(anna, "get", day)[1]["slots"]
    assert [(one["application"], one["out"], one["hears"]) for one in out] == [
        ("R-2", True, False), ("R-1", False, True)
    ]  # fmt: skip
    assert (out[0]["title"], out[0]["present"], out[0]["scores"]) == ("", None, None)
    first, second = (f"{day}slots/{slots[number]}/" for number in ("R-1", "R-2"))
    assert call(anna, "get", second)[0] == 404
    assert call(anna, "put", f"{second}score/", {"marks": {}, "revision": 0})[0] == 404
    assert call(manager, "put", f"{first}score/", {"marks": {}, "revision": 0})[0] == 404
    assert call(anna, "post", f"{first}move/", {"to": "pitching"})[0] == 403
    assert fault(call(manager, "post", f"{first}move/", {"to": "over"})) == (409, "to")
    assert 0 < call(manager, "post", f"{first}move/", {"to": "pitching"})[1]["left"] <= 600
    marks = {"marks": dict.fromkeys(CRITERIA, "4"), "revision": 0}
    assert fault(call(anna, "put", f"{first}score/", {**marks, "marks": {"market": "77"}})) == (
        400, "mark:market"
    )  # fmt: skip
    assert call(anna, "put", f"{first}score/", marks)[1]["revision"] == 1
    assert fault(call(anna, "put", f"{first}score/", marks)) == (409, "live-changed")
    assert fault(call(anna, "post", f"{first}score/submit/")) == (409, "live-early")
    call(manager, "post", f"{first}move/", {"to": "questions"})
    for who in (anna, bert, cleo):
        if who is not anna:
            call(who, "put", f"{first}score/", marks)
        assert call(who, "post", f"{first}score/submit/")[1]["submitted_at"] is not None
    assert fault(call(anna, "post", f"{first}score/take-back/")) == (409, "live-complete")
    Panel.objects.filter(pk=jury.panel.pk).update(phase="pitches")
    assert call(manager, "get", day)[1]["results"] is None, "the second pitch is not scored"
    for state in ("over",):
        call(manager, "post", f"{first}move/", {"to": state})
    for state in ("pitching", "questions", "over"):
        call(manager, "post", f"{second}move/", {"to": state})
    for who in (bert, cleo):
        call(who, "put", f"{second}score/", {**marks, "marks": dict.fromkeys(CRITERIA, "3")})
        call(who, "post", f"{second}score/submit/")
    shown = call(manager, "get", day)[1]["results"]
    assert [(one["application"], one["total"]) for one in shown] == [("R-1", "80.00"), ("R-2", "60.00")]
    assert LiveScore.objects.exclude(submitted_at=None).count() == 5
    assert call(manager, "post", f"{day}turn/", {"to": "over"})[1]["state"] == "over"
    assert fault(call(manager, "post", f"{day}turn/", {"to": "running"})) == (400, "reason")


READS = (
    "", "scale/", "members/", "conflicts/", "waivers/", "declared/", "assignments/", "applications/",
    "results/", "calibration/", "visibility/", "preview/", "pitch-day/",
)  # fmt: skip


def test_nobody_outside_learns_that_there_is_a_jury(jury: SimpleNamespace, call: Caller) -> None:
    reviewed(jury.assignments[1], "4", comment=SECRET)
    actions.plan_pitch_day(
        panel=jury.panel, values={"day": LATER}, applications=jury.applications, actor=jury.by
    )
    slot, first = PitchSlot.objects.first(), Application.objects.get(number="R-1")
    assert slot is not None
    more = (
        f"applications/{first.key}/",
        f"pitch-day/slots/{slot.key}/",
        f"pitch-day/slots/{slot.key}/score/",
    )
    for who in (jury.applicant, jury.rival, jury.stranger):
        for path in (*READS, *more):
            status, body = call(who, "get", f"{jury.panel.key}/{path}")
            assert (status, body["error"]["code"]) == (404, "not-found"), path
        assert call(who, "get", "invitations/")[1] == []
    for path in (*READS[2:6], "assignments/", "calibration/", "visibility/", "preview/"):
        assert call(jury.experts[0].user, "get", f"{jury.panel.key}/{path}")[0] in {403, 404}, path
    writes = (
        ("post", "turn/", {"to": "running"}), ("post", "order/", {}),
        ("put", "", {"day": str(LATER)}),
        ("put", f"slots/{slot.key}/travel/", {"revision": 1}),
        ("post", f"slots/{slot.key}/move/", {"to": "pitching"}),
    )  # fmt: skip
    for who, refused in ((jury.controller, 403), (jury.experts[0].user, 403), (jury.rival, 404)):
        for method, path, body in writes:
            assert call(who, method, f"{jury.panel.key}/pitch-day/{path}", body)[0] == refused, path
