"""A firm in a cluster, with what could leak, and programs of those around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import cluster, membership, organisation

SCOPES = ("organisations:read", "organisations:write")


@dataclass(frozen=True)
class Place:
    """`owner`, `manager` and `stranger` (a member elsewhere) are programs with every scope they need."""

    home: Organisation
    firm: Organisation
    owner: Client
    manager: Client
    stranger: Client
    nobody: Client

    @property
    def path(self) -> str:
        return f"/api/v1/organisations/{self.firm.key}"

    @property
    def cluster_path(self) -> str:
        return f"/api/v1/organisations/{self.home.key}"


@pytest.fixture
def place(api_client: Any, user_with: Any) -> Place:
    home, firm = cluster(), organisation("Nordwind GmbH", language="de", summary="Getriebe.")
    membership(home, firm)
    people = {
        "owner": user_with("owner", firm.key, name="Olga"),
        "manager": user_with("cluster_manager", home.key, name="Mia"),
        "stranger": user_with("owner", "elsewhere"),
    }
    programs = {name: api_client(*SCOPES, user=user) for name, user in people.items()}
    return Place(home, firm, **programs, nobody=Client())


def call(client: Client, method: str, path: str, **body: object) -> Any:
    return getattr(client, method)(path, body, content_type="application/json")


def failure(answer: Any) -> tuple[int, str, str]:
    """Status, code and path of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["path"]
