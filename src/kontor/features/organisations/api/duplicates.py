"""Pairs that may be one organisation: listed, merged, parted again. For managers and administrators."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.api.jobs import QueuedOut, queued_out
from kontor.base.jobs import enqueue
from kontor.base.permissions import policy, require
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import in_body
from kontor.features.organisations.api.contacts import Number
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.drafts import PROFILE_FIELDS
from kontor.features.organisations.models import DuplicatePair, Merge, Organisation
from kontor.features.organisations.queries import merges_of, open_pairs
from kontor.features.organisations.reasons import reasons_in_words
from kontor.features.organisations.rules import may_edit, may_merge

router = Router("organisations")
merges = Router("organisations")


class TwinOut(Schema):
    """One side of a pair. The whole record: GET /api/v1/organisations/{key}."""

    key: str
    name: str
    country: str
    place: str
    website: str
    vat: str | None
    register_number: str | None
    pic: str | None


class PairOut(Schema):
    id: int
    score: float = Field(description="0 to 1")
    reasons: list[str] = Field(description="codes: vat, pic, domain, name, place …")
    words: list[str] = Field(description="the same, in the language of Accept-Language")
    first: TwinOut
    second: TwinOut
    different: list[str] = Field(description="fields in which they differ")
    found_at: dt.datetime


class MergeOut(Schema):
    id: int
    kept: TwinOut
    gone: TwinOut
    merged_at: dt.datetime
    merged_by: str


class MergeIn(Input):
    keep: Literal["first", "second"] = Field(description="whose key and address stay")
    choices: dict[str, Literal["first", "second"]] = Field(
        default_factory=dict, max_length=len(PROFILE_FIELDS), description="field: whose value stays"
    )


@router.get("/", response=Page[PairOut])
@policy(may_merge)
def list_pairs(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Undecided pairs of which you may change both, likeliest first."""
    part = paginate(open_pairs(request.user), page)
    return {**part, "items": [_pair_out(pair) for pair in part["items"]]}


@router.post("/find", response={202: QueuedOut})
@policy(may_merge)
def find_pairs(request: HttpRequest) -> Status[dict[str, Any]]:
    """Look through the whole directory, in a job."""
    job = enqueue("organisations.duplicates", {}, actor=actor_of(request), dedup_key="all")
    return Status(202, queued_out(request, job))


@router.get("/{number}", response=PairOut)
@policy(may_merge & may_edit)
def get_pair(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    return _pair_out(_pair_for(request, number))


@router.post("/{number}/merge", response={201: MergeOut})
@policy(may_merge & may_edit)
def merge(request: HttpRequest, number: Path[Number], body: MergeIn) -> Status[dict[str, Any]]:
    """Make one of the two. Fields without a choice keep their value, and take over what was missing."""
    pair = _pair_for(request, number)
    kept, gone = (pair.first, pair.second) if body.keep == "first" else (pair.second, pair.first)
    choices = {field: "kept" if side == body.keep else "gone" for field, side in body.choices.items()}
    with in_body():
        made = actions.merge_organisations(kept=kept, gone=gone, choices=choices, actor=actor_of(request))
    return Status(201, _merge_out(made))


@router.post("/{number}/different", response={204: None})
@policy(may_merge & may_edit)
def different(request: HttpRequest, number: Path[Number]) -> Status[None]:
    """These are two different organisations: the pair is not proposed again."""
    actions.mark_different(pair=_pair_for(request, number), actor=actor_of(request))
    return Status(204, None)


@merges.get("/", response=Page[MergeOut])
@policy(may_merge)
def list_merges(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Merges that you may take back, the latest first."""
    part = paginate(merges_of(request.user), page)
    return {**part, "items": [_merge_out(row) for row in part["items"]]}


@merges.post("/{number}/undo", response={204: None})
@policy(may_merge & may_edit)
def undo_merge(request: HttpRequest, number: Path[Number]) -> Status[None]:
    """Part the two again, without loss. 409 where a later merge stands in the way."""
    merged: Merge = found(Merge.objects.select_related("kept", "gone"), pk=number)
    require(request, may_merge & may_edit, merged.kept)
    actions.unmerge_organisations(merge=merged, actor=actor_of(request))
    return Status(204, None)


def _pair_for(request: HttpRequest, number: int) -> DuplicatePair:
    """The open pair of which the caller may change both; others do not exist for them."""
    pair: DuplicatePair = found(open_pairs(request.user), pk=number)
    require(request, may_merge & may_edit, pair.first)
    require(request, may_merge & may_edit, pair.second)
    return pair


def _pair_out(pair: DuplicatePair) -> dict[str, Any]:
    differing = [
        field for field in PROFILE_FIELDS if getattr(pair.first, field) != getattr(pair.second, field)
    ]
    return {
        "id": pair.pk,
        "score": pair.score,
        "reasons": pair.reasons,
        "words": reasons_in_words(pair.reasons),
        "first": _twin_out(pair.first),
        "second": _twin_out(pair.second),
        "different": differing,
        "found_at": pair.found_at,
    }


def _twin_out(organisation: Organisation) -> dict[str, Any]:
    return {field: getattr(organisation, field) for field in TwinOut.model_fields}


def _merge_out(merged: Merge) -> dict[str, Any]:
    return {
        "id": merged.pk,
        "kept": _twin_out(merged.kept),
        "gone": _twin_out(merged.gone),
        "merged_at": merged.merged_at,
        "merged_by": merged.merged_by,
    }
