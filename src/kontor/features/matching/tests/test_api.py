"""The matchmaker for programs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from kontor.features.programmes.models import Programme

from .conftest import SECRET

pytestmark = pytest.mark.django_db
QUESTION = {"text": "warmtewisselaar voor biogas", "origin": "NL", "across": True, "top": 5}


def ask(client: Client, **question: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = client.post("/api/v1/matches/", question, content_type="application/json")
    return answer.status_code, answer.json()


def test_partners_with_parts_reasons_and_doubt(
    directory: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    status, answer = ask(api_client("matching:read"), **QUESTION)
    assert status == 200
    assert answer["status"] == "optimal"
    assert "Rauchkamm Thermik GmbH" in [match["name"] for match in answer["matches"]]
    for match in answer["matches"]:
        assert len(match["reasons"]) == 3
        assert match["doubt"]["text"]
    for secret in (SECRET, "Skjult", directory.hidden.key, "Scambiatori"):
        assert secret not in str(answer)


def test_the_readers_language(directory: SimpleNamespace, api_client: Callable[..., Client]) -> None:
    client = api_client("matching:read")
    german = client.post(
        "/api/v1/matches/", QUESTION, content_type="application/json", headers={"Accept-Language": "de"}
    ).json()
    assert any("Frankreich" in match["where"] for match in german["matches"])


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ({"text": "heat", "countries": ["Atlantis"]}, "body.countries"),
        ({"text": "heat", "codes": ["nace:nothing"]}, "body.codes"),
        ({"text": "heat", "kind": "wish"}, "body.kind"),
    ],
)
def test_bad_questions_name_the_field(api_client: Callable[..., Client], question: dict, path: str) -> None:  # type: ignore[type-arg]
    status, answer = ask(api_client("matching:read"), **question)
    assert status == 422
    assert answer["error"]["path"] == path


def test_a_token_without_the_scope_is_refused(api_client: Callable[..., Client]) -> None:
    status, answer = ask(api_client("organisations:read"), **QUESTION)
    assert status == 403
    assert answer["error"]["code"] == "scope-missing"


def test_saved_searches_are_ones_own(directory: SimpleNamespace, api_client: Callable[..., Client]) -> None:
    mine, other = api_client("matching:read", "matching:write"), api_client("matching:read")
    kept = mine.post(
        "/api/v1/matches/saved/", {"name": "Biogas", "ask": QUESTION}, content_type="application/json"
    )
    assert kept.status_code == 201
    assert mine.get("/api/v1/matches/saved/").json()["count"] == 1
    assert other.get("/api/v1/matches/saved/").json()["count"] == 0
    assert mine.get(f"/api/v1/matches/saved/{kept.json()['key']}/").status_code == 200
    assert other.get(f"/api/v1/matches/saved/{kept.json()['key']}/").status_code == 404


def test_a_saved_search_is_shared_deleted_and_brought_back(
    directory: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    mine, other = api_client("matching:read", "matching:write"), api_client("matching:read", "matching:write")
    body = {"name": "Biogas", "ask": QUESTION}
    kept = mine.post("/api/v1/matches/saved/", body, content_type="application/json").json()
    path = f"/api/v1/matches/saved/{kept['key']}/"

    def share(client: Client, shared: bool) -> int:
        return int(client.patch(path, {"shared": shared}, content_type="application/json").status_code)

    assert (share(other, True), other.delete(path).status_code) == (404, 404)
    assert (share(mine, True), other.get(path).status_code) == (200, 200)
    # Whoever may open it does not own it.
    assert (share(other, False), other.delete(path).status_code) == (404, 404)
    assert (share(mine, False), other.get(path).status_code) == (200, 404)
    assert mine.delete(path).status_code == 204
    assert mine.get(path).status_code == 404
    assert other.post(f"{path}restore/").status_code == 404
    assert mine.post(f"{path}restore/").json()["name"] == "Biogas"
    assert mine.get(path).status_code == 200


def test_target_products_are_questions(client: Client, cleantech: Programme) -> None:
    rows = client.get("/api/v1/matches/products/").json()["items"]
    assert rows
    assert all(row["key"].count("/") == 1 and row["competences"] for row in rows)
