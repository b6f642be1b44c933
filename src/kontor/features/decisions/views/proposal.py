"""One page per proposal: how it was judged, what it does to the money, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.permissions import allowed, policy
from kontor.features.calls.models import Application
from kontor.features.decisions import actions
from kontor.features.decisions.actions.deciding import Verdict
from kontor.features.decisions.forms import DecideForm, ScoreForm
from kontor.features.decisions.letters import language_of
from kontor.features.decisions.models import Decision, RoundEnvelope
from kontor.features.decisions.money import ZERO
from kontor.features.decisions.queries import Board, Row, board_of, history_of
from kontor.features.decisions.rules import may_decide, may_read_round
from kontor.features.decisions.tabs import around
from kontor.features.decisions.templatetags.decision_words import reader_language
from kontor.features.decisions.views.doors import decided_round, done_or_told, read_round, tried
from kontor.features.decisions.views.showing import BADGES, verdicts_of
from kontor.features.decisions.wording import said


@dataclass(frozen=True)
class Total:
    """An envelope as the proposal meets it. `granted` to all others; `after` is what is left with this
    one, below zero where it does not fit.
    """

    envelope: RoundEnvelope
    asked: Decimal
    granted: Decimal

    @property
    def free(self) -> Decimal:
        return self.envelope.limit - self.granted

    @property
    def after(self) -> Decimal:
        return self.free - self.asked


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_read_round)
def proposal(request: HttpRequest, key: str, application: str) -> HttpResponse:
    """Read by those who may read the round; the form is for those who decide."""
    round = read_round(request, key) if request.method != "POST" else decided_round(request, key)
    board = board_of(round)
    row = board.of(application)
    form = DecideForm(
        request.POST or None,
        initial=_initial(row, board),
        reader=reader_language(),
        written_for=language_of(row.application),
        offered=_offered(row, board),
    )
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        seen = told.pop("seen")
        verdict = Verdict(
            **told, grounds=_grounds(row, told), place=row.proposed.place if row.proposed else None
        )
        made = tried(
            form,
            actions.decide,
            round=round,
            application=row.application,
            verdict=verdict,
            seen=seen,
            actor=actor_of(request),
        )
        if made:
            messages.success(request, _("Decided: %(decision)s.") % {"decision": made.get_kind_display()})
            return redirect(_next(board, row, round.key))
    return _page(request, board, row, form)


def _offered(row: Row, board: Board) -> list[tuple[str, str]]:
    """Reasons that the form was filled with, with the kind that each explains; none that people wrote."""
    held, proposed = row.decision, row.proposed
    told = [(proposed.kind, proposed.reason)] if proposed and proposed.kind else []
    return told + ([(held.kind, said(held.grounds, board.names))] if held and held.grounds else [])


def _initial(row: Row, board: Board) -> dict[str, Any]:
    """What holds, else what the adopted scenario proposes."""
    held, proposed = row.decision, row.proposed
    seen = {"seen": held.key if held else ""}
    if held:
        names = ("kind", "percent", "conditions", "redirect_to")
        if not held.grounds:
            seen["language"] = held.language[:2]
        words = said(held.grounds, board.names) or held.reason
        return {**{name: getattr(held, name) for name in names}, "reason": words, **seen}
    if proposed and proposed.kind:
        return {"kind": proposed.kind, "reason": proposed.reason, "percent": proposed.percent, **seen}
    return {"percent": 100, **seen}


def _grounds(row: Row, told: dict[str, Any]) -> dict[str, Any]:
    """The reason stays data where the person left the proposed words as they are."""
    proposed = row.proposed
    if proposed and proposed.kind == told["kind"] and proposed.reason.strip() == told["reason"].strip():
        return proposed.grounds
    return {}


def _next(board: Board, row: Row, round: str) -> str:
    """The next proposal without a decision, else the board."""
    at = board.rows.index(row)
    waiting = [one for one in board.rows[at + 1 :] if one.decision is None and not one.withdrawn]
    if waiting:
        return reverse("decisions:proposal", args=[round, waiting[0].application.key])
    return reverse("decisions:board", args=[round])


def _page(request: HttpRequest, board: Board, row: Row, form: DecideForm) -> HttpResponse:
    round, application = board.round, row.application
    if row.decision:
        row.decision.round = round
    before, after = board.beside(row)
    standing = row.candidate.standing
    assessment = round.call.instrument_of_programme.assessment
    criteria = [
        (one, standing.per_criterion.get(one.key), one.key in standing.below)
        for one in (assessment.criteria if assessment else ())
    ]
    hand = round.hand_scores.filter(application=application).first()
    unjudged = standing.raw is None or standing.source
    context = {
        **around(request.user, round, "board"),
        "row": row,
        "follows": _follows(row),
        "names": board.names,
        "application": application,
        "standing": standing,
        "criteria": criteria if standing.per_criterion else [],
        "threshold": round.threshold,
        "totals": _totals(board, row),
        "before": before,
        "after": after,
        "verdicts": verdicts_of(round),
        "place_of": (row.place, len([one for one in board.rows if one.place])),
        "form": form,
        "score_form": ScoreForm(initial={"score": hand.score, "source": hand.source} if hand else None),
        "may_score": unjudged and allowed(request, may_decide, round),
        "history": history_of(application),
        "badges": BADGES,
    }
    return render(request, "decisions/proposal.html", context, status=400 if form.errors else 200)


def _follows(row: Row) -> bool:
    """Whether the decision is what the adopted scenario says, word for word."""
    held, proposed = row.decision, row.proposed
    return bool(held and proposed and held.kind == proposed.kind and held.grounds == proposed.grounds)


def _totals(board: Board, row: Row) -> list[Total]:
    own = {}
    if row.decision and row.decision.grants:
        own = {draw.envelope_id: draw.amount for draw in row.decision.draws.all()}
    asked = row.candidate.split
    return [
        Total(one, asked.get(one.key, ZERO), one.committed - own.get(one.pk, ZERO)) for one in board.envelopes
    ]


@require_POST
@policy(may_decide)
def undo(request: HttpRequest, key: str, decision: str) -> HttpResponse:
    round = decided_round(request, key)
    found = Decision.objects.filter(round=round, key=decision).select_related("application").first()
    if found is None:
        raise Http404
    found.round = round
    if done_or_told(request, actions.undo_decision, decision=found, actor=actor_of(request)):
        messages.success(request, _("The decision is taken back; its money is free again."))
    return redirect("decisions:proposal", round.key, found.application.key)


@require_POST
@policy(may_decide)
def score(request: HttpRequest, key: str, application: str) -> HttpResponse:
    """A score from outside the site."""
    round = decided_round(request, key)
    found = Application.objects.filter(call=round.call, key=application).first()
    if found is None:
        raise Http404
    form = ScoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif done_or_told(
        request,
        actions.score_by_hand,
        round=round,
        application=found,
        actor=actor_of(request),
        **form.cleaned_data,
    ):
        messages.success(request, _("Saved."))
    return redirect("decisions:proposal", round.key, found.key)


urlpatterns = [
    path("<str:key>/proposals/<str:application>/", proposal, name="proposal"),
    path("<str:key>/proposals/<str:application>/score/", score, name="score"),
    path("<str:key>/undo/<str:decision>/", undo, name="undo"),
]
