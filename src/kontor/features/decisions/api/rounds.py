"""One round: its settings, its meeting, minutes, and the scores from outside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Field, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.attachments import answer_with
from kontor.base.models import Attachment
from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.calls.models import Application
from kontor.features.decisions import actions
from kontor.features.decisions.api.shown import (
    PDF,
    Amount,
    RoundEnvelopeOut,
    RoundOut,
    decided,
    envelope_told,
    language_or_reader,
    read,
    round_told,
    router,
)
from kontor.features.decisions.models import Decision, Round
from kontor.features.decisions.papers import minutes
from kontor.features.decisions.queries import rounds_for
from kontor.features.decisions.rules import may_decide, may_read_round

Spoken = Literal["", "en", "de", "nl"]


class PublishedOut(Schema):
    number: int
    at: dt.datetime
    by: str
    note: str
    decisions: int


class RoundWholeOut(RoundOut):
    met_on: dt.date | None
    place: str
    present: str = Field(description="one name per line; it stands in the minutes, as the notes")
    notes: str
    seed: int = Field(description="draws lots between equals")
    envelopes: list[RoundEnvelopeOut]
    publications: list[PublishedOut] = Field(description="the latest first")


class RoundChangeIn(Schema):
    """What is left out stays as it is."""

    revision: int = Field(ge=1, le=2_147_483_647, description="as you read it; older than stored: 409")
    four_eyes: bool | None = None
    met_on: dt.date | None = Field(None, description="null takes it away")
    place: str | None = Field(None, max_length=200)
    present: str | None = Field(None, max_length=4_000)
    notes: str | None = Field(None, max_length=10_000)
    seed: int | None = Field(None, ge=0, le=2_147_483_647)
    ceiling: Amount | None = Field(None, description="set aside for this call; not below what is placed")
    balancing: Amount | None = Field(None, description="the balancing pot; not below what is placed")


class HandScoreIn(Schema):
    score: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] | None = Field(
        description="of 100; null takes it back"
    )
    source: str = Field("", max_length=200, description="the meeting or document it comes from")


@router.get("/rounds/{key}/", response=RoundWholeOut)
@policy(may_read_round)
def one_round(request: HttpRequest, key: str) -> dict[str, Any]:
    """Settings, meeting, money, and what was published when."""
    return _whole(request, read(request, key))


@router.patch("/rounds/{key}/", response=RoundWholeOut)
@policy(may_decide)
def change_round(request: HttpRequest, key: str, body: RoundChangeIn) -> dict[str, Any]:
    """Settings and what the minutes say of the meeting. 409 where somebody changed the round since."""
    round = decided(request, key)
    given = body.dict(exclude_unset=True, exclude={"revision", "ceiling", "balancing"})
    values = {name: value for name, value in given.items() if value is not None or name == "met_on"}
    actions.change_round(
        round=round,
        values=values,
        revision=body.revision,
        ceiling=body.ceiling,
        balancing=body.balancing,
        actor=actor_of(request),
    )
    return _whole(request, decided(request, key))


@router.put("/rounds/{key}/proposals/{application}/score/", response={204: None})
@policy(may_decide)
def score(request: HttpRequest, key: str, application: str, body: HandScoreIn) -> Status[None]:
    """A total that experts outside the site gave; it counts where no jury of the site gave one."""
    round = decided(request, key)
    found = Application.objects.filter(call=round.call, key=application).first()
    if found is None:
        raise Http404
    actions.score_by_hand(
        round=round, application=found, score=body.score, source=body.source, actor=actor_of(request)
    )
    return Status(204, None)


@router.get("/rounds/{key}/minutes.pdf", response={200: None}, openapi_extra=PDF)
@policy(may_read_round)
def minutes_pdf(request: HttpRequest, key: str, language: Spoken = "") -> HttpResponse:
    """The minutes as they stand now: a draft until everything in them is published."""
    round = read(request, key)
    content = minutes.pdf(round, None, language=language_or_reader(language))
    return answer_with_pdf(content, f"minutes-{round.call.key}")


@router.get("/rounds/{key}/publications/{number}/minutes.pdf", response={200: None}, openapi_extra=PDF)
@policy(may_read_round)
def kept_minutes(
    request: HttpRequest, key: str, number: Annotated[int, Field(ge=1, le=32_767)]
) -> HttpResponseBase:
    """The minutes as they were at a publication."""
    publication = read(request, key).publications.filter(number=number).first()
    file = Attachment.objects.of(publication).first() if publication else None
    if file is None:
        raise Http404
    return answer_with(file)


def _whole(request: HttpRequest, row: Round) -> dict[str, Any]:
    counted = rounds_for(request.user).get(pk=row.pk)
    held = Decision.objects.live().filter(round=row)
    names = ("met_on", "place", "present", "notes", "seed")
    return {
        **round_told(row, counted.applications, held.count(), held.granting().count()),
        **{name: getattr(row, name) for name in names},
        "envelopes": [envelope_told(one) for one in row.envelopes.select_related("envelope")],
        "publications": [
            {
                **{name: getattr(one, name) for name in ("number", "at", "by", "note")},
                "decisions": one.decisions.count(),
            }
            for one in row.publications.all()
        ],
    }
