"""Answering an invitation, signed in or by a link in a mail; taking the lead; deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kontor.base.actor import Actor, actor_of
from kontor.base.errors import KontorError
from kontor.base.links import broken_link, read_link
from kontor.base.permissions import PUBLIC, policy, require
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.inviting import ANSWER
from kontor.features.matching.consortia.forms import DecideForm, DeclineForm
from kontor.features.matching.consortia.problem.facts import ground_of
from kontor.features.matching.consortia.queries import readable
from kontor.features.matching.consortia.rules import may_answer_seat, may_decide, may_take_over
from kontor.features.matching.consortia.views.reading import SEAT_BADGES, head, said
from kontor.features.matching.consortia.wording import language
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import SeatState
from kontor.features.organisations.views.problems import show_at_field


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(PUBLIC)
def answer_by_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """The invitation behind a mailed link; opening it shows, pressing its button answers."""
    if purpose != ANSWER:
        raise broken_link()
    payload = read_link(purpose, token)
    seat = _seats().filter(key=payload["seat"], organisation__key=payload["organisation"]).first()
    if seat is None:
        raise broken_link()
    return _answered(request, seat, _by_link(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_answer_seat)
def invitation(request: HttpRequest, seat_key: str) -> HttpResponse:
    """The same page for the organisation's own people, signed in."""
    seat = get_object_or_404(_seats(), key=seat_key)
    require(request, may_answer_seat, seat)
    return _answered(request, seat, actor_of(request))


def _answered(request: HttpRequest, seat: Seat, actor: Actor) -> HttpResponse:
    decline = DeclineForm(request.POST if request.POST.get("answer") == "no" else None)
    if request.method == "POST" and _took(request, seat, decline, actor):
        return HttpResponseRedirect(request.path)
    consortium = seat.variant.consortium
    ground = ground_of(consortium)
    context = {
        "seat": seat,
        "consortium": consortium,
        "invited": seat.state in {SeatState.INVITED, SeatState.ACCEPTED, SeatState.DECLINED}
        and seat.invited_at is not None
        and seat.variant.removed_at is None,
        "badge": SEAT_BADGES[SeatState(seat.state)],
        "form": decline,
        "can_answer": seat.state == SeatState.INVITED and consortium.is_open,
        "can_undo": seat.state in {SeatState.ACCEPTED, SeatState.DECLINED} and consortium.is_open,
        "programme": ground.programme.name.best(language()) if ground.programme else "",
        "instrument": ground.instrument.name.best(language()) if ground.instrument else "",
        "product": ground.product.name.best(language()) if ground.product else "",
        "meant_for": [c.text.best(language()) for c in ground.competences if c.key in seat.brings],
    }
    return render(request, "matching/consortia/invitation.html", context)


def _took(request: HttpRequest, seat: Seat, decline: DeclineForm, actor: Actor) -> bool:
    """Whether the answer was taken, or its refusal said; otherwise the form says why not."""
    wanted = request.POST.get("answer", "")
    try:
        if wanted == "undo":
            actions.take_answer_back(seat=seat, actor=actor)
            messages.success(request, _("Your answer is taken back."))
        elif wanted == "no":
            if not decline.is_valid():
                return False
            actions.answer_seat(seat=seat, accept=False, actor=actor, **decline.cleaned_data)
            messages.success(request, _("You declined. The lead partner reads your reason."))
        elif wanted == "yes":
            actions.answer_seat(seat=seat, accept=True, actor=actor)
            messages.success(request, _("You take part. You now see the shared space when you sign in."))
    except KontorError as error:
        if wanted == "no" and error.path in decline.fields:
            show_at_field(decline, error)
            return False
        messages.error(request, str(error))
    return True


@require_POST
@policy(may_take_over)
def answer_lead(request: HttpRequest, key: str) -> HttpResponse:
    """A partner takes the lead it was offered, or does not."""
    consortium = get_object_or_404(readable(request.user), key=key)
    require(request, may_take_over, consortium)
    accept = request.POST.get("answer") == "yes"
    done = _("You lead the consortium now.") if accept else _("You do not take the lead.")
    with said(request, done):
        actions.answer_lead(consortium=consortium, accept=accept, actor=actor_of(request))
    return redirect(consortium)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_decide)
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Approve or reject what was handed in."""
    consortium = get_object_or_404(readable(request.user), key=key)
    require(request, may_decide, consortium)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_consortium(
                consortium=consortium,
                approve=form.cleaned_data["approve"] == "yes",
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The decision is on record."))
            return redirect(consortium)
    return render(request, "matching/consortia/decide.html", _decision(request, consortium, form))


def _decision(request: HttpRequest, consortium: Consortium, form: DecideForm) -> dict[str, Any]:
    return {**head(request, consortium, ""), "form": form}


def _seats() -> Any:
    return Seat.objects.select_related(
        "organisation", "statement", "variant__consortium__lead", "variant__consortium__version"
    )


def _by_link(request: HttpRequest) -> Actor:
    """The person signed in, else whoever received the mail."""
    if request.user.is_authenticated:
        return actor_of(request)
    return Actor(key="link:consortia", label=str(_("by a link in a mail")))


urlpatterns = [
    path("link/<str:purpose>/<str:token>/", answer_by_link, name="seat-link"),
    path("invitations/<str:seat_key>/", invitation, name="seat-invitation"),
    path("<str:key>/lead/", answer_lead, name="consortium-lead"),
    path("<str:key>/decide/", decide, name="consortium-decide"),
]
