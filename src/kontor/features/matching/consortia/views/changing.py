"""Every button of a board: one address for each verb, each calling one action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.rules import may_compose
from kontor.features.matching.consortia.views.reading import board_address, composed_by, said
from kontor.features.matching.introductions.finding import partner_of
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.organisations.models import Organisation

Verb = Callable[[HttpRequest, Consortium], str]


@require_POST
@policy(may_compose)
def change(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Do one thing and show the board; what cannot be done is said above it."""
    consortium = composed_by(request, key)
    if verb not in VERBS:
        raise Http404
    act, done = VERBS[verb]
    variant = request.POST.get("variant", "")
    with said(request, done):
        variant = act(request, consortium) or variant
    return redirect(board_address(consortium, variant))


def _seat_of(request: HttpRequest, consortium: Consortium) -> Seat:
    rows = Seat.objects.filter(variant__consortium=consortium, variant__removed_at=None)
    rows = rows.select_related("organisation", "statement", "variant__consortium__lead")
    return get_object_or_404(rows, key=request.POST.get("seat", ""))


def _variant_of(request: HttpRequest, consortium: Consortium) -> TeamVariant:
    rows = TeamVariant.objects.alive().filter(consortium=consortium).select_related("consortium__lead")
    return get_object_or_404(rows, key=request.POST.get("variant", ""))


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else None


def _who(request: HttpRequest) -> dict[str, Any]:
    """The candidate that a button names; 404 for one that the person may not see."""
    found = partner_of(request.POST.get("candidate", "")[:12], request.user)
    return {"organisation": found.organisation, "statement": found.statement}


def _add_seat(request: HttpRequest, consortium: Consortium) -> str:
    values: dict[str, Any] = {"task": request.POST.get("task", "")[:200]}
    brings = request.POST.get("competence", "")
    if brings:
        values |= {"brings": [brings]}
    who = _who(request) if request.POST.get("candidate") else {}
    variant = _variant_of(request, consortium)
    actions.add_seat(
        variant=variant,
        values=values,
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        **who,
    )
    return variant.key


def _put(request: HttpRequest, consortium: Consortium) -> str:
    seat = _seat_of(request, consortium)
    actions.put_into_seat(
        seat=seat,
        revision=_revision(request),
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        **_who(request),
    )
    return seat.variant.key


def _empty(request: HttpRequest, consortium: Consortium) -> str:
    seat = _seat_of(request, consortium)
    actions.empty_seat(
        seat=seat,
        revision=_revision(request),
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
    )
    return seat.variant.key


def _remove(request: HttpRequest, consortium: Consortium) -> str:
    seat = _seat_of(request, consortium)
    actions.remove_seat(
        seat=seat,
        revision=_revision(request),
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
    )
    return seat.variant.key


def _move(request: HttpRequest, consortium: Consortium) -> str:
    seat, given = _seat_of(request, consortium), request.POST.get("position", "")
    actions.move_seat(seat=seat, position=int(given) if given.isdecimal() else 0, actor=actor_of(request))
    return seat.variant.key


def _invite(request: HttpRequest, consortium: Consortium) -> str:
    seat = _seat_of(request, consortium)
    actions.invite_seat(seat=seat, note=request.POST.get("note", ""), actor=actor_of(request))
    return seat.variant.key


def _withdraw(request: HttpRequest, consortium: Consortium) -> str:
    seat = _seat_of(request, consortium)
    actions.withdraw_invitation(seat=seat, actor=actor_of(request))
    return seat.variant.key


def _undo(request: HttpRequest, consortium: Consortium) -> str:
    given = request.POST.get("step", "")
    actions.undo_step(
        consortium=consortium, step=int(given) if given.isdecimal() else 0, actor=actor_of(request)
    )
    return ""


def _add_variant(request: HttpRequest, consortium: Consortium) -> str:
    name = request.POST.get("name", "")
    return actions.add_variant(consortium=consortium, name=name, actor=actor_of(request)).key


def _copy_variant(request: HttpRequest, consortium: Consortium) -> str:
    variant = _variant_of(request, consortium)
    name = request.POST.get("name", "")
    return actions.copy_variant(variant=variant, name=name, actor=actor_of(request)).key


def _rename_variant(request: HttpRequest, consortium: Consortium) -> str:
    variant = _variant_of(request, consortium)
    actions.rename_variant(variant=variant, name=request.POST.get("name", ""), actor=actor_of(request))
    return variant.key


def _remove_variant(request: HttpRequest, consortium: Consortium) -> str:
    actions.remove_variant(variant=_variant_of(request, consortium), actor=actor_of(request))
    return ""


def _choose_variant(request: HttpRequest, consortium: Consortium) -> str:
    variant = _variant_of(request, consortium)
    actions.choose_variant(variant=variant, actor=actor_of(request))
    return variant.key


def _whole(action: Callable[..., Any]) -> Verb:
    """A verb about the consortium itself."""

    def act(request: HttpRequest, consortium: Consortium) -> str:
        action(consortium=consortium, actor=actor_of(request))
        return ""

    return act


def _offer(request: HttpRequest, consortium: Consortium) -> str:
    organisation = get_object_or_404(Organisation, key=request.POST.get("organisation", ""))
    actions.offer_lead(consortium=consortium, organisation=organisation, actor=actor_of(request))
    return ""


VERBS: dict[str, tuple[Verb, object]] = {
    "add-seat": (_add_seat, _("The seat is added.")),
    "put": (_put, _("Proposed for the seat.")),
    "empty": (_empty, _("The seat is empty.")),
    "remove": (_remove, _("The seat is removed.")),
    "move": (_move, ""),
    "invite": (_invite, _("The invitation is on its way.")),
    "withdraw-invitation": (_withdraw, _("The invitation is withdrawn.")),
    "undo": (_undo, _("The step is taken back.")),
    "add-variant": (_add_variant, _("The variant is added.")),
    "copy-variant": (_copy_variant, _("The variant is copied.")),
    "rename-variant": (_rename_variant, _("The variant is renamed.")),
    "remove-variant": (_remove_variant, _("The variant is removed.")),
    "choose-variant": (_choose_variant, _("This is the team to go ahead with.")),
    "submit": (_whole(actions.submit_consortium), _("The consortium is handed in.")),
    "take-back": (_whole(actions.take_submission_back), _("You can compose on.")),
    "give-up": (
        _whole(actions.withdraw_consortium),
        _("The consortium is given up. You can take it up again."),
    ),
    "resume": (_whole(actions.resume_consortium), _("You can compose on.")),
    "close": (_whole(actions.close_consortium), _("The consortium is finished.")),
    "offer-lead": (_offer, _("The partner is asked to take the lead.")),
    "withdraw-offer": (_whole(actions.withdraw_offer), _("The lead stays where it is.")),
}

urlpatterns = [path("<str:key>/do/<slug:verb>/", change, name="consortium-do")]
