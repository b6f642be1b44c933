"""What juries forget of a person whose data are erased: the expert, and ties that lead to the address."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.base.events import ErasureAsked, PersonErased, subscribe
from kontor.features.juries.actions import erase_expert
from kontor.features.juries.actions.checking import LOOKED_AT
from kontor.features.juries.actions.experts import SEATED
from kontor.features.juries.models import Expert, Tie


def hold_while_seated(event: ErasureAsked) -> None:
    """Nobody is erased out of a jury that is at work."""
    for expert in _experts(event.key, event.email):
        for seat in expert.seats.filter(state__in=SEATED, panel__phase__in=LOOKED_AT).select_related(
            "panel__call"
        ):
            event.holds.append(
                _(
                    "The person sits in the jury of {call}, which is at work: take them out of it first."
                ).format(call=seat.panel.call)
            )


def forget_experts(event: PersonErased) -> None:
    for expert in _experts(event.key, event.email):
        erase_expert(expert=expert, actor=event.actor)
    Tie.objects.filter(email__iexact=event.email).delete()


def _experts(key: str, email: str) -> list[Expert]:
    """In every pool, archived ones too."""
    return list(Expert.objects.filter(Q(user__key=key) | Q(email__iexact=email)))


def register() -> None:
    subscribe(ErasureAsked, hold_while_seated)
    subscribe(PersonErased, forget_experts)
