"""Juries for programs: the same limits as on the pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from kontor.features.accounts.models import User
from kontor.features.juries import actions, commands
from kontor.features.juries.models import Panel, Review
from kontor.features.juries.tasks import order_day
from kontor.features.juries.tests.conftest import reviewed

pytestmark = pytest.mark.django_db
Api = Callable[..., Client]


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/juries/{path}", json.dumps(body), content_type="application/json")


def test_an_assessor_reads_the_own_part_only(jury: SimpleNamespace, api_client: Api) -> None:
    reviewed(jury.assignments[1], "4", comment="Bert's words")
    anna = api_client("juries:read", "juries:write", user=jury.experts[0].user)
    key = jury.panel.key
    listed = anna.get("/api/v1/juries/sheets/").json()
    assert [row["application"] for row in listed] == ["R-1", "R-3"]
    assert anna.get(f"/api/v1/juries/{key}/").json()["phase"] == "reviewing"
    for path in (f"{key}/results/", f"{key}/conflicts/", f"sheets/{jury.assignments[1].key}/"):
        assert anna.get(f"/api/v1/juries/{path}").status_code == 404, path
    assert anna.get(f"/api/v1/juries/{key}/assignments/").status_code == 403
    body = {"changes": [{"field": "mark:market", "value": "9"}, {"field": "comment", "value": "Good"}]}
    saved = post(anna, f"sheets/{jury.assignments[0].key}/", body).json()
    assert saved["fields"] == {"comment": {"value": "Good", "revision": 1}}
    assert list(saved["faults"]) == ["mark:market"]
    refused = post(anna, f"sheets/{jury.assignments[0].key}/submit/", {})
    assert (refused.status_code, refused.json()["error"]["path"]) == (400, "mark:innovation")


def test_a_manager_moves_the_phase_once(jury: SimpleNamespace, api_client: Api, user_with: Any) -> None:
    client = api_client("juries:read", "juries:write", user=jury.manager)
    body = {"to": "discussion", "revision": jury.panel.revision, "reason": "half is enough"}
    assert post(client, f"{jury.panel.key}/phase/", body).json()["phase"] == "discussion"
    again = post(client, f"{jury.panel.key}/phase/", {**body, "to": "closed"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "jury-changed")
    stranger = api_client("juries:read", user=jury.stranger)
    assert stranger.get("/api/v1/juries/").json()["count"] == 0
    assert stranger.get(f"/api/v1/juries/{jury.panel.key}/").status_code == 404


def test_lists_take_the_same_queries_for_one_and_three(
    jury: SimpleNamespace, signed_in: Callable[[User], Client], django_assert_num_queries: Any
) -> None:
    client = signed_in(jury.manager)
    client.get("/juries/")
    with django_assert_num_queries(6):
        client.get("/juries/")
    for step in (2, 3):
        Panel.objects.create(key=f"more{step}", call=jury.call, step=step)
    with django_assert_num_queries(6):
        assert client.get("/juries/").content.decode().count("ROCKET: last round") >= 3
    with django_assert_num_queries(6):
        client.get("/juries/experts/")


def test_the_command_line_tells_conflicts_and_results(jury: SimpleNamespace) -> None:
    Panel.objects.update(pitch_share=0)
    for each in jury.assignments:
        reviewed(each, "4")
    told = CliRunner().invoke(commands.commands, ["results", jury.panel.key, "--json"])
    rows = json.loads(told.stdout)["results"]
    assert (rows[0]["application"], rows[0]["total"], rows[0]["rank"]) == ("R-1", "80.00", 1)
    Review.objects.filter(assignment=jury.assignments[0]).update(state="draft")
    told = CliRunner().invoke(commands.commands, ["progress", jury.panel.key, "--json"])
    found = json.loads(told.stdout)["assessors"]
    assert [(one["assigned"], one["missing"]) for one in found] == [(2, ["R-1"]), (2, []), (2, []), (2, [])]
    assert CliRunner().invoke(commands.commands, ["order", jury.panel.key]).exit_code == 2
    order_day(
        actions.plan_pitch_day(
            panel=jury.panel,
            values={"day": dt.date(2027, 3, 3)},
            applications=jury.applications[:2],
            actor=jury.by,
        ),
        jury.by,
    )
    told = CliRunner().invoke(commands.commands, ["order", jury.panel.key, "--json"])
    slots = json.loads(told.stdout)["slots"]
    assert [one["begins"] for one in slots] == ["09:00", "09:25"]
    assert sorted(one["application"] for one in slots) == ["R-1", "R-2"]
    told = CliRunner().invoke(commands.commands, ["conflicts", jury.panel.key])
    assert "Nobody is in conflict" in told.stdout
    assert CliRunner().invoke(commands.commands, ["results", "nothing"]).exit_code == 2
