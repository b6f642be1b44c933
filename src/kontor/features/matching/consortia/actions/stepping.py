"""What every change of a board begins and ends with, and taking the latest one back.

A step keeps the board as it was before it. Taking a step back writes that board again; only the latest step
can be taken back, so nothing in between is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.features.matching.models import BoardStep, Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import ConsortiumState


@dataclass
class Change:
    """The consortium held until the transaction ends; `changes` and `about` go into the log."""

    consortium: Consortium
    changes: dict[str, list[object]] = field(default_factory=dict)
    about: str = ""
    reason: str = ""


def locked(consortium: Consortium) -> Consortium:
    """The row as it is now, held until the transaction ends."""
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    rows = Consortium.objects.select_related("lead", "programme", "version", "chosen", "offered_to", "need")
    return rows.get(pk=consortium.pk)


@contextmanager
def step(
    consortium: Consortium, verb: str, *, actor: Actor, final: bool = False, when_open: bool = True
) -> Iterator[Change]:
    """One change of the board: a transaction with its audit row and the board as it was before.

    `final`: nothing up to and including this step can be taken back. `when_open`: refuse where the board is
    handed in or decided.
    """
    with transaction.atomic():
        stored = locked(consortium)
        if when_open:
            refuse_closed(stored)
        before = "" if final else picture_of(stored)
        change = Change(stored)
        yield change
        stored.revision += 1
        stored.changed_by = actor.label[:200]
        stored.save()
        if final:
            seal(stored)
        BoardStep.objects.create(
            consortium=stored,
            verb=verb,
            about=change.about[:200],
            before=before,
            actor_key=actor.key,
            actor_label=actor.label[:200],
            final=final,
        )
        audit.record(
            actor=actor,
            verb=f"consortium.{verb}",
            subject=stored,
            changes=change.changes,
            reason=change.reason,
        )


def refuse_closed(consortium: Consortium) -> None:
    if not consortium.is_open:
        raise Conflict(
            _("This consortium is not being composed any more: %(state)s.")
            % {"state": ConsortiumState(consortium.state).label},
            code="consortium-closed",
            remedy=_("Take the submission back first, as long as nothing is decided."),
        )


def seal(consortium: Consortium) -> None:
    """Nothing that happened so far can be taken back any more."""
    BoardStep.objects.filter(consortium=consortium, final=False).update(final=True, before="")


def picture_of(consortium: Consortium) -> str:
    """The whole board as text: details, variants, seats."""
    rows = [
        consortium,
        *TeamVariant.objects.filter(consortium=consortium),
        *Seat.objects.filter(variant__consortium=consortium),
    ]
    return str(serializers.serialize("json", rows))


def undoable(consortium: Consortium) -> BoardStep | None:
    """The latest step, where it can be taken back."""
    latest = BoardStep.objects.filter(consortium=consortium, undone_at=None).first()
    usable = latest is not None and not latest.final and consortium.is_open
    return latest if usable else None


def paint(consortium: Consortium, picture: str) -> None:
    """Write the board of a picture again; revisions keep rising, so that open forms notice."""
    rows: list[Any] = [each.object for each in serializers.deserialize("json", picture)]
    seats = [row for row in rows if isinstance(row, Seat)]
    variants = [row for row in rows if isinstance(row, TeamVariant)]
    revisions = dict(Seat.objects.filter(variant__consortium=consortium).values_list("pk", "revision"))
    old = next(row for row in rows if isinstance(row, Consortium))
    Seat.objects.filter(variant__consortium=consortium).exclude(pk__in=[row.pk for row in seats]).delete()
    TeamVariant.objects.filter(consortium=consortium).exclude(pk__in=[row.pk for row in variants]).delete()
    for variant in variants:
        variant.save()
    for seat in seats:
        seat.revision = max(seat.revision, revisions.get(seat.pk, 0)) + 1
        seat.save()
    for name in DETAILS:
        setattr(consortium, name, getattr(old, name))
    consortium.details_revision += 1


DETAILS = (
    *("title", "text", "language", "need_id", "programme_id", "version_id", "definition", "instrument"),
    *("product", "themes", "kets", "months", "chosen_id", "offered_to_id", "state"),
)


def refuse_stale(stored: int, seen: int | None, found: KontorError) -> None:
    """Raise `found` where the writer saw another revision than the stored one; None: did not look."""
    if seen is not None and seen != stored:
        raise found
