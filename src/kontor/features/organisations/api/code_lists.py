"""Searching the code lists in the caller's language, and codes suggested for a text."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Path, Query, Schema

from kontor import codes
from kontor.base.api import Page, Router, scope
from kontor.base.permissions import PUBLIC, policy
from kontor.features.organisations.api.schemas import CodeOut

router = Router("codes")

SchemeName = Literal["country", "nuts", "nace", "cpv", "ket", "theme"]
Language = Field("", max_length=8, description="two letters; the request's language when empty")


class CodeSearch(Schema):
    q: str = Field(
        "", max_length=200, description="a code's beginning, or words of its label; empty: the top"
    )
    language: str = Language
    limit: int = Field(20, ge=1, le=100)


class CodeSuggestion(Schema):
    text: str = Field(min_length=1, max_length=20_000)
    language: str = Language
    limit: int = Field(10, ge=1, le=50)


@router.post("/suggest", response=Page[CodeOut])
@scope("codes:read")
@policy(PUBLIC)
def suggest_codes(request: HttpRequest, body: CodeSuggestion) -> dict[str, Any]:
    """Codes of all lists that fit a text, best first."""
    return _page(codes.suggest(body.text, _language(body.language), body.limit))


@router.get("/{scheme}", response=Page[CodeOut])
@policy(PUBLIC)
def find_codes(request: HttpRequest, scheme: Path[SchemeName], search: Query[CodeSearch]) -> dict[str, Any]:
    """Codes of one list, best first."""
    return _page(codes.find(scheme, search.q, _language(search.language), search.limit))


def _language(asked: str) -> str:
    return asked or (get_language() or "en").split("-")[0]


def _page(found: list[codes.Found]) -> dict[str, Any]:
    items = [
        {
            "scheme": each.scheme,
            "code": each.code,
            "label": str(each.label),
            "language": each.label.language,
            "score": each.score,
            "how": each.how,
        }
        for each in found
    ]
    return {"items": items, "count": len(items), "page": 1, "pages": 1}
