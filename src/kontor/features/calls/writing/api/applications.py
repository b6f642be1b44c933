"""Applications for programs: begin, write, check, hand in, withdraw."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.permissions import SIGNED_IN, Predicate, allowed, policy, require
from kontor.features.calls import actions
from kontor.features.calls.actions import Written
from kontor.features.calls.checking.beginning import prefill_by
from kontor.features.calls.completeness import problems_of, shown_answers, state_of
from kontor.features.calls.models import Application, ApplicationPartner, Call, Submission
from kontor.features.calls.queries import applications_for
from kontor.features.calls.rules import (
    may_begin_for,
    may_handle_application,
    may_read_application,
    may_submit_application,
    may_write_application,
)
from kontor.features.calls.writing.queries import leads_for
from kontor.features.matching.consortia.queries import readable
from kontor.features.matching.models import Consortium
from kontor.features.organisations.models import Organisation

router = Router("calls")


class ApplicationOut(Schema):
    key: str
    number: str
    call: str = Field(description="key of the call")
    title: str
    state: str
    step: int
    lead: str = Field(description="key of the organisation that applies")
    language: str
    themes: list[str]
    main_theme: str = Field(description="which of several themes pays, where that is asked")
    theme_shares: dict[str, str] = Field(description="percent by theme, where that is asked")
    kets: list[str]
    months: int | None
    revision: int = Field(description="send it with the submission: a later change refuses it")
    submitted_at: dt.datetime | None
    receipt: str
    deadline: dt.datetime


class PartnerOut(Schema):
    key: str
    organisation: str
    name: str
    role: str
    region: str
    cost: str | None
    grant: str | None
    led_before: bool | None = Field(description="declared; null: not known yet, or not yours to read")
    new: bool | None
    in_difficulty: bool | None
    revision: int


class WholeOut(ApplicationOut):
    """For its writers the answers as they stand, for others as they were handed in."""

    partners: list[PartnerOut]
    answers: dict[str, Any] = Field(description="by field, in the shapes of docs/formats/form.md")
    revisions: dict[str, int] = Field(description="of each answer: send it as base")


class BeginIn(Schema):
    call: str = Field(max_length=60)
    lead: str = Field(max_length=12, description="key of an organisation that you edit")
    title: str = Field("", max_length=300)
    language: str = Field("", max_length=8)
    instrument: str = Field("", max_length=60)
    consortium: str = Field(
        "", max_length=12, description="key of one that the lead leads: its chosen team, money and themes"
    )
    check: str = Field(
        "", max_length=60, description="key of a self-check of the call: its answers fill the form"
    )


class WrittenIn(Schema):
    value: Any
    base: int = Field(0, ge=0, description="revision of the answer you began with, 0 where there was none")


class AnswersIn(Schema):
    answers: dict[str, WrittenIn] = Field(max_length=300)


class SavedAnswerOut(Schema):
    outcome: str = Field(description="saved, merged, parked (kept beside what stands) or same")
    value: Any = Field(description="what stands now")
    revision: int
    by: str = Field(description="who wrote what it met")


class ApplicationProblemOut(Schema):
    field: str
    section: str
    code: str
    text: str
    rule: str = Field(description="the rule that says so")
    blocks: bool = Field(description="false: a rule of the programme, which decides later")


class PartnerIn(Schema):
    organisation: str = Field(max_length=12)
    role: str = "partner"
    region: str = ""
    led_before: bool | None = None
    new: bool | None = None
    in_difficulty: bool | None = None


class SubmitIn(Schema):
    revision: int | None = Field(None, description="the one you looked at; null: as it stands")


class ApplicationWithdrawIn(Schema):
    reason: str = Field("", max_length=1000)


class ReceiptOut(Schema):
    receipt: str
    at: dt.datetime = Field(description="by the server's clock")
    by: str
    step: int
    sha256: str = Field(description="of the snapshot: keys in order, no spaces, UTF-8")
    snapshot: dict[str, Any] = Field(description="docs/formats/application.md")


class ApplicationsQuery(PageQuery):
    call: str = Field("", max_length=60)
    state: str = Field("", max_length=12, description="draft, submitted, eligible and so on")


def application_by(request: HttpRequest, key: str, rule: Predicate = may_read_application) -> Application:
    rows = applications_for(request.user).select_related("call__programme", "call__version")
    one: Application = found(rows, key=key)
    require(request, rule, one)
    return one


def _told(one: Application) -> dict[str, Any]:
    same = ("key", "number", "title", "state", "step", "language", "kets", "months", "revision")
    names = (*same, "themes", "main_theme", "theme_shares")
    return {name: getattr(one, name) for name in names} | {
        "call": one.call.key,
        "lead": one.lead.key,
        "submitted_at": one.submitted_at,
        "receipt": one.receipt,
        "deadline": actions.deadline_of(one),
    }


def whole_told(request: HttpRequest, one: Application) -> dict[str, Any]:
    frozen = {} if allowed(request, may_write_application, one) else one.snapshot
    if not frozen:
        state = state_of(one)
        revisions = {row.field: row.revision for row in one.answers.all()}
        partners = [_partner(row) for row in state.partners]
        return {
            **_told(one), "partners": partners, "answers": shown_answers(state), "revisions": revisions
        }  # fmt: skip
    # nobody else learns what is being changed or added after the handing in
    facts = {name: frozen[name] for name in ("title", "language", "themes", "kets", "months", "step")}
    facts |= {"main_theme": frozen.get("main_theme", ""), "theme_shares": frozen.get("theme_shares", {})}
    partners = [
        {**dict.fromkeys(DECLARED), **{name: row[name] for name in PARTNER}, "revision": 0}
        for row in frozen["partners"]
    ]
    return {**_told(one), **facts, "partners": partners, "answers": frozen["answers"], "revisions": {}}


PARTNER = ("key", "organisation", "name", "role", "region", "cost", "grant")
DECLARED = ("led_before", "new", "in_difficulty")


def _partner(row: ApplicationPartner) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in DECLARED},
        "key": row.key,
        "organisation": row.organisation.key,
        "name": row.organisation.name,
        "role": row.role,
        "region": row.region,
        "cost": None if row.cost is None else str(row.cost),
        "grant": None if row.grant is None else str(row.grant),
        "revision": row.revision,
    }


def _receipt(made: Submission) -> dict[str, Any]:
    return {name: getattr(made, name) for name in ("receipt", "at", "by", "step", "sha256", "snapshot")}


@router.get("/", response=Page[ApplicationOut])
@policy(SIGNED_IN)
def list_applications(request: HttpRequest, query: Query[ApplicationsQuery]) -> dict[str, Any]:
    """Those you may read, of one call and in one state where they are named."""
    rows = applications_for(request.user).prefetch_related("partners__organisation").order_by("number")
    if query.call:
        rows = rows.filter(call__key=query.call)
    if query.state:
        rows = rows.filter(state=query.state)
    listed = paginate(rows, query)
    return listed | {"items": [_told(one) for one in listed["items"]]}


@router.post("/", response={201: WholeOut})
@policy(may_begin_for)
def begin(request: HttpRequest, body: BeginIn) -> Status[dict[str, Any]]:
    """A draft for an open call."""
    call: Call = found(Call.objects.published().select_related("programme", "version"), key=body.call)
    lead = next((one for one in leads_for(request.user) if one.key == body.lead), None)
    require(request, may_begin_for, lead)
    assert lead is not None
    team: Consortium | None = None
    if body.consortium:
        teams = readable(request.user).filter(lead=lead, programme=call.programme).exclude(chosen=None)
        team = found(teams, key=body.consortium)
    made = actions.begin_application(
        call=call,
        lead=lead,
        title=body.title,
        language=body.language,
        instrument=body.instrument,
        consortium=team,
        actor=actor_of(request),
    )
    if body.check:
        prefill_by(user=request.user, application=made, check=body.check, actor=actor_of(request))
        made.refresh_from_db()
    return Status(201, whole_told(request, made))


@router.get("/{key}/", response=WholeOut)
@policy(may_read_application)
def read(request: HttpRequest, key: str) -> dict[str, Any]:
    return whole_told(request, application_by(request, key))


@router.put("/{key}/answers/", response=dict[str, SavedAnswerOut])
@policy(may_write_application)
def save(request: HttpRequest, key: str, body: AnswersIn) -> dict[str, Any]:
    """Store answers; each is joined with what others wrote since its base."""
    application = application_by(request, key, may_write_application)
    written = {name: Written(one.value, base=one.base) for name, one in body.answers.items()}
    saved = actions.save_answers(application=application, written=written, actor=actor_of(request))
    return {
        name: {"outcome": str(one.outcome), "value": one.value, "revision": one.revision, "by": one.by}
        for name, one in saved.items()
    }


@router.get("/{key}/problems/", response=list[ApplicationProblemOut])
@policy(may_write_application)
def problems(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What stands between the application and its submission."""
    application = application_by(request, key, may_write_application)
    names = ("field", "section", "code", "text", "rule", "blocks")
    return [{name: getattr(one, name) for name in names} for one in problems_of(state_of(application))]


@router.post("/{key}/partners/", response={201: WholeOut})
@policy(may_write_application)
def add_partner(request: HttpRequest, key: str, body: PartnerIn) -> Status[dict[str, Any]]:
    application = application_by(request, key, may_write_application)
    organisation: Organisation = found(Organisation.objects.visible_to(request.user), key=body.organisation)
    values = body.dict(exclude={"organisation"})
    actions.add_partner(
        application=application, organisation=organisation, values=values, actor=actor_of(request)
    )
    return Status(201, whole_told(request, application))


@router.delete("/{key}/partners/{partner}/", response=WholeOut)
@policy(may_write_application)
def remove_partner(request: HttpRequest, key: str, partner: str) -> dict[str, Any]:
    application = application_by(request, key, may_write_application)
    rows = application.partners.current().select_related("application", "organisation")
    actions.remove_partner(partner=found(rows, key=partner), actor=actor_of(request))
    return whole_told(request, application)


@router.post("/{key}/submit/", response=ReceiptOut)
@policy(may_submit_application)
def submit(request: HttpRequest, key: str, body: SubmitIn) -> dict[str, Any]:
    """Hand it in. 409 `call-closed` at and after the deadline, 422 `incomplete` with the first problem."""
    application = application_by(request, key, may_submit_application)
    made = actions.submit_application(
        application=application, revision=body.revision, actor=actor_of(request)
    )
    return _receipt(made)


@router.get("/{key}/receipt/", response=ReceiptOut)
@policy(may_read_application)
def receipt(request: HttpRequest, key: str) -> dict[str, Any]:
    """What was handed in last."""
    application = application_by(request, key)
    return _receipt(found(application.submissions.order_by("-id")))


@router.post("/{key}/take-back/", response=ApplicationOut)
@policy(may_submit_application)
def take_back(request: HttpRequest, key: str) -> dict[str, Any]:
    """A draft again, before the deadline."""
    application = application_by(request, key, may_submit_application)
    actions.take_submission_back(application=application, actor=actor_of(request))
    return _told(application)


@router.post("/{key}/withdraw/", response=ApplicationOut)
@policy(may_submit_application)
def withdraw(request: HttpRequest, key: str, body: ApplicationWithdrawIn) -> dict[str, Any]:
    application = application_by(request, key, may_submit_application)
    actions.withdraw_application(application=application, reason=body.reason, actor=actor_of(request))
    return _told(application)


@router.post("/{key}/undo-withdrawal/", response=ApplicationOut)
@policy(may_submit_application)
def undo_withdrawal(request: HttpRequest, key: str) -> dict[str, Any]:
    """Back to where it was withdrawn from, before the deadline."""
    application = application_by(request, key, may_submit_application)
    actions.undo_withdrawal(application=application, actor=actor_of(request))
    return _told(application)


@router.post("/{key}/invite/", response=ApplicationOut)
@policy(may_handle_application)
def invite(request: HttpRequest, key: str) -> dict[str, Any]:
    """To the second step; the applicants are told by mail."""
    application = application_by(request, key, may_handle_application)
    actions.invite_to_second_step(application=application, actor=actor_of(request))
    return _told(application)
