"""Texts of an organisation and its statements in all their languages, with where each comes from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.models import TextOrigin
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy
from kontor.features.organisations import actions
from kontor.features.organisations.actions.translations import TRANSLATED, TRANSLATED_OF_STATEMENTS
from kontor.features.organisations.api.changes import base_of, in_body, version_of
from kontor.features.organisations.api.finding import reachable, statement_at
from kontor.features.organisations.api.schemas import Input, Text
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.queries import translations_of
from kontor.features.organisations.rules import may_edit

router = Router("organisations")

Language = Annotated[str, Field(pattern="^[a-z]{2}$", examples=["fr"])]


class TextOut(Schema):
    """`origin` is source (the original), human or machine; `stale`: the original has changed since."""

    field: str
    language: str
    text: str
    origin: str
    stale: bool


class LanguageOut(Schema):
    """The texts of one language, and what a change of them must bring along."""

    language: str
    texts: list[TextOut]
    version: str


class TranslationIn(Input):
    """Texts left out stay as they are; an empty one removes the translation."""

    origin: Literal["human", "machine"] = Field("human", description="who translated")
    version: str = Field("", max_length=90_000, description="of the language as read; empty: a new one")


class TranslatedOrganisation(TranslationIn):
    name: str | None = Field(None, max_length=300)
    summary: Text | None = None


class TranslatedStatement(TranslationIn):
    title: str | None = Field(None, max_length=200)
    text: Text | None = None


@router.get("/{key}/translations", response=Page[TextOut])
@policy(PUBLIC)
def list_translations(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """Name and summary in every language, the original first."""
    return paginate(_texts(reachable(request, key)), page)


@router.get("/{key}/translations/{language}", response=LanguageOut)
@policy(SIGNED_IN & may_edit)
def get_translation(request: HttpRequest, key: Path[str], language: Path[Language]) -> dict[str, Any]:
    """Name and summary in one language, to be changed."""
    return _language(reachable(request, key, may_edit), language)


@router.patch("/{key}/translations/{language}", response=LanguageOut)
@policy(SIGNED_IN & may_edit)
def translate_organisation(
    request: HttpRequest, key: Path[str], language: Path[Language], body: TranslatedOrganisation
) -> dict[str, Any]:
    """Write name and summary in one language. 409 where somebody else changed one of them meanwhile."""
    organisation = reachable(request, key, may_edit)
    with in_body():
        actions.translate_organisation(
            organisation=organisation, actor=actor_of(request), **_wanted(organisation, language, body)
        )
    return _language(organisation, language)


@router.get("/{key}/statements/{statement_key}/translations", response=Page[TextOut])
@policy(PUBLIC)
def list_statement_translations(
    request: HttpRequest, key: Path[str], statement_key: Path[str], page: Query[PageQuery]
) -> dict[str, Any]:
    """Title and text in every language, the original first."""
    readable = Statement.objects.visible_to(request.user)
    return paginate(_texts(found(readable, key=statement_key, organisation__key=key)), page)


@router.get("/{key}/statements/{statement_key}/translations/{language}", response=LanguageOut)
@policy(SIGNED_IN & may_edit)
def get_statement_translation(
    request: HttpRequest, key: Path[str], statement_key: Path[str], language: Path[Language]
) -> dict[str, Any]:
    """Title and text in one language, to be changed."""
    return _language(statement_at(request, key, statement_key), language)


@router.patch("/{key}/statements/{statement_key}/translations/{language}", response=LanguageOut)
@policy(SIGNED_IN & may_edit)
def translate_statement(
    request: HttpRequest,
    key: Path[str],
    statement_key: Path[str],
    language: Path[Language],
    body: TranslatedStatement,
) -> dict[str, Any]:
    """Write title and text in one language. 409 where somebody else changed one of them meanwhile."""
    statement = statement_at(request, key, statement_key)
    with in_body():
        actions.translate_statement(
            statement=statement, actor=actor_of(request), **_wanted(statement, language, body)
        )
    return _language(statement, language)


def _fields(subject: Organisation | Statement) -> tuple[str, ...]:
    return TRANSLATED if isinstance(subject, Organisation) else TRANSLATED_OF_STATEMENTS


def _about(subject: Organisation | Statement, language: str) -> str:
    return f"{subject.key} {language}"


def _wanted(subject: Organisation | Statement, language: str, body: TranslationIn) -> dict[str, Any]:
    """What the actions take: the texts sent, and what the change began with."""
    base = (
        base_of(body.version, _about(subject, language))
        if body.version
        else dict.fromkeys(_fields(subject), "")
    )
    values = body.dict(exclude_none=True, exclude={"origin", "version"})
    return {"language": language, "values": values, "origin": body.origin, "base": base}


def _texts(subject: Organisation | Statement) -> list[dict[str, Any]]:
    original = [(field, getattr(subject, field)) for field in _fields(subject)]
    source = {"language": subject.language, "origin": TextOrigin.SOURCE, "stale": False}
    columns = list(TextOut.model_fields)
    return [{"field": field, "text": text, **source} for field, text in original if text] + [
        {column: getattr(row, column) for column in columns} for row in translations_of(subject)
    ]


def _language(subject: Organisation | Statement, language: str) -> dict[str, Any]:
    values = actions.translation_snapshot(subject, language)
    return {
        "language": language,
        "texts": [row for row in _texts(subject) if row["language"] == language],
        "version": version_of(values, _about(subject, language)),
    }
