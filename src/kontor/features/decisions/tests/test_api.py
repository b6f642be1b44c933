"""The API and the commands of decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from kontor.cli.portfolio import app as portfolio
from kontor.features.decisions.commands import decision as commands
from kontor.features.decisions.models import Decision, Letter
from kontor.features.decisions.tests.conftest import SECRET, adopted, decided, funded
from kontor.features.decisions.tests.test_pages import published

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/decisions"
ApiClient = Callable[..., Client]


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"{ROOT}{path}", json.dumps(body or {}), content_type="application/json")


def test_a_round_from_scenario_to_publication(rocket: SimpleNamespace, api_client: ApiClient) -> None:
    key = rocket.round.key
    client = api_client("decisions:read", "decisions:write", user=rocket.manager)
    second = api_client("decisions:write", user=rocket.second)
    first = rocket.rows[0].key
    body = {"name": "A", "requires": [[first, "nobody"]]}
    refused = post(client, f"/rounds/{key}/scenarios/", body)
    assert (refused.status_code, refused.json()["error"]["path"]) == (400, "body.requires")
    made = post(client, f"/rounds/{key}/scenarios/", {"name": "A"})
    assert (made.status_code, made.json()["settings"]["min_score"]) == (201, "60")
    granted = [one["application"] for one in made.json()["result"]["granted"]]
    assert granted == [rocket.rows[0].key, rocket.rows[1].key]
    scenario = made.json()["key"]
    assert (
        post(client, f"/rounds/{key}/scenarios/{scenario}/adopt/", {"reason": "r"}).json()["adopted"]
        == scenario
    )
    assert client.delete(f"{ROOT}/rounds/{key}/scenarios/{scenario}/").status_code == 409
    told = {"application": first, "kind": "approve", "reason": SECRET, "seen": ""}
    taken = post(client, f"/rounds/{key}/decisions/", told)
    assert (taken.status_code, taken.json()["draws"]["call"]) == (201, "200000.00")
    assert post(client, f"/rounds/{key}/decisions/", told).status_code == 409
    assert post(client, f"/rounds/{key}/decisions/as-adopted/").json() == {"count": 3}
    board = client.get(f"{ROOT}/rounds/{key}/board/").json()
    assert [(row["number"], row["decision"]) for row in board["proposals"]] == [
        ("R-1", "approve"), ("R-2", "approve"), ("R-3", "reserve"), ("R-4", "reject")
    ]  # fmt: skip
    assert {row["key"]: row["left"] for row in board["envelopes"]}["call"] == "50000.00"
    keys = [row["key"] for row in client.get(f"{ROOT}/rounds/{key}/decisions/").json()["items"]]
    assert post(client, f"/rounds/{key}/publish/").json()["error"]["code"] == "unconfirmed"
    assert post(second, f"/rounds/{key}/decisions/confirm/", {"decisions": keys}).json() == {"count": 2}
    assert post(client, f"/rounds/{key}/publish/").json() == {"number": 1, "decisions": 4}
    assert post(client, f"/rounds/{key}/letters/").json() == {"count": 4}
    letters = client.get(f"{ROOT}/rounds/{key}/letters/").json()["items"]
    assert [row["language"] for row in letters] == ["de", "de", "de", "nl"]
    assert post(client, f"/rounds/{key}/letters/send/", {"letters": [letters[0]["key"]]}).json() == {
        "count": 1
    }
    assert Letter.objects.exclude(sent_at=None).count() == 1


def test_nobody_else_reads_by_the_api(rocket: SimpleNamespace, api_client: ApiClient) -> None:
    published(rocket)
    first = rocket.rows[0].key
    for who in ("applicant", "rival", "juror", "stranger", "nobody"):
        client = api_client("decisions:read", "decisions:write", user=getattr(rocket, who))
        for path in ("board", "scenarios", "decisions", "letters"):
            answer = client.get(f"{ROOT}/rounds/{rocket.round.key}/{path}/")
            assert answer.status_code == 404, (who, path)
        assert post(client, f"/rounds/{rocket.round.key}/publish/").status_code == 404
        own = client.get(f"{ROOT}/of/{first}/")
        assert own.status_code == (200 if who == "applicant" else 404), who
    controller = api_client("decisions:read", "decisions:write", user=rocket.controller)
    assert controller.get(f"{ROOT}/rounds/{rocket.round.key}/board/").status_code == 200
    assert post(controller, f"/rounds/{rocket.round.key}/reserve/move-up/").status_code == 403
    told = api_client("decisions:read", user=rocket.applicant).get(f"{ROOT}/of/{first}/").json()
    assert (told["kind"], told["amount"], told["letter"]) == ("conditions", "200000.00", "")


def run(*words: str) -> Any:
    return CliRunner().invoke(commands, list(words))


def test_commands_show_the_board_and_hand_out_the_question(rocket: SimpleNamespace, tmp_path: Path) -> None:
    adopted(rocket)
    decided(rocket, 1, "approve")
    call = rocket.call.key
    listed = json.loads(run("list", "--json").stdout)["rounds"]
    assert listed == [
        {
            "call": call,
            "programme": "rocket",
            "decided": 1,
            "granted": 1,
            "published": 0,
            "scenario": "Ranking",
        }
    ]
    rows = json.loads(run("board", call, "--json").stdout)["proposals"]
    assert [(row["place"], row["number"], row["decision"]) for row in rows][:2] == [
        (1, "R-1", "approve"), (2, "R-2", None)
    ]  # fmt: skip
    file = tmp_path / "round.json"
    assert run("portfolio", call, "--out", str(file)).exit_code == 0
    solved = CliRunner().invoke(portfolio, ["solve", str(file), "--json"])
    keys = [one["proposal"] for one in json.loads(solved.stdout)["solution"]["granted"]]
    names = {row.key: row.number for row in rocket.rows}
    assert [names[key] for key in keys] == funded(rocket.round.scenarios.get()) == ["R-1", "R-2"]
    paper = tmp_path / "minutes.pdf"
    assert run("minutes", call, "--out", str(paper), "--language", "nl").exit_code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    for words in (
        ("board", "nowhere"),
        ("portfolio", call, "--scenario", "None such"),
        ("minutes", call, "--out", str(paper), "--language", "fr"),
    ):
        assert run(*words).exit_code == 2, words
    assert Decision.objects.count() == 1
