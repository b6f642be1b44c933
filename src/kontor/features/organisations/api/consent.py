"""Consent of an organisation to be found, given and withdrawn by its owner; its history and its data."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, paginate
from kontor.base.models import AuditEvent
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import in_body
from kontor.features.organisations.api.finding import reachable
from kontor.features.organisations.api.schemas import Input
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.queries import export_of, history_of
from kontor.features.organisations.rules import may_decide_consent, may_edit

router = Router("organisations")


class ConsentOut(Schema):
    """`listing`: listed (everybody), members, hidden, or withdrawn."""

    listing: str
    given_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


class ConsentIn(Input):
    listing: Literal["listed", "members"] = Field(description="found by everybody, or by members only")


class WithdrawIn(Input):
    reason: str = Field("", max_length=300, description="kept in the log")


class EventOut(Schema):
    """One line of the log."""

    at: dt.datetime
    by: str
    what: str
    subject: str
    changes: dict[str, Any] = Field(description="field: [before, after]")
    reason: str


@router.get("/{key}/consent", response=ConsentOut)
@policy(SIGNED_IN & may_edit)
def get_consent(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Where the organisation agreed to be found, and since when."""
    return _out(reachable(request, key, may_edit))


@router.post("/{key}/consent", response=ConsentOut)
@policy(SIGNED_IN & may_decide_consent)
def give_consent(request: HttpRequest, key: Path[str], body: ConsentIn) -> dict[str, Any]:
    """Agree to be found, for the first time or again. For the organisation's owner."""
    organisation = reachable(request, key, may_decide_consent)
    with in_body():
        stored = actions.give_consent(
            organisation=organisation, listing=body.listing, actor=actor_of(request)
        )
    return _out(stored)


@router.post("/{key}/consent/withdraw", response=ConsentOut)
@policy(SIGNED_IN & may_decide_consent)
def withdraw_consent(request: HttpRequest, key: Path[str], body: WithdrawIn) -> dict[str, Any]:
    """Hide the organisation at once: in the directory, in searches and in matches. For its owner."""
    organisation = reachable(request, key, may_decide_consent)
    stored = actions.withdraw_consent(organisation=organisation, reason=body.reason, actor=actor_of(request))
    return _out(stored)


def _out(organisation: Organisation) -> dict[str, Any]:
    return {
        "listing": organisation.listing,
        "given_at": organisation.consent_at,
        "withdrawn_at": organisation.consent_withdrawn_at,
    }


@router.get("/{key}/history", response=Page[EventOut])
@policy(SIGNED_IN & may_edit)
def list_history(request: HttpRequest, key: Path[str], page: Query[PageQuery]) -> dict[str, Any]:
    """What happened to the organisation and its statements, the latest first. For its editors."""
    part = paginate(history_of(reachable(request, key, may_edit)), page)
    return {**part, "items": [_event_out(event) for event in part["items"]]}


def _event_out(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "by": event.actor_label,
        "what": event.verb,
        "subject": event.subject_label,
        "changes": event.changes,
        "reason": event.reason,
    }


@router.get("/{key}/data", response=dict[str, Any])
@policy(SIGNED_IN & may_decide_consent)
def get_data(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """Everything stored about the organisation, for its owner (GDPR articles 15 and 20)."""
    return export_of(reachable(request, key, may_decide_consent))
