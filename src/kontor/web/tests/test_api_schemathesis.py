"""Every API operation, called in-process with inputs made from its description: no server error, no
undocumented answer. With a signed-in token, and as nobody.

Two kinds of inputs: some drawn at random, and every border case that the description tells of. The wrong
ones of these (a text where a number belongs, a method that is not there) are refused while they are read,
whoever calls and wherever the data lies. So they are called once: signed in, on SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kontor.base.api import SCOPES
from kontor.features.accounts.models import ApiToken, User
from kontor.features.accounts.secrets import digest_of

BORDERS = {"sqlite": "all"}.get(connection.vendor, "positive")


def described(borders: str) -> BaseSchema:
    """The API with its border cases: `all` or only the `positive` ones."""
    config = schemathesis.Config.from_dict({"phases": {"coverage": {"generation": {"mode": borders}}}})
    # not kontor.web.wsgi: its warm-up would run in a thread of its own while other tests are gathered
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)


SECRET = "schemathesis-token"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# bounded: every operation gets this many drawn inputs, the same in each run
bounded = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Called as WSGI, each request would close the connection in whose transaction the test lives."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(user_with: Callable[..., User]) -> str:
    user = user_with("administrator")
    ApiToken.objects.create(user=user, name="s", prefix="s", digest=digest_of(SECRET), scopes=sorted(SCOPES))
    return SECRET


@pytest.mark.slow
@pytest.mark.on_postgres
@described(BORDERS).parametrize()
@bounded
def test_signed_in_program(case: Case, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
    case.call_and_validate(headers=headers, checks=CHECKS)


@pytest.mark.slow
@pytest.mark.one_database
@described("positive").parametrize()
# nearly all of them are refused before anything is read: the border cases are called signed in
@settings(bounded, max_examples=2, phases=[Phase.generate])
def test_nobody(case: Case, token: str) -> None:
    case.call_and_validate(headers={"Host": "localhost"}, checks=CHECKS)
