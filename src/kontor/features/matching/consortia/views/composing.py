"""Compose for me: ask for the best teams, look at them, take one over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import KontorError
from kontor.base.models import Job
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.overriding import candidate_key
from kontor.features.matching.consortia.ask import Question
from kontor.features.matching.consortia.forms import ComposeForm
from kontor.features.matching.consortia.queries import View
from kontor.features.matching.consortia.rules import may_compose
from kontor.features.matching.consortia.suggestions import answer_view
from kontor.features.matching.consortia.tasks import ask_composer
from kontor.features.matching.consortia.views.reading import board_address, board_for, composed_by, head, said
from kontor.features.matching.models import Composition
from kontor.features.matching.models.consortia import SeatRole
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_compose)
def compose(request: HttpRequest, key: str) -> HttpResponse:
    """The question, and the latest answer below it."""
    consortium = composed_by(request, key)
    board = board_for(request, consortium)
    view = board.view(request.GET.get("variant", ""))
    form = ComposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        question = _question(view if form.cleaned_data["keep"] else None, form.cleaned_data["research"])
        try:
            asked = ask_composer(consortium, question, request.user, actor_of(request))
        except KontorError as error:
            show_at_field(form, error)
        else:
            here = reverse("matching:consortium-compose", args=[consortium.key])
            return redirect(f"{here}?answer={asked.key}")
    rows = Composition.objects.filter(consortium=consortium)
    chosen = rows.filter(key=request.GET.get("answer", "")).first() or rows.first()
    context = {
        **head(request, consortium, "compose", view.variant.key if view else ""),
        "board": board,
        "view": view,
        "form": form,
        "answer": answer_view(chosen, board, request.user) if chosen else None,
        "job": Job.objects.filter(key=chosen.job_key).first() if chosen and not chosen.status else None,
    }
    return render(request, "matching/consortia/compose.html", context)


@require_POST
@policy(may_compose)
def adopt(request: HttpRequest, key: str, answer: str) -> HttpResponse:
    """One of the teams becomes a variant."""
    consortium = composed_by(request, key)
    rows = Composition.objects.select_related("consortium__lead")
    composition = get_object_or_404(rows, consortium=consortium, key=answer)
    number, variant = request.POST.get("team", ""), ""
    with said(request, _("The team is a variant of its own now. Invite its members.")):
        variant = actions.adopt_team(
            composition=composition,
            number=int(number) if number.isdecimal() else -1,
            actor=actor_of(request),
            user=request.user,
        ).key
    return redirect(board_address(consortium, variant))


def _question(view: View | None, research: bool) -> Question:
    seats = [card.seat for card in view.cards if card.seat.counts] if view else []
    fixed = tuple(candidate_key(seat) for seat in seats if seat.role != SeatRole.ASSOCIATED)
    lead = next((candidate_key(seat) for seat in seats if seat.role == SeatRole.LEAD), "")
    return Question(fixed=fixed, lead=lead, research=research)


urlpatterns = [
    path("<str:key>/compose/", compose, name="consortium-compose"),
    path("<str:key>/compose/<str:answer>/adopt/", adopt, name="consortium-adopt"),
]
