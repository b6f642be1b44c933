"""Questions about a call with their answers, and first contact."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema, Status

from kontor import codes
from kontor.base.actor import actor_of
from kontor.base.api import Router, found
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.calls.announcing import actions
from kontor.features.calls.announcing.api.calls import AnswerOut, Told
from kontor.features.calls.announcing.limits import not_too_many
from kontor.features.calls.announcing.queries import call_for
from kontor.features.calls.casework.actions import open_case
from kontor.features.calls.casework.rules import may_help_in_call
from kontor.features.calls.models import Call, CallState, Question
from kontor.features.organisations.models import Organisation

router = Router("calls")
Address = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]


class CallQuestionIn(Schema):
    text: str = Field(min_length=1, max_length=3_000)
    language: str = Field("en", pattern="^[a-z]{2}$")
    email: Address | None = Field(None, description="answered by mail as well; never shown")


class WaitingOut(AnswerOut):
    asked: str
    language: str
    asked_at: dt.datetime
    published: bool
    revision: int


class CallAnswerIn(Schema):
    texts: dict[str, Told] = Field(description='{language: {"question", "answer"}}')
    publish: bool = True
    revision: int = Field(ge=1, le=2_000_000_000)


class FirstContactIn(Schema):
    """An idea that you want to talk about."""

    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=3_000)
    name: str = Field(min_length=1, max_length=200)
    email: Address
    organisation: str = Field("", max_length=12, description="key of one in the directory")
    region: str = Field("", max_length=5, description="NUTS code: the contact person for it answers")
    themes: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=30)
    language: str = Field("en", pattern="^[a-z]{2}$", description="for the answer")


class FirstContactOut(Schema):
    contact: str = Field(description="who will answer; empty: the programme's managers")


@router.post("/{key}/questions", response={201: None})
@policy(PUBLIC)
def ask_question(request: HttpRequest, key: str, body: CallQuestionIn) -> Status[None]:
    """Ask those who help in the call; the answer appears on its page. A few a minute: 429 beyond."""
    call = call_for(request.user, key)
    not_too_many(request)
    actions.ask_question(
        call=call, text=body.text, language=body.language, email=body.email or "", actor=actor_of(request)
    )
    return Status(201, None)


@router.get("/{key}/questions", response=list[WaitingOut])
@policy(may_help_in_call)
def list_questions(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Every question, answered or not."""
    return [_question_out(one) for one in _helped(request, key).faq.all()]


@router.put("/{key}/questions/{question}", response=WaitingOut)
@policy(may_help_in_call)
def answer_question(request: HttpRequest, key: str, question: str, body: CallAnswerIn) -> dict[str, Any]:
    """Answer it, in one language of the call at least."""
    row = _question(request, key, question)
    saved = actions.answer_question(
        question=row, texts=body.texts, publish=body.publish, revision=body.revision, actor=actor_of(request)
    )
    return _question_out(saved)


@router.post("/{key}/questions/{question}/take-down", response=WaitingOut)
@policy(may_help_in_call)
def take_down(request: HttpRequest, key: str, question: str) -> dict[str, Any]:
    """Off the page; answering it again puts it back."""
    row = _question(request, key, question)
    actions.take_down_question(question=row, actor=actor_of(request))
    row.refresh_from_db()
    return _question_out(row)


@router.delete("/{key}/questions/{question}", response={204: None})
@policy(may_help_in_call)
def discard(request: HttpRequest, key: str, question: str) -> Status[None]:
    """Delete what nobody should read, such as advertising; its text stays in the log."""
    actions.discard_question(question=_question(request, key, question), actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/contact", response={201: FirstContactOut})
@policy(PUBLIC)
def first_contact(request: HttpRequest, key: str, body: FirstContactIn) -> Status[Any]:
    """Opens a case and gives it to the contact person who fits best; both are told by mail."""
    call = call_for(request.user, key)
    values = body.dict()
    if body.region and not codes.valid("nuts", body.region):
        raise KontorError(
            _("“{code}” is no NUTS code.").format(code=body.region),
            code="region-unknown",
            path="body.region",
            remedy=_("Leave it empty if you do not know it."),
        )
    if call.state != CallState.PUBLISHED:
        raise KontorError(
            _("This call takes no questions."),
            code="call-invalid",
            path="call",
            remedy=_("Write to the programme's managers."),
            status=409,
        )
    rows = Organisation.objects.visible_to(request.user)
    values["organisation"] = found(rows, key=body.organisation) if body.organisation else None
    not_too_many(request)
    case = open_case(call=call, confirm=True, actor=actor_of(request), **values)
    return Status(201, {"contact": str(case.contact) if case.contact else ""})


def _helped(request: HttpRequest, key: str) -> Call:
    call = call_for(request.user, key)
    require(request, may_help_in_call, call)
    return call


def _question(request: HttpRequest, key: str, question: str) -> Question:
    rows = Question.objects.select_related("call").filter(call=_helped(request, key))
    row: Question = found(rows, key=question)
    return row


def _question_out(one: Question) -> dict[str, Any]:
    return {
        "key": one.key,
        "texts": one.texts,
        "asked": one.asked,
        "language": one.language,
        "asked_at": one.asked_at,
        "published": one.published_at is not None,
        "revision": one.revision,
    }
