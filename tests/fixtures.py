"""Fixtures that every part shares.

* `user_with(role, scope_key="", **fields)` makes a person who holds `role` (the kind of scope follows: a
  cluster manager in a cluster, an owner in an organisation …); `user_with()` makes one without any role.
* `signed_in(user)` is a Django test client with that person signed in.
* `own_site` is a whole site in a database of its own, for processes that really run (see tests/own_site.py).
* `api_client(*scopes, user=None)` is a test client whose requests carry a token with these scopes.

The option `--only-stored` leaves out what never asks the database, and what is marked `one_database`.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation

from kontor.base.audit import guard
from kontor.features.accounts.models import ApiToken, Role, RoleAssignment, ScopeKind, User
from tests.own_site import OwnSite

SCOPE_OF = {
    Role.ADMINISTRATOR: ScopeKind.SITE,
    Role.CONTROLLER: ScopeKind.SITE,
    Role.POLICY_MAKER: ScopeKind.SITE,
    Role.PROGRAMME_MANAGER: ScopeKind.PROGRAMME,
    Role.JUROR: ScopeKind.PROGRAMME,
    Role.CLUSTER_MANAGER: ScopeKind.CLUSTER,
    Role.CONTACT_PERSON: ScopeKind.ORGANISATION,
    Role.OWNER: ScopeKind.ORGANISATION,
    Role.EDITOR: ScopeKind.ORGANISATION,
    Role.READER: ScopeKind.ORGANISATION,
    Role.BUYER: ScopeKind.ORGANISATION,
}
_numbers = itertools.count(1)
# fixtures by which a test without the mark `django_db` comes to a database
STORED = {"db", "transactional_db", "live_server", "own_site"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-stored",
        action="store_true",
        help="only tests that could tell one kind of database from another",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-stored"):
        told = [item for item in items if not asks_its_database(item)]
        items[:] = [item for item in items if asks_its_database(item)]
        config.hook.pytest_deselected(items=told)


def asks_its_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    marked = item.get_closest_marker("django_db") is not None
    return marked or not STORED.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_audit_guard() -> Iterator[None]:
    """Tests with real transactions empty every table afterwards; the audit's triggers must let that pass."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded(operations: Any, statements: list[str]) -> None:
        with guard.disarmed(operations.connection):
            flush(operations, statements)

    BaseDatabaseOperations.execute_sql_flush = unguarded  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files and mails of a test stay in its own directory; nothing cached leaks into the next test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_ROOT = tmp_path / "jobs"
    settings.CALLS_FILE = tmp_path / "calls.sqlite3"
    # counting a call is a query more on one database than on the other
    settings.API_RATE = 0
    cache.clear()
    # A page read in German leaves its thread in German.
    translation.activate("en")
    yield
    cache.clear()


@pytest.fixture
def user_with(db: None) -> Callable[..., User]:
    def make(role: str = "", scope_key: str = "", **fields: Any) -> User:
        number = next(_numbers)
        fields.setdefault("email", f"person{number}@example.org")
        user = User.objects.create_user(name=fields.pop("name", f"Person {number}"), **fields)
        if role:
            kind = SCOPE_OF[Role(role)]
            RoleAssignment.objects.create(user=user, role=role, scope_kind=kind, scope_key=scope_key)
        return user

    return make


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """One for the whole run, migrated once; tests leave it as they found it or do not care what is in it."""
    with OwnSite.beside(django_settings.DATABASES["default"], tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def api_client(user_with: Callable[..., User]) -> Callable[..., Client]:
    def make(*scopes: str, user: User | None = None) -> Client:
        secret = secrets.token_urlsafe(32)
        ApiToken.objects.create(
            user=user or user_with(),
            name="test",
            prefix=secret[:8],
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            scopes=list(scopes),
        )
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make
