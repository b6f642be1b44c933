"""Who can do what a programme's target products need, and how far each product has come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.accounts.rules import edits_organisation
from kontor.features.organisations.models import Organisation
from kontor.features.programmes import actions
from kontor.features.programmes.matrix import Wish, matrix_of
from kontor.features.programmes.pipeline import products_of
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.rules import may_edit, may_see_matrix

router = Router("programmes")


class CompetenceOut(Schema):
    organisation: str = Field(description="key")
    name: str
    country: str
    competence: str
    level: int
    evidence: str
    revision: int


class CompetenceIn(Schema):
    organisation: str = Field(max_length=12, description="key")
    competence: str = Field(max_length=60, description="key in the programme's file")
    level: int = Field(ge=0, le=3)
    evidence: str = Field("", max_length=5_000, description="what the level rests on")
    revision: int | None = Field(
        None, ge=1, le=2_147_483_647, description="of the cell you read; null where it was empty"
    )


class WishQuery(Schema):
    theme: str = Field("", max_length=60)
    product: str = Field("", max_length=60)
    country: str = Field("", max_length=2)


class ProductOut(Schema):
    key: str
    theme: str
    name: dict[str, str]
    trl: int = Field(description="planned")
    stage: str = Field(description="idea, prototype, tested or marketed")
    since: dt.datetime | None
    competences: list[str] = Field(description="keys of those it needs")


class StageIn(Schema):
    stage: str = Field(max_length=10, description="idea, prototype, tested or marketed")
    note: str = Field("", max_length=500, description="what shows it")


@router.get("/{key}/competences/", response=Page[CompetenceOut])
@policy(may_see_matrix)
def competences(
    request: HttpRequest, key: str, page: Query[PageQuery], wish: Query[WishQuery]
) -> dict[str, Any]:
    """What is stated: of every member for those who edit the programme, else of your own organisations."""
    programme = programme_for(request.user, key)
    require(request, may_see_matrix, programme)
    wanted = Wish(wish.theme, wish.product, wish.country)
    matrix = matrix_of(request.user, programme, published(programme).definition, wanted)
    rows = [cell.row for member in matrix.members for cell in member.cells if cell.row]
    answer = paginate(rows, page)
    return {**answer, "items": [_competence(row) for row in answer["items"]]}


@router.put("/{key}/competences/", response=CompetenceOut)
@policy(may_see_matrix)
def state_competence(request: HttpRequest, key: str, body: CompetenceIn) -> dict[str, Any]:
    """Say how well an organisation masters a competence. 409 where the cell changed since you read it."""
    programme = programme_for(request.user, key)
    require(request, may_see_matrix, programme)
    member = found(Organisation.objects.visible_to(request.user), key=body.organisation)
    if not allowed(request, edits_organisation, member):
        require(request, may_edit, programme)
    row = actions.state_competence(
        programme=programme,
        organisation=member,
        competence=body.competence,
        level=body.level,
        evidence=body.evidence,
        revision=body.revision,
        actor=actor_of(request),
    )
    return _competence(row)


@router.get("/{key}/products/", response=list[ProductOut])
@policy(PUBLIC)
def products(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Target products in the order of the file, with the stage each has reached."""
    programme = programme_for(request.user, key)
    return [
        {
            "key": row.product.key,
            "theme": row.product.theme,
            "name": dict(row.product.name),
            "trl": row.product.trl,
            "stage": str(row.stage.value),
            "since": row.steps[0].at if row.steps else None,
            "competences": [one.key for one in row.product.competences],
        }
        for row in products_of(programme, published(programme).definition)
    ]


@router.post("/{key}/products/{product}/stages/", response={201: StageIn})
@policy(may_edit)
def move_product(request: HttpRequest, key: str, product: str, body: StageIn) -> Status[dict[str, Any]]:
    """Note that a product has reached a stage, or fallen back to one."""
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    step = actions.move_product(
        programme=programme, product=product, stage=body.stage, note=body.note, actor=actor_of(request)
    )
    return Status(201, {"stage": step.stage, "note": step.note})


def _competence(row: Any) -> dict[str, Any]:
    return {
        "organisation": row.organisation.key,
        "name": row.organisation.name,
        "country": row.organisation.country,
        "competence": row.competence,
        "level": row.level,
        "evidence": row.evidence,
        "revision": row.revision,
    }
