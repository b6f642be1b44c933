"""Programmes for programs: what each operation answers, to whom, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kontor.features.accounts.models import User
from kontor.features.organisations.tests.factories import organisation
from kontor.features.programmes.actions import add_programme, commit_money, publish_draft, state_competence
from kontor.features.programmes.models import Programme
from kontor.features.programmes.tests.conftest import ACTOR, COMPETENCE, EVIDENCE, RULED, file_of

pytestmark = pytest.mark.django_db
API = "/api/v1/programmes/"
ONE = f"{API}border-light/"


@pytest.fixture
def lamps(db: None) -> Programme:
    made = add_programme(text=file_of() + COMPETENCE + RULED, actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def manager(api_client: Callable[..., Client], user_with: Callable[..., User]) -> Client:
    user = user_with("programme_manager", "border-light")
    return api_client("programmes:read", "programmes:write", user=user)


def _send(client: Client, verb: str, path: str, body: dict[str, Any]) -> Any:
    return getattr(client, verb)(path, body, content_type="application/json")


def test_anybody_reads_what_is_published(lamps: Programme) -> None:
    client = Client()
    listed = client.get(API).json()
    assert listed["items"] == [{"key": "border-light", "name": "Border light", "version": 1, "label": "1"}]
    one = client.get(ONE).json()
    assert one["text"] == lamps.current.text
    assert one["definition"]["themes"] == {"energy": "60000.00"}
    assert [row["state"] for row in client.get(f"{ONE}versions/").json()] == ["published"]
    products = client.get(f"{ONE}products/").json()
    assert (products[0]["key"], products[0]["stage"], products[0]["since"]) == ("lamp", "idea", None)
    assert client.get(f"{API}none/").json()["error"]["code"] == "not-found"


def test_saving_comparing_and_publishing(lamps: Programme, manager: Client) -> None:
    text = lamps.current.text.replace("100000.00", "120000.00")
    saved = _send(manager, "put", f"{ONE}draft/", {"text": text, "note": "More"})
    assert (saved.status_code, saved.json()["state"], saved.json()["revision"]) == (200, "draft", 1)
    late = _send(manager, "put", f"{ONE}draft/", {"text": text})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "draft-changed")
    changes = manager.get(f"{ONE}versions/compare/?before=1&after=2").json()["changes"]
    assert len(changes) == 1
    assert "120,000" in changes[0]
    assert Client().get(f"{ONE}versions/compare/?before=1&after=2").status_code == 404
    assert _send(manager, "post", f"{ONE}publish/", {}).json()["number"] == 2
    assert Client().get(f"{ONE}versions/compare/?before=1&after=2").json()["changes"] == changes


def test_a_faulty_draft_is_kept_but_neither_published_nor_compared(lamps: Programme, manager: Client) -> None:
    _send(manager, "put", f"{ONE}draft/", {"text": "schema = "})
    refused = _send(manager, "post", f"{ONE}publish/", {})
    assert (refused.status_code, refused.json()["error"]["path"]) == (400, "text:1")
    assert (
        manager.get(f"{ONE}versions/compare/?before=1&after=2").json()["error"]["code"] == "programme-faulty"
    )
    assert manager.delete(f"{ONE}draft/").status_code == 204
    assert manager.delete(f"{ONE}draft/").json()["error"]["code"] == "no-draft"


def test_a_text_is_checked_with_lines(lamps: Programme, manager: Client) -> None:
    found = _send(manager, "post", f"{API}check/", {"text": file_of() + "\nbudgett = 1"}).json()
    assert (found["sound"], found["definition"]) == (False, None)
    assert found["problems"][0]["line"] == len(file_of().splitlines()) + 2
    assert _send(manager, "post", f"{API}check/", {"text": file_of()}).json()["sound"] is True
    assert _send(Client(), "post", f"{API}check/", {"text": ""}).status_code == 401


def test_who_may_not_write(
    lamps: Programme, api_client: Callable[..., Client], user_with: Callable[..., User]
) -> None:
    other = api_client("programmes:read", "programmes:write", user=user_with("programme_manager", "rocket"))
    reader = api_client("programmes:read", user=user_with("programme_manager", "border-light"))
    money = {"reference": "x", "draws": {"budget": "1.00"}}
    move = {"source": "budget", "target": "theme:energy", "amount": "1", "reason": "x"}
    for client in (other, reader):
        for verb, path, body in (
            ("put", "draft/", {"text": ""}), ("post", "publish/", {}), ("post", "commitments/", money),
            ("post", "reallocations/", move), ("post", "products/lamp/stages/", {"stage": "idea"}),
        ):  # fmt: skip
            assert _send(client, verb, f"{ONE}{path}", body).status_code == 403, path
    for path in ("commitments/", "reallocations/", "competences/"):
        assert other.get(f"{ONE}{path}").status_code == 403
    assert _send(other, "post", API, {"text": file_of("mine")}).status_code == 403
    assert lamps.commitments.count() == lamps.reallocations.count() == 0


def test_a_team_is_assessed_by_anybody(lamps: Programme) -> None:
    team = {"partners": [{"key": "a", "country": "DE", "kind": "firm", "size": "small"}]}
    found = _send(Client(), "post", f"{ONE}assess/", {"instrument": "project", "team": team}).json()
    assert (found["status"], sorted(found["broken"])) == ("no", ["minimum-countries", "smes-per-side"])
    wrong = _send(Client(), "post", f"{ONE}assess/", {"instrument": "project", "team": {"x": 1}})
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "body.team.x")
    assert _send(Client(), "post", f"{ONE}assess/", {"instrument": "q", "team": {}}).status_code == 404


def test_money_is_exact_and_refused_past_what_is_left(lamps: Programme, manager: Client) -> None:
    body = {"reference": "Case 1", "draws": {"budget": "0.10", "theme:energy": "60000.00"}}
    made = _send(manager, "post", f"{ONE}commitments/", body)
    assert (made.status_code, made.json()["amount"]) == (201, "60000.00")
    again = _send(manager, "post", f"{ONE}commitments/", {**body, "draws": {"theme:energy": "0.01"}})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "envelope-exceeded")
    left = {row["key"]: row["remaining"] for row in Client().get(f"{ONE}envelopes/").json()}
    assert left == {"budget": "99999.90", "theme:energy": "0.00"}
    move = {"source": "budget", "target": "theme:energy", "amount": "0.01", "reason": "A cent"}
    assert _send(manager, "post", f"{ONE}reallocations/", move).status_code == 201
    assert manager.get(f"{ONE}reallocations/").json()["items"][0]["amount"] == "0.01"
    release = f"{ONE}commitments/{made.json()['key']}/release/"
    assert _send(manager, "post", release, {"reason": "Gone"}).json()["release_reason"] == "Gone"
    assert _send(manager, "post", release, {"reason": "Gone"}).status_code == 409
    listed = manager.get(f"{ONE}commitments/").json()["items"]
    assert listed[0]["draws"] == {"budget": "0.10", "theme:energy": "60000.00"}


def test_the_matrix_shows_each_its_own_and_keeps_the_first_of_two_writers(
    lamps: Programme, manager: Client, api_client: Callable[..., Client], user_with: Callable[..., User]
) -> None:
    lumen, rival = organisation("Lumen BV", "NL"), organisation("Rivale GmbH", "DE")
    state_competence(
        programme=lamps, organisation=lumen, competence="optics", level=2, evidence=EVIDENCE, revision=None,
        actor=ACTOR,
    )  # fmt: skip
    own = api_client("programmes:read", "programmes:write", user=user_with("owner", lumen.key))
    other = api_client("programmes:read", "programmes:write", user=user_with("owner", rival.key))
    assert manager.get(f"{ONE}competences/").json()["items"][0]["evidence"] == EVIDENCE
    assert own.get(f"{ONE}competences/").json()["count"] == 1
    assert other.get(f"{ONE}competences/").json()["items"] == []
    body = {"organisation": lumen.key, "competence": "optics", "level": 3, "revision": 1}
    assert _send(other, "put", f"{ONE}competences/", body).status_code == 403
    assert _send(own, "put", f"{ONE}competences/", body).json()["revision"] == 2
    late = _send(manager, "put", f"{ONE}competences/", body)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "competence-changed")
    wrong = _send(manager, "put", f"{ONE}competences/", {**body, "competence": "coal", "revision": None})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (404, "competence-unknown")


def test_a_product_moves(lamps: Programme, manager: Client) -> None:
    moved = _send(manager, "post", f"{ONE}products/lamp/stages/", {"stage": "tested", "note": "Shines"})
    assert (moved.status_code, moved.json()) == (201, {"stage": "tested", "note": "Shines"})
    assert Client().get(f"{ONE}products/").json()[0]["stage"] == "tested"
    assert _send(manager, "post", f"{ONE}products/torch/stages/", {"stage": "idea"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_run_under_one_number_of_queries(
    rows: int, lamps: Programme, manager: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(rows):
        commit_money(
            programme=lamps, draws={"budget": Decimal(1), "theme:energy": Decimal(1)},
            reference=f"C{number}", actor=ACTOR,
        )  # fmt: skip
    manager.get(API)
    with django_assert_num_queries(7):
        manager.get(f"{ONE}commitments/")
