"""Minutes and the result protocol, on the screen and as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from kontor.base.attachments import answer_with
from kontor.base.models import Attachment
from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.decisions.models import Round, Scenario
from kontor.features.decisions.papers import minutes, protocol
from kontor.features.decisions.queries import board_of, demand_on, scenario_in
from kontor.features.decisions.rules import may_read_round
from kontor.features.decisions.tabs import around
from kontor.features.decisions.templatetags.decision_words import reader_language
from kontor.features.decisions.views.doors import read_round


@require_safe
@policy(may_read_round)
def record(request: HttpRequest, key: str) -> HttpResponse:
    """The meeting, what was published when, and the minutes kept of it."""
    round = read_round(request, key)
    published = [
        (one, Attachment.objects.of(one).first(), one.decisions.count()) for one in round.publications.all()
    ]
    return render(
        request, "decisions/record.html", {**around(request.user, round, "record"), "published": published}
    )


@require_safe
@policy(may_read_round)
def minutes_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The minutes as they stand now: a draft until everything in them is published."""
    round = read_round(request, key)
    return answer_with_pdf(minutes.pdf(round, None, language=reader_language()), f"minutes-{round.call.key}")


@require_safe
@policy(may_read_round)
def kept_minutes(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """The minutes as they were at a publication."""
    round = read_round(request, key)
    publication = round.publications.filter(number=number).first()
    file = Attachment.objects.of(publication).first() if publication else None
    if file is None:
        raise Http404
    return answer_with(file)


@require_safe
@policy(may_read_round)
def protocol_page(request: HttpRequest, key: str) -> HttpResponse:
    """The joint ranking with whose money pays what, of the adopted scenario or of `?scenario=`."""
    round = read_round(request, key)
    board, chosen = board_of(round), _chosen(round, request.GET.get("scenario", ""))
    context = {
        **around(request.user, round, "protocol"),
        "scenario": chosen,
        "told": protocol.protocol_of(board, chosen) if chosen else None,
        "demand": demand_on(board.book),
        "scenarios": list(round.scenarios.all()),
    }
    return render(request, "decisions/protocol.html", context)


@require_safe
@policy(may_read_round)
def protocol_pdf(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    round = read_round(request, key)
    found = scenario_in(round, scenario)
    content = protocol.pdf(round, found, language=reader_language())
    return answer_with_pdf(content, f"protocol-{round.call.key}")


def _chosen(round: Round, key: str) -> Scenario | None:
    if key:
        return scenario_in(round, key)
    return round.adopted or round.scenarios.first()


urlpatterns = [
    path("<str:key>/minutes/", record, name="record"),
    path("<str:key>/minutes/now.pdf", minutes_pdf, name="minutes"),
    path("<str:key>/minutes/<int:number>/", kept_minutes, name="kept-minutes"),
    path("<str:key>/protocol/", protocol_page, name="protocol"),
    path("<str:key>/protocol/<str:scenario>/pdf/", protocol_pdf, name="protocol-pdf"),
]
