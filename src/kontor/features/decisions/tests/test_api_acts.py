"""What deciders and applicants read by programs: rounds, proposals, scenarios in words, papers, letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from kontor.features.decisions import actions
from kontor.features.decisions.commands import decision as commands
from kontor.features.decisions.models import Decision, Letter, Round
from kontor.features.decisions.tests.conftest import SECRET, K, adopted, computed, decided
from kontor.features.decisions.tests.test_pages import published

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/decisions"
JSON = "application/json"


@pytest.fixture
def api(api_client: Callable[..., Client]) -> Callable[[Any], Client]:
    return lambda user: api_client("decisions:read", "decisions:write", user=user)


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["path"]


def test_a_round_is_set_up_and_scored_by_hand(rocket: SimpleNamespace, api: Callable[..., Client]) -> None:
    place, manager = f"{ROOT}/rounds/{rocket.round.key}/", api(rocket.manager)
    read = manager.get(place).json()
    assert (read["applications"], {one["key"]: one["limit"] for one in read["envelopes"]}["call"]) == (
        4, "350000.00"
    )  # fmt: skip
    told = {"revision": read["revision"], "place": "Kleve", "met_on": "2027-03-03", "ceiling": "400000.00"}
    changed = manager.patch(place, told, JSON).json()
    assert (changed["place"], changed["met_on"], changed["four_eyes"]) == ("Kleve", "2027-03-03", True)
    assert fault(manager.patch(place, told, JSON)) == (409, "revision")
    decided(rocket, 1, "approve")
    told = {"revision": Round.objects.get().revision, "ceiling": "1.00"}
    assert fault(manager.patch(place, told, JSON)) == (409, "ceiling")
    assert fault(manager.patch(place, {**told, "ceiling": "-1"}, JSON)) == (422, "body.ceiling")
    score = f"{place}proposals/{rocket.rows[3].key}/score/"
    assert fault(manager.put(score, {"score": "61"}, JSON)) == (400, "source")
    assert manager.put(score, {"score": "61", "source": "Jury of 4 March"}, JSON).status_code == 204
    fourth = manager.get(f"{place}proposals/{rocket.rows[3].key}/").json()
    assert (fourth["total"], fourth["source"], fourth["place"]) == ("61.0000", "Jury of 4 March", 4)
    assert manager.put(score, {"score": None}, JSON).status_code == 204
    first = manager.get(f"{place}proposals/{rocket.rows[0].key}/").json()
    assert [(one["kind"], one["ending"], one["reason"]) for one in first["history"]] == [
        ("approve", "", SECRET)
    ]
    totals = {one["envelope"]: (one["asked"], one["after"]) for one in first["totals"]}
    assert totals["call"] == ("200000.00", "200000.00")
    assert api(rocket.controller).patch(place, told, JSON).status_code == 403
    assert manager.get(f"{place}proposals/nobody/").status_code == 404


def test_the_synchronised_call_in_words_and_as_protocol(
    alps: SimpleNamespace, api: Callable[..., Client]
) -> None:
    round, manager = adopted(alps, min_score=Decimal(0)), api(alps.manager)
    place = f"{ROOT}/rounds/{round.key}/"
    key = manager.get(place).json()["adopted"]
    words = manager.get(f"{place}scenarios/{key}/").json()
    assert [one["number"] for one in words["proposals"] if one["funded"]] == ["P1", "P3", "P4", "P5"]
    second = words["proposals"][1]
    assert (second["number"], "20,000.00" in " ".join(second["change"])) == ("P2", True)
    german = manager.get(f"{place}scenarios/{key}/", headers={"Accept-Language": "de"}).json()
    assert german["proposals"][1]["reason"] != second["reason"]
    told = manager.get(f"{place}protocol/").json()
    assert [(one["number"], one["asked"]["si"]) for one in told["lines"] if "si" in one["asked"]] == [
        ("P1", "60000.00"), ("P2", "60000.00"), ("P5", "40000.00")
    ]  # fmt: skip
    demand = {one["envelope"]: (one["asked"], one["times"]) for one in told["demand"]}
    assert demand["si"] == ("160000.00", "1.60")
    mixed = computed(alps, "Mixed", pot="balancing", balancing=30 * K)
    lines = manager.get(f"{place}protocol/?scenario={mixed.key}").json()
    assert [one["number"] for one in lines["lines"] if one["funded"]] == ["P1", "P2", "P3", "P4"]
    assert (lines["lines"][1]["from_pot"], lines["pot"]) == ("20000.00", "30000.00")
    board = manager.get(f"{place}board/").json()["proposals"]
    assert (board[0]["left"]["si"], board[0]["withdrawn"]) == ("100000.00", False)
    for paper in ("protocol.pdf", "minutes.pdf"):
        assert manager.get(f"{place}{paper}?language=de").content.startswith(b"%PDF")
        assert api(alps.rival).get(f"{place}{paper}").status_code == 404
    assert fault(manager.get(f"{place}minutes.pdf?language=fr")) == (422, "query.language")
    shown = CliRunner().invoke(commands, ["protocol", alps.call.key, "--scenario", "Mixed", "--json"])
    lines = json.loads(shown.stdout)
    assert [one["number"] for one in lines["lines"] if one["funded"]] == ["P1", "P2", "P3", "P4"]
    listed = json.loads(CliRunner().invoke(commands, ["scenarios", alps.call.key, "--json"]).stdout)
    assert [(one["name"], one["adopted"], one["funded"]) for one in listed["scenarios"]] == [
        ("Ranking", True, ["P1", "P3", "P4", "P5"]), ("Mixed", False, ["P1", "P2", "P3", "P4"])
    ]  # fmt: skip
    unknown = CliRunner().invoke(commands, ["protocol", alps.call.key, "--scenario", "None", "--json"])
    assert (unknown.exit_code, json.loads(unknown.stdout)["error"]["path"]) == (2, "scenario")


def test_letters_and_kept_minutes_reach_only_whom_they_are_for(
    rocket: SimpleNamespace, api: Callable[..., Client]
) -> None:
    published(rocket)
    place, manager = f"{ROOT}/rounds/{rocket.round.key}/", api(rocket.manager)
    actions.prepare_letters(round=rocket.round, actor=rocket.by)
    letter = Letter.objects.select_related("decision__application").order_by("pk").first()
    assert letter is not None
    own = f"{place}letters/{letter.key}/"
    read = manager.get(own).json()
    assert read["recipients"] == [rocket.applicant.email]
    told = {"subject": "New", "body": "Short", "accepted": True, "revision": read["revision"]}
    assert manager.put(own, told, JSON).json()["body"] == "Short"
    assert fault(manager.put(own, told, JSON)) == (409, "revision")
    assert manager.post(f"{own}again/").json()["body"] != "Short"
    assert manager.get(f"{own}pdf/").content.startswith(b"%PDF")
    mine = f"{ROOT}/of/{letter.decision.application.key}/letter.pdf"
    assert api(rocket.applicant).get(mine).status_code == 404, "it is not sent"
    again: Any = {"letter": Letter.objects.get(pk=letter.pk), "subject": "s", "body": "b", "accepted": True}
    actions.change_letter(**again, revision=None, actor=rocket.by)
    actions.send_letters(letters=[letter], actor=rocket.by)
    assert api(rocket.applicant).get(mine).content.startswith(b"%PDF")
    assert api(rocket.applicant).get(f"{ROOT}/of/{rocket.rows[0].key}/").json()["total"] == "90.0000"
    kept = f"{place}publications/1/minutes.pdf"
    assert b"".join(manager.get(kept)).startswith(b"%PDF")
    assert manager.get(f"{place}publications/9/minutes.pdf").status_code == 404
    scenario = rocket.round.scenarios.first()
    more = (f"scenarios/{scenario.key}/",) if scenario else ()
    reads = (
        "", f"proposals/{rocket.rows[0].key}/", "protocol/", "reserve/", "publications/1/minutes.pdf",
        f"letters/{letter.key}/", f"letters/{letter.key}/pdf/", *more,
    )  # fmt: skip
    for who in ("applicant", "rival", "juror", "stranger", "nobody"):
        client = api(getattr(rocket, who))
        for path in reads:
            answer = client.get(f"{place}{path}")
            assert (answer.status_code, SECRET in answer.content.decode()) == (404, False), (who, path)
    assert api(rocket.rival).get(mine).status_code == 404
    assert api(rocket.controller).get(f"{place}reserve/").json()["granted"] == []
    assert Decision.objects.live().count() > 0
