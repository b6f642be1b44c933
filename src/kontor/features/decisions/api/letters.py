"""Letters: composed, read, changed and sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, paginate
from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy, require
from kontor.features.decisions import actions
from kontor.features.decisions.actions.letters import recipients_of
from kontor.features.decisions.api.shown import PDF, CountOut, decided, read, router
from kontor.features.decisions.models import Letter
from kontor.features.decisions.papers import letter as paper
from kontor.features.decisions.queries import findings_of, letter_in, letters_of, told_decision
from kontor.features.decisions.rules import may_decide, may_read_own_decision, may_read_round


class FindingOut(Schema):
    quote: str
    advice: str


class LetterOut(Schema):
    key: str
    application: str
    number: str
    language: str
    subject: str
    body: str
    findings: list[FindingOut] = Field(description="what its reader may not understand")
    accepted: bool
    revision: int
    sent_at: dt.datetime | None


class LetterWholeOut(LetterOut):
    recipients: list[str] = Field(description="to whom it goes or went")


class LetterIn(Schema):
    subject: str = Field(max_length=300)
    body: str = Field(max_length=20_000)
    accepted: bool = False
    revision: int | None = None


class LettersIn(Schema):
    letters: list[str] = Field(max_length=1000, description="keys of letters")


def letter_told(row: Letter) -> dict[str, Any]:
    names = ("key", "language", "subject", "body", "accepted", "revision", "sent_at")
    return {
        **{name: getattr(row, name) for name in names},
        "application": row.decision.application.key,
        "number": row.decision.application.number,
        "findings": [{"quote": one.quote, "advice": one.advice} for one in findings_of(row)],
    }


@router.get("/rounds/{key}/letters/", response=Page[LetterOut])
@policy(may_read_round)
def letters(request: HttpRequest, key: str, page: Query[PageQuery]) -> dict[str, Any]:
    """By the application's number."""
    answer = paginate(letters_of(read(request, key)), page)
    return {**answer, "items": [letter_told(row) for row in answer["items"]]}


@router.post("/rounds/{key}/letters/", response=CountOut)
@policy(may_decide)
def prepare(request: HttpRequest, key: str) -> dict[str, int]:
    """Compose a letter for every decision that has none."""
    made = actions.prepare_letters(round=decided(request, key), actor=actor_of(request))
    return {"count": len(made)}


# before the address of one letter, whose key would otherwise be “send”
@router.post("/rounds/{key}/letters/send/", response=CountOut)
@policy(may_decide)
def send(request: HttpRequest, key: str, body: LettersIn) -> dict[str, int]:
    """Send them by mail, all or none."""
    round = decided(request, key)
    chosen = [one for one in letters_of(round) if one.key in body.letters]
    return {"count": actions.send_letters(letters=chosen, actor=actor_of(request))}


@router.get("/rounds/{key}/letters/{letter}/", response=LetterWholeOut)
@policy(may_read_round)
def one_letter(request: HttpRequest, key: str, letter: str) -> dict[str, Any]:
    """As it will arrive, with what the check found in it and who gets it."""
    return _whole(letter_in(read(request, key), letter))


@router.put("/rounds/{key}/letters/{letter}/", response=LetterWholeOut)
@policy(may_decide)
def change(request: HttpRequest, key: str, letter: str, body: LetterIn) -> dict[str, Any]:
    """Change what is not sent yet."""
    round = decided(request, key)
    actions.change_letter(letter=letter_in(round, letter), actor=actor_of(request), **body.dict())
    return _whole(letter_in(round, letter))


@router.post("/rounds/{key}/letters/{letter}/again/", response=LetterWholeOut)
@policy(may_decide)
def again(request: HttpRequest, key: str, letter: str) -> dict[str, Any]:
    """Compose it anew from what is known now; what somebody changed in it is lost. One that is sent stays."""
    round = decided(request, key)
    row = letter_in(round, letter)
    actions.prepare_letters(round=round, decisions=[row.decision], actor=actor_of(request))
    return _whole(letter_in(round, letter))


@router.get("/rounds/{key}/letters/{letter}/pdf/", response={200: None}, openapi_extra=PDF)
@policy(may_read_round)
def letter_pdf(request: HttpRequest, key: str, letter: str) -> HttpResponse:
    row = letter_in(read(request, key), letter)
    return answer_with_pdf(paper.pdf(row), f"letter-{row.decision.application.number}")


@router.get("/of/{application}/letter.pdf", response={200: None}, openapi_extra=PDF)
@policy(may_read_own_decision)
def told_letter(request: HttpRequest, application: str) -> HttpResponse:
    """The letter on an application of your own organisation, once it is sent."""
    row = told_decision(request.user, application)
    require(request, may_read_own_decision, row.application)
    letter: Letter | None = getattr(row, "letter", None)
    if letter is None or letter.sent_at is None:
        raise Http404
    return answer_with_pdf(paper.pdf(letter), f"letter-{row.application.number}")


def _whole(row: Letter) -> dict[str, Any]:
    return {**letter_told(row), "recipients": row.sent_to or recipients_of(row.decision.application)}
