"""Suggestions for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.matching.suggestions.queries import suggested_to
from kontor.features.matching.suggestions.rules import own_q
from kontor.features.organisations.models import Organisation

router = Router("matching")


class Wanted(PageQuery):
    """Whose list is read, and which page of it."""

    organisation: str = Field(max_length=12, description="key of an organisation of yours")


class SuggestionOut(Schema):
    """`score` from 0 to 1. `direction`: `need` (it answers a need), `offer` (it needs an offer), `alike`."""

    partner: str
    name: str
    country: str
    rank: int
    score: float
    direction: str
    reasons: list[str] = Field(description="codes, the strongest first")
    newcomer: bool

    @staticmethod
    def resolve_partner(row: Any) -> str:
        return str(row.partner.key)

    @staticmethod
    def resolve_name(row: Any) -> str:
        return str(row.partner.name)

    @staticmethod
    def resolve_country(row: Any) -> str:
        return str(row.partner.country)


@router.get("/", response=Page[SuggestionOut])
@policy(SIGNED_IN)
def list_suggestions(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Whom an organisation of yours should meet across the border, best first."""
    own = found(Organisation.objects.alive().filter(own_q(request.user)), key=wanted.organisation)
    return paginate(suggested_to(own, request.user), wanted)
