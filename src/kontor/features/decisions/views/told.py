"""What applicants see: the decision on their own application, once it is published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import allowed, policy, require
from kontor.features.calls.rules import may_submit_application
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.letters import next_step
from kontor.features.decisions.models import Decision, DecisionKind, Ending, Letter
from kontor.features.decisions.papers import letter as paper
from kontor.features.decisions.queries import told_decision
from kontor.features.decisions.rules import may_read_own_decision
from kontor.features.decisions.scores import NOTHING, standings
from kontor.features.decisions.templatetags.decision_words import reader_language
from kontor.features.decisions.views.showing import BADGES
from kontor.features.decisions.wording import said


@require_safe
@policy(may_read_own_decision)
def told(request: HttpRequest, application: str) -> HttpResponse:
    """The decision with its reason and scores, and the letter where one was sent."""
    found = _found(request, application)
    assessment = found.round.call.instrument_of_programme.assessment
    standing = standings(found.round).get(found.application.key, NOTHING)
    context = {
        "decision": found,
        "application": found.application,
        "badge": BADGES[found.kind],
        "reason": said(found.grounds, names_of(found.round)) or found.reason,
        "spoken": reader_language() if found.grounds else found.language[:2],
        "next": "" if found.ended_at else next_step(found.kind),
        "declined": found.ending == Ending.WITHDRAWN,
        "declines": _declines(request, found),
        "own_page": reverse("calls:application", args=[found.application.key]),
        "standing": standing,
        "criteria": [
            (one, standing.per_criterion[one.key], one.key in standing.below)
            for one in (assessment.criteria if assessment else ())
            if one.key in standing.per_criterion
        ],
        "letter": _letter(found),
        "currency": found.round.call.definition_of_programme.currency,
    }
    return render(request, "decisions/told.html", context)


@require_safe
@policy(may_read_own_decision)
def told_letter(request: HttpRequest, application: str) -> HttpResponse:
    letter = _letter(_found(request, application))
    if letter is None:
        raise Http404
    return answer_with_pdf(paper.pdf(letter), f"letter-{letter.decision.application.number}")


def _found(request: HttpRequest, application: str) -> Decision:
    """Http404 for everybody else's, and before the publication."""
    found = told_decision(request.user, application)
    require(request, may_read_own_decision, found.application)
    return found


def _declines(request: HttpRequest, decision: Decision) -> bool:
    """Whoever hands in for the lead may give up a grant or a place on the reserve list."""
    holds = decision.ended_at is None and (decision.grants or decision.kind == DecisionKind.RESERVE)
    return holds and allowed(request.user, may_submit_application, decision.application)


def _letter(decision: Decision) -> Letter | None:
    """The letter only once it is sent: a draft may still change."""
    found: Letter | None = getattr(decision, "letter", None)
    return found if found is not None and found.sent_at else None


urlpatterns = [
    path("of/<str:application>/", told, name="told"),
    path("of/<str:application>/letter/", told_letter, name="told-letter"),
]
