"""The API's frame: who calls, what scopes allow, one error shape, and the committed description."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from ninja import Schema
from pydantic_core.core_schema import ErrorType

from kontor.base.api import FAILURES, PageQuery, Router, paginate
from kontor.features.accounts.models import ApiToken, User
from kontor.web.api import api
from kontor.web.openapi import document
from kontor.web.unfit import SENTENCES

ApiClient = Callable[..., Client]
COMMITTED = Path(__file__).resolve().parents[4] / "docs" / "api" / "openapi.json"


def shape(answer: object) -> set[str]:
    body = answer.json()  # type: ignore[attr-defined]
    assert set(body) == {"error"}
    return set(body["error"])


def test_description_is_the_committed_one() -> None:
    """After a change of the API run: manage.py export_openapi, and read the difference."""
    assert COMMITTED.read_text(encoding="utf-8") == document()


def test_every_operation_documents_every_failure() -> None:
    for route, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        for method, operation in operations.items():
            documented = {str(code) for code in operation["responses"]}
            assert {str(code) for code in FAILURES} <= documented, f"{method} {route}"


def test_token_with_scope_is_let_in(api_client: ApiClient, user_with: Callable[..., User]) -> None:
    user = user_with("editor", "o1", name="Ada")
    answer = api_client("me:read", user=user).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["name"]) == (200, "Ada")
    assert answer.json()["roles"][0]["scope_key"] == "o1"
    assert ApiToken.objects.get().last_used_at is not None


def test_token_without_scope_is_refused(api_client: ApiClient, user_with: Callable[..., User]) -> None:
    answer = api_client("organisations:read", user=user_with(name="Secret")).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope-missing")
    assert "Secret" not in answer.content.decode()


def test_nobody_is_told_to_sign_in(db: None, client: Client) -> None:
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert shape(answer) == {"code", "message", "path", "remedy"}


@pytest.mark.parametrize("header", ["Bearer wrong", "Basic YTpi", "Bearer", "nonsense"])
def test_wrong_token_is_an_error(db: None, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token-invalid")


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_dead_token_is_refused(api_client: ApiClient, user_with: Callable[..., User], field: str) -> None:
    client = api_client("me:read", user=user_with())
    ApiToken.objects.update(**{field: timezone.now() - dt.timedelta(seconds=1)})
    assert client.get("/api/v1/me/").status_code == 401


def test_token_of_somebody_who_left_is_refused(api_client: ApiClient, user_with: Callable[..., User]) -> None:
    client = api_client("me:read", user=user_with())
    User.objects.update(is_active=False)
    assert client.get("/api/v1/me/").status_code == 401


def test_session_counts_too(user_with: Callable[..., User], signed_in: Callable[[User], Client]) -> None:
    assert signed_in(user_with(name="Ada")).get("/api/v1/me/").json()["name"] == "Ada"


def test_unknown_address_has_the_shape(db: None, client: Client) -> None:
    answer = client.get("/api/v1/no/such/thing")
    assert answer.status_code == 404
    assert shape(answer) == {"code", "message", "path", "remedy"}


def test_nul_character_is_refused(api_client: ApiClient, user_with: Callable[..., User]) -> None:
    answer = api_client("me:read", user=user_with()).get("/api/v1/me/?x=%00")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "nul-character")


def test_too_many_calls_are_slowed_down(
    api_client: ApiClient, user_with: Callable[..., User], settings: Any
) -> None:
    settings.API_RATE = 2
    eager, other = (api_client("me:read", user=user_with()) for _number in range(2))
    with time_machine.travel(dt.datetime(2027, 3, 1, 12, 0, 15, tzinfo=dt.UTC), tick=False) as clock:
        assert [eager.get("/api/v1/me/").status_code for _call in range(3)] == [200, 200, 429]
        answer = eager.get("/api/v1/me/")
        assert (answer["Retry-After"], answer.json()["error"]["code"]) == ("45", "too-many-calls")
        assert shape(answer) == {"code", "message", "path", "remedy"}
        assert other.get("/api/v1/me/").status_code == 200
        clock.shift(45)
        assert eager.get("/api/v1/me/").status_code == 200


def test_what_does_not_fit_is_told_in_the_readers_language(
    api_client: ApiClient, user_with: Callable[..., User]
) -> None:
    client = api_client("me:read", "jobs:read", "calls:write", user=user_with())

    def told(language: str) -> list[tuple[str, str]]:
        asked = {"headers": {"Accept-Language": language}}
        body = {"text": "", "language": "english"}
        answers = (
            client.get("/api/v1/jobs/?page=0", **asked),
            client.get("/api/v1/jobs/?state=lost", **asked),
            client.post("/api/v1/calls/any/questions", body, "application/json", **asked),
            client.post("/api/v1/calls/any/questions", "{", "application/json", **asked),
        )
        return [(one.json()["error"]["path"], one.json()["error"]["message"]) for one in answers]

    states = "'', 'waiting', 'running', 'retrying', 'done', 'failed', 'cancelled'"
    assert told("en")[0] == ("query.page", "The number must be at least 1.")
    assert told("de") == [
        ("query.page", "Die Zahl muss mindestens 1 sein."),
        ("query.state", f"Das muss eines von diesen sein: {states}."),
        ("body.text", "Der Text muss mindestens 1 Zeichen haben."),
        ("", "Der Inhalt des Aufrufs ist nicht lesbar."),
    ]  # fmt: skip


def test_every_fault_of_the_validator_has_a_sentence() -> None:
    """The names are the validator's own, so that a new release cannot make a sentence useless unseen."""
    assert set(SENTENCES) <= set(get_args(ErrorType))


def test_operation_without_policy_cannot_be_added() -> None:
    router = Router("things")
    with pytest.raises(RuntimeError, match="no @policy"):
        router.get("/")(lambda request: None)


def test_pages() -> None:
    rows = list(range(51))
    first = paginate(rows, PageQuery(page=1, page_size=25))
    last = paginate(rows, PageQuery(page=3, page_size=25))
    beyond = paginate(rows, PageQuery(page=9, page_size=25))
    assert (first["items"][0], first["count"], first["pages"]) == (0, 51, 3)
    assert (last["items"], beyond["items"], beyond["page"]) == ([50], [], 9)
    assert paginate([], PageQuery())["pages"] == 1


def test_a_body_that_is_too_large_is_told_so(api_client: ApiClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    body = json.dumps({"text": "x" * 1024**2})
    answer = api_client("matching:read").post("/api/v1/matches/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


def test_bodies_and_answers_have_names_of_their_own() -> None:
    """The description holds one shape per name: of two that share it, one would be described wrongly."""
    shapes = [shape for shape in _below(Schema) if shape.__module__.startswith("kontor.features")]
    described = [shape for shape in shapes if not any(_below(shape))]
    counted = Counter(shape.__name__ for shape in described)
    assert [name for name, times in counted.items() if times > 1] == []


def _below(shape: type[Schema]) -> Iterator[type[Schema]]:
    for child in shape.__subclasses__():
        yield child
        yield from _below(child)
