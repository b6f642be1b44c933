"""What becomes of consortia when organisations leave the directory."""

from __future__ import annotations

from collections.abc import Iterable

from kontor.base import attachments
from kontor.base.actor import Actor
from kontor.features.matching.consortia.actions.seats import clear
from kontor.features.matching.consortia.actions.stepping import step
from kontor.features.matching.models import Consortium, Seat

_ACTOR = Actor.system("consortia")


def free_seats_of(keys: Iterable[str]) -> int:
    """Empty the seats of organisations that are gone, in consortia that are being composed; how many.

    What was handed in keeps its frozen facts, under which nobody is named but by those who may read it.
    """
    rows = Seat.objects.filter(organisation__key__in=list(keys)).exclude(variant__consortium__lead=None)
    affected = Consortium.objects.filter(
        pk__in=rows.values("variant__consortium"), state__in=["composing", "withdrawn"]
    )
    count = 0
    for consortium in affected.order_by("pk"):
        with step(consortium, "partner_left", actor=_ACTOR, final=True, when_open=False) as change:
            for seat in rows.filter(variant__consortium=consortium).select_related("variant"):
                if seat.organisation_id == consortium.lead_id:
                    continue
                clear(seat)
                seat.revision += 1
                seat.save()
                count += 1
            change.changes = {"seats": [count, 0]}
    return count


def forget_files(consortium_ids: list[int]) -> None:
    """Files go with consortia that are deleted."""
    attachments.forget_attachments("consortium", consortium_ids)
