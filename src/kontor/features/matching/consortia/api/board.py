"""Consortia: list, read, begin, change, variants, undo, hand in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.errors import KontorError
from kontor.base.permissions import SIGNED_IN, policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.consortia.api.reading import answered, composed_by, read_by, variant_in
from kontor.features.matching.consortia.api.shown import ConsortiumOut, ConsortiumRowOut, row_out
from kontor.features.matching.consortia.queries import narrowed, rows_of
from kontor.features.matching.consortia.rules import may_compose, may_create_for, may_read
from kontor.features.matching.products import current_versions
from kontor.features.organisations.models import Organisation

router = Router("matching")


class DetailsIn(Schema):
    """Only what is sent is changed."""

    title: str = Field("", max_length=200)
    text: str = Field("", max_length=5_000)
    programme: str = Field("", max_length=60, description="key; empty: none")
    definition: str = Field("", max_length=60, description="key of the programme or of one of its variants")
    instrument: str = Field("", max_length=60)
    product: str = Field("", max_length=60)
    themes: list[str] = Field([], max_length=50)
    kets: list[str] = Field([], max_length=50)
    months: int | None = Field(None, ge=1, le=120)


class NewIn(DetailsIn):
    lead: str = Field(max_length=12, description="key of the organisation that composes")
    lead_sits: bool = Field(True, description="it takes the first seat")


class ConsortiumChangeIn(DetailsIn):
    revision: int | None = Field(None, description="details_revision as you read it; older than stored: 409")


class VariantIn(Schema):
    name: str = Field("", max_length=120)
    copy_of: str = Field("", max_length=12, description="key of the variant to copy; empty: without seats")


class NameIn(Schema):
    name: str = Field(min_length=1, max_length=120)


@router.get("/", response=Page[ConsortiumRowOut])
@policy(SIGNED_IN)
def list_consortia(
    request: HttpRequest, page: Query[PageQuery], state: str = "", programme: str = ""
) -> dict[str, Any]:
    """Those you may read, the latest first."""
    answer = paginate(narrowed(request.user, state=state[:20], programme=programme[:60]), page)
    return {**answer, "items": [row_out(row) for row in rows_of(answer["items"], request.user)]}


@router.post("/", response={201: ConsortiumOut})
@policy(may_create_for)
def begin(request: HttpRequest, body: NewIn) -> Status[dict[str, Any]]:
    """A consortium with one variant."""
    lead: Organisation = found(Organisation.objects.visible_to(request.user), key=body.lead)
    require(request, may_create_for, lead)
    told = _values(body.dict(exclude={"lead", "lead_sits"}))
    made = actions.create_consortium(
        lead=lead, values=told, lead_sits=body.lead_sits, actor=actor_of(request)
    )
    return Status(201, answered(request, made.key))


@router.get("/{key}/", response=ConsortiumOut)
@policy(may_read)
def read(request: HttpRequest, key: str) -> dict[str, Any]:
    """The variants that you may read: seats, lights, missing competences, money."""
    read_by(request, key)
    return answered(request, key)


@router.patch("/{key}/", response=ConsortiumOut)
@policy(may_compose)
def change(request: HttpRequest, key: str, body: ConsortiumChangeIn) -> dict[str, Any]:
    """What the consortium is about."""
    actions.change_details(
        consortium=composed_by(request, key),
        values=_values(body.dict(exclude_unset=True, exclude={"revision"})),
        revision=body.revision,
        actor=actor_of(request),
    )
    return answered(request, key)


@router.post("/{key}/variants/", response={201: ConsortiumOut})
@policy(may_compose)
def add_variant(request: HttpRequest, key: str, body: VariantIn) -> Status[dict[str, Any]]:
    """A further variant, empty or as a copy."""
    consortium, actor = composed_by(request, key), actor_of(request)
    if body.copy_of:
        variant = variant_in(consortium, body.copy_of)
        actions.copy_variant(variant=variant, name=body.name, actor=actor)
    else:
        actions.add_variant(consortium=consortium, name=body.name, actor=actor)
    return Status(201, answered(request, key))


@router.patch("/{key}/variants/{variant}/", response=ConsortiumOut)
@policy(may_compose)
def rename_variant(request: HttpRequest, key: str, variant: str, body: NameIn) -> dict[str, Any]:
    """Its name in the row of variants."""
    row = variant_in(composed_by(request, key), variant)
    actions.rename_variant(variant=row, name=body.name, actor=actor_of(request))
    return answered(request, key)


@router.delete("/{key}/variants/{variant}/", response=ConsortiumOut)
@policy(may_compose)
def remove_variant(request: HttpRequest, key: str, variant: str) -> dict[str, Any]:
    """Not the only one, not the chosen one."""
    row = variant_in(composed_by(request, key), variant)
    actions.remove_variant(variant=row, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/variants/{variant}/choose/", response=ConsortiumOut)
@policy(may_compose)
def choose_variant(request: HttpRequest, key: str, variant: str) -> dict[str, Any]:
    """The team to go ahead with."""
    row = variant_in(composed_by(request, key), variant)
    actions.choose_variant(variant=row, actor=actor_of(request))
    return answered(request, key)


@router.post("/{key}/undo/", response=ConsortiumOut)
@policy(may_compose)
def undo(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take the last step of the board back; 409 where there is none to take back."""
    consortium = composed_by(request, key)
    latest = undoable(consortium)
    step = latest.pk if latest else 0
    actions.undo_step(consortium=consortium, step=step, actor=actor_of(request))
    return answered(request, key)


def _values(told: dict[str, Any]) -> dict[str, Any]:
    """As the actions take them: the programme as a row."""
    if "programme" in told:
        key = told["programme"]
        versions = current_versions(key) if key else []
        if key and not versions:
            raise KontorError(
                _("There is no programme “%(key)s”.") % {"key": key},
                code="programme-unknown",
                path="body.programme",
                remedy=_("Choose one from the list of programmes."),
                status=422,
            )
        told["programme"] = versions[0].programme if versions else None
    return told
