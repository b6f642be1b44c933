"""Self-checks and eligibility for programs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, policy, require
from kontor.engine.core.errors import InvalidInput
from kontor.features.calls.announcing.limits import not_too_many
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.checking import actions
from kontor.features.calls.checking.mailing import send_check
from kontor.features.calls.checking.problem import assess_check
from kontor.features.calls.checking.themes import refuse_unclear
from kontor.features.calls.checking.words import answer_rows
from kontor.features.calls.models import Application, Call, SelfCheck
from kontor.features.calls.problem import eligibility
from kontor.features.calls.queries import application_for
from kontor.features.calls.rules import may_handle_application, may_read_application
from kontor.programmes import Assessment

router = Router("calls")
Short = Annotated[str, Field(max_length=60)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Percentage = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]


class CheckPartnerIn(Schema):
    """What is left out is not known yet."""

    name: str = Field("", max_length=300)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    nuts: str | None = Field(None, pattern="^[A-Z]{2}[A-Z0-9]{0,3}$")
    kind: str | None = Field(None, max_length=10)
    size: str | None = Field(None, max_length=8)
    cost: Money | None = None
    lead: bool = False
    led_before: bool | None = None
    new: bool | None = None
    in_difficulty: bool | None = None


class SelfCheckIn(Schema):
    title: str = Field("", max_length=200)
    idea: str = Field("", max_length=2_000)
    language: str = Field("", max_length=8)
    instrument: str = Field("", max_length=60, description="empty: the call's own")
    themes: list[Short] = Field([], max_length=30)
    main_theme: str = Field("", max_length=60, description="which of several pays, where that is asked")
    theme_shares: dict[str, Percentage] = Field(
        {}, max_length=30, description="percent by theme, 100 in all, where that is asked"
    )
    kets: list[Short] = Field([], max_length=30)
    months: int | None = Field(None, ge=1, le=600)
    grant: Money | None = None
    partners: list[CheckPartnerIn] = Field([], max_length=20)


class RuleFindingOut(Schema):
    partner: str
    reason: str
    changes: list[str]


class RuleAnswerOut(Schema):
    key: str
    state: str = Field(description="yes, clarify or no")
    text: str
    preference: bool
    source: str
    findings: list[RuleFindingOut]


class CheckMailIn(Schema):
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")


class CheckOut(Schema):
    key: str = Field(description="whoever has it may read, change and delete the check")
    state: str
    answers: list[RuleAnswerOut]
    forget_on: dt.date


class EligibilityRecordOut(Schema):
    number: int
    verdict: str = Field(description="eligible, ineligible or taken-back")
    reason: str
    rules_said: str
    waived: list[str] = Field(description="rules that said otherwise")
    decided_at: dt.datetime
    by: str


class EligibilityOut(Schema):
    state: str = Field(description="what the rules say now: yes, clarify or no")
    answers: list[RuleAnswerOut]
    decisions: list[EligibilityRecordOut] = Field(description="the latest first; none is ever overwritten")


class EligibilityIn(Schema):
    verdict: str = Field(pattern="^(eligible|ineligible)$")
    reason: str = Field("", max_length=3_000)
    seen: int = Field(0, ge=0, le=30_000, description="number of the last decision that you saw")


class TakeBackIn(Schema):
    reason: str = Field(min_length=1, max_length=3_000)
    seen: int = Field(ge=1, le=30_000)


@router.post("/{key}/checks", response={201: CheckOut})
@policy(PUBLIC)
def keep_check(request: HttpRequest, key: str, body: SelfCheckIn) -> Status[Any]:
    """Ask every rule of the call about a team; the answers are kept for half a year under the key."""
    call = call_for(request.user, key)
    made = _tried(
        lambda: actions.keep_check(call=call, answers=_answers(call, body), actor=actor_of(request))
    )
    return Status(201, _check_out(made))


@router.get("/checks/{check}", response=CheckOut)
@policy(PUBLIC)
def read_check(request: HttpRequest, check: str) -> dict[str, Any]:
    return _check_out(_by_key(check))


@router.put("/checks/{check}", response=CheckOut)
@policy(PUBLIC)
def change_check(request: HttpRequest, check: str, body: SelfCheckIn) -> dict[str, Any]:
    """Ask again with other answers, under the same key."""
    row = _by_key(check)
    answers = _answers(row.call, body)
    made = _tried(
        lambda: actions.keep_check(call=row.call, answers=answers, check=row, actor=actor_of(request))
    )
    return _check_out(made)


@router.post("/checks/{check}/mail", response={204: None})
@policy(PUBLIC)
def mail_check(request: HttpRequest, check: str, body: CheckMailIn) -> Status[None]:
    """Send its address by mail, to be opened elsewhere. A few a minute: 429 beyond."""
    row = _by_key(check)
    not_too_many(request)
    send_check(check=row, email=body.email, language=(get_language() or "en")[:2])
    return Status(204, None)


@router.delete("/checks/{check}", response={204: None})
@policy(PUBLIC)
def forget_check(request: HttpRequest, check: str) -> Status[None]:
    actions.forget_check(check=_by_key(check))
    return Status(204, None)


@router.get("/applications/{application}/eligibility", response=EligibilityOut)
@policy(may_read_application)
def read_eligibility(request: HttpRequest, application: str) -> dict[str, Any]:
    """What every rule says, and what was decided."""
    row = application_for(request.user, application)
    require(request, may_read_application, row)
    return _eligibility_out(row)


@router.post("/applications/{application}/eligibility", response=EligibilityOut)
@policy(may_handle_application)
def decide_eligibility(request: HttpRequest, application: str, body: EligibilityIn) -> dict[str, Any]:
    """Record a decision; 409 where a colleague decided since `seen`."""
    row = application_for(request.user, application)
    require(request, may_handle_application, row)
    actions.decide_eligibility(application=row, actor=actor_of(request), **body.dict())
    return _eligibility_out(application_for(request.user, application))


@router.post("/applications/{application}/eligibility/take-back", response=EligibilityOut)
@policy(may_handle_application)
def take_back(request: HttpRequest, application: str, body: TakeBackIn) -> dict[str, Any]:
    """Undo the last decision; both stay on record."""
    row = application_for(request.user, application)
    require(request, may_handle_application, row)
    actions.take_back_eligibility(application=row, actor=actor_of(request), **body.dict())
    return _eligibility_out(application_for(request.user, application))


def _by_key(key: str) -> SelfCheck:
    rows = SelfCheck.objects.select_related("call__programme", "call__version")
    check: SelfCheck = found(rows, key=key)
    return check


def _answers(call: Call, body: SelfCheckIn) -> dict[str, Any]:
    told = body.dict()
    if told["instrument"] not in {"", *(one.key for one in call.instruments)}:
        raise KontorError(
            _("The programme has no instrument “{key}”.").format(key=told["instrument"]),
            code="instrument-unknown",
            path="body.instrument",
            remedy=_("Choose from the list."),
        )
    told["theme_shares"] = {theme: str(share) for theme, share in body.theme_shares.items()}
    refuse_unclear(call, body.main_theme, told["theme_shares"], body.themes)
    told["grant"] = str(body.grant) if body.grant is not None else None
    for at, partner in enumerate(told["partners"]):
        cost = partner["cost"]
        partner |= {"key": str(at + 1), "cost": str(cost) if cost is not None else None}
    return told


def _tried(make: Any) -> SelfCheck:
    try:
        made: SelfCheck = make()
    except InvalidInput as refusal:
        raise KontorError(
            refusal.message, code="check-contradicts", path=f"body.{refusal.path}", remedy=refusal.remedy
        ) from refusal
    return made


def _check_out(check: SelfCheck) -> dict[str, Any]:
    assessed = assess_check(check.call, check.answers)
    return {
        "key": check.key,
        "state": str(assessed.state),
        "answers": answer_rows(assessed),
        "forget_on": check.forget_on,
    }


def _eligibility_out(row: Application) -> dict[str, Any]:
    assessed: Assessment = eligibility(row)
    partners = row.partners.current().select_related("organisation")
    names = {one.key: one.organisation.name for one in partners}
    return {
        "state": str(assessed.state),
        "answers": answer_rows(assessed, names),
        "decisions": [
            {
                "number": one.number,
                "verdict": one.verdict,
                "reason": one.reason,
                "rules_said": one.computed,
                "waived": one.waived,
                "decided_at": one.decided_at,
                "by": one.actor_label,
            }
            for one in row.eligibility_decisions.all()
        ],
    }
