"""Letters: composed, read, changed and sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, paginate
from kontor.base.permissions import policy
from kontor.features.decisions import actions
from kontor.features.decisions.api.shown import CountOut, decided, read, router
from kontor.features.decisions.models import Letter
from kontor.features.decisions.queries import findings_of, letter_in, letters_of
from kontor.features.decisions.rules import may_decide, may_read_round


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


@router.put("/rounds/{key}/letters/{letter}/", response=LetterOut)
@policy(may_decide)
def change(request: HttpRequest, key: str, letter: str, body: LetterIn) -> dict[str, Any]:
    """Change what is not sent yet."""
    round = decided(request, key)
    actions.change_letter(letter=letter_in(round, letter), actor=actor_of(request), **body.dict())
    return letter_told(letter_in(round, letter))
