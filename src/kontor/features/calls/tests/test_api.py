"""Applications for programs, and the commands of the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
from django.test import Client
from typer.testing import CliRunner

from kontor.base.actor import Actor
from kontor.features.calls import actions
from kontor.features.calls.models import Application, Submission
from kontor.features.calls.snapshot import canonical
from kontor.features.calls.tests.conftest import SECRET, answers_of
from kontor.features.calls.writing.commands import application as command
from kontor.programmes.forms.json_schema import application_schema

Make = Callable[..., Client]
RUN = CliRunner()


def program(make: Make, user: Any) -> Client:
    return make("calls:read", "calls:write", user=user)


def test_a_program_begins_writes_checks_and_submits(round_: SimpleNamespace, api_client: Make) -> None:
    client = program(api_client, round_.owner)
    begun = client.post(
        "/api/v1/applications/",
        {"call": "rocket-1", "lead": round_.lead.key, "title": "Nose"},
        "application/json",
    )
    assert begun.status_code == 201, begun.content
    key = begun.json()["key"]
    base = f"/api/v1/applications/{key}"
    added = client.post(f"{base}/partners/", {"organisation": round_.partner.key}, "application/json")
    assert [one["name"] for one in added.json()["partners"]] == ["Lumen Optica BV", "Molkerei Nord GmbH"]
    partner = added.json()["partners"][1]["key"]
    left = client.delete(f"{base}/partners/{partner}/").json()
    assert [one["name"] for one in left["partners"]] == ["Lumen Optica BV"]
    answers = {name: {"value": value} for name, value in answers_of(Application.objects.get(key=key)).items()}
    missing = [one["field"] for one in client.get(f"{base}/problems/").json() if one["blocks"]]
    # the title was given at the beginning
    assert set(missing) == set(answers) - {"title"}
    del answers["title"]
    saved = client.put(f"{base}/answers/", {"answers": answers}, "application/json").json()
    assert {one["outcome"] for one in saved.values()} == {"saved"}
    # what is left are rules of the programme: one country alone is told, and does not block
    told = [one["code"] for one in client.get(f"{base}/problems/").json()]
    assert told == ["minimum-countries", "smes-per-side"]
    seen = client.get(f"{base}/").json()
    stale = client.post(f"{base}/submit/", {"revision": seen["revision"] - 1}, "application/json")
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "changed-since")
    made = client.post(f"{base}/submit/", {"revision": seen["revision"]}, "application/json").json()
    assert made["receipt"] == f"{seen['number']}/1"
    assert client.get(f"{base}/receipt/").json() == made
    assert client.post(f"{base}/take-back/").json()["state"] == "draft"
    assert (
        client.post(f"{base}/withdraw/", {"reason": "x"}, "application/json").json()["state"] == "withdrawn"
    )
    assert client.post(f"{base}/undo-withdrawal/").json()["state"] == "draft"


def test_a_competitors_program_learns_nothing(
    round_: SimpleNamespace, complete: Application, api_client: Make
) -> None:
    actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    base = f"/api/v1/applications/{complete.key}/"
    for who in (round_.competitor, round_.nobody):
        client = program(api_client, who)
        listed = client.get("/api/v1/applications/")
        assert (listed.json()["count"], SECRET in listed.content.decode()) == (0, False)
        for rest in ("", "problems/", "receipt/"):
            assert client.get(base + rest).status_code == 404
        for rest in ("submit/", "take-back/", "withdraw/", "undo-withdrawal/", "invite/"):
            assert client.post(base + rest, {}, "application/json").status_code == 404
        forged = {"answers": {"title": {"value": "x"}}}
        assert client.put(f"{base}answers/", forged, "application/json").status_code == 404
    assert Client().get(base).status_code == 404
    manager = program(api_client, round_.manager)
    assert manager.get(base).json()["answers"]["innovation"] == SECRET
    assert manager.post(f"{base}submit/", {}, "application/json").status_code == 403


def test_the_list_of_a_program_takes_a_fixed_number_of_queries(
    round_: SimpleNamespace, api_client: Make, django_assert_num_queries: Any
) -> None:
    client = program(api_client, round_.owner)
    client.get("/api/v1/applications/")
    for count in (1, 3):
        while Application.objects.count() < count:
            actions.begin_application(call=round_.call, lead=round_.lead, actor=Actor.of_user(round_.owner))
        with django_assert_num_queries(6):
            assert client.get("/api/v1/applications/").json()["count"] == count


def test_commands_list_check_and_verify(
    round_: SimpleNamespace, complete: Application, tmp_path: Path
) -> None:
    listed = json.loads(RUN.invoke(command, ["list", "--call", "rocket-1", "--json"]).stdout)
    assert [(one["number"], one["requested"]) for one in listed["applications"]] == [
        (complete.number, "120000.00")
    ]
    assert RUN.invoke(command, ["check", complete.number]).stdout == "Complete.\n"
    made = actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    schema = jsonschema_rs.Draft202012Validator(application_schema())
    assert [error.message for error in schema.iter_errors(made.snapshot)] == []
    assert not schema.is_valid({**made.snapshot, "requested": 120000})
    file = tmp_path / "in.json"
    file.write_bytes(canonical(Submission.objects.get().snapshot))
    good = RUN.invoke(command, ["verify", str(file), made.sha256, "--json"])
    assert (good.exit_code, json.loads(good.stdout)["receipt"]) == (0, made.receipt)
    file.write_bytes(file.read_bytes().replace(b"60000", b"90000"))
    bad = RUN.invoke(command, ["verify", str(file), made.sha256])
    assert (bad.exit_code, bad.stdout.startswith("The hash does not fit.")) == (3, True)
    unknown = RUN.invoke(command, ["check", "X-1", "--json"])
    assert (unknown.exit_code, json.loads(unknown.stdout)["error"]["path"]) == (2, "number")


def test_a_program_of_the_programme_reads_nothing_that_is_changed_after_the_handing_in(
    round_: SimpleNamespace, complete: Application, api_client: Make
) -> None:
    actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    client = program(api_client, round_.manager)
    before = client.get(f"/api/v1/applications/{complete.key}/").json()
    actions.take_submission_back(application=complete, actor=Actor.of_user(round_.owner))
    told = {"title": actions.Written("Secret new title", base=99)}
    actions.save_answers(application=complete, written=told, actor=Actor.of_user(round_.owner))
    actions.add_partner(
        application=complete, organisation=round_.rival, values={}, actor=Actor.of_user(round_.owner)
    )
    now = client.get(f"/api/v1/applications/{complete.key}/")
    same = ("title", "partners", "answers", "themes")
    assert {name: now.json()[name] for name in same} == {name: before[name] for name in same}
    assert round_.rival.key not in now.content.decode()
