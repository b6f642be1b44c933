"""The API's section on the person behind the call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from kontor.base.api import Router
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.accounts.models import User
from kontor.features.accounts.views.person import person_of

router = Router("me")


class RoleOut(Schema):
    role: str
    scope_kind: str
    scope_key: str
    granted_at: dt.datetime


class MeOut(Schema):
    key: str
    email: str
    name: str
    language: str
    time_zone: str
    roles: list[RoleOut]

    @staticmethod
    def resolve_roles(user: User) -> list[Any]:
        return list(user.roles())


@router.get("/", response=MeOut)
@policy(SIGNED_IN)
def me(request: HttpRequest) -> User:
    """The person whose token or session this is, with their roles."""
    return person_of(request)
