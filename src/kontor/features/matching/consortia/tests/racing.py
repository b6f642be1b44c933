"""Two people at one board in two threads of a real site: what each got, as one line of JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.models import Job
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.models import BoardStep, Consortium, Seat
from kontor.features.organisations.actions import add_contact
from kontor.features.organisations.tests.factories import organisation

ANS, BAS = Actor(key="ans", label="Ans"), Actor(key="bas", label="Bas")
Race = Callable[[SimpleNamespace], Any]


def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """The codes of what was refused to either, "" where it was done; both begin at the same moment."""
    line = threading.Barrier(2)

    def run(act: Callable[[], Any]) -> str:
        try:
            line.wait(timeout=30)
            act()
        except KontorError as refused:
            return refused.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


def begin() -> SimpleNamespace:
    """A board with its lead, a partner that can be asked, and an empty seat."""
    lead = organisation("Race Lead", "NL", size="small")
    partner = organisation("Race Partner", "DE", size="small")
    add_contact(
        organisation=partner, name="Paula", email="paula@race.example", consent_source="form", actor=ANS
    )
    consortium = actions.create_consortium(lead=lead, values={"title": "Race"}, actor=ANS)
    variant = consortium.variants.get()
    seat = actions.add_seat(variant=variant, organisation=partner, actor=ANS)
    empty = actions.add_seat(variant=variant, actor=ANS)
    return SimpleNamespace(consortium=consortium, variant=variant, seat=seat, empty=empty, partner=partner)


def one_seat(board: SimpleNamespace) -> Any:
    """Both change the seat as they saw it."""

    def change(actor: Actor, cost: str) -> Callable[[], Any]:
        values = {"cost": Decimal(cost)}
        seen = board.seat.revision
        return lambda: actions.change_seat(seat=board.seat, values=values, revision=seen, actor=actor)

    told = both(change(ANS, "100.00"), change(BAS, "200.00"))
    seat = Seat.objects.get(pk=board.seat.pk)
    winner = {"Ans": "100.00", "Bas": "200.00"}[seat.changed_by]
    return {"told": told, "kept": str(seat.cost) == winner, "won": told.index("") == (winner == "200.00")}


def two_seats(board: SimpleNamespace) -> Any:
    """Each changes another seat: neither is lost."""
    before = Consortium.objects.get(pk=board.consortium.pk).revision
    told = both(
        lambda: actions.change_seat(
            seat=board.seat, values={"task": "pumps"}, revision=board.seat.revision, actor=ANS
        ),
        lambda: actions.change_seat(
            seat=board.empty, values={"task": "walls"}, revision=board.empty.revision, actor=BAS
        ),
    )
    tasks = sorted(Seat.objects.filter(variant=board.variant).values_list("task", flat=True))
    rose = Consortium.objects.get(pk=board.consortium.pk).revision - before
    return {"told": told, "tasks": tasks, "rose": rose}


def details(board: SimpleNamespace) -> Any:
    """Both change what it is about."""
    seen = board.consortium.details_revision

    def change(actor: Actor) -> Callable[[], Any]:
        values = {"title": f"Of {actor.label}"}
        return lambda: actions.change_details(
            consortium=board.consortium, values=values, revision=seen, actor=actor
        )

    told = both(change(ANS), change(BAS))
    title = Consortium.objects.get(pk=board.consortium.pk).title
    return {"told": told, "kept": title == ("Of Ans", "Of Bas")[told.index("")]}


def same_organisation(board: SimpleNamespace) -> Any:
    """Both propose the same organisation, each in a seat of its own: it sits once."""
    third = organisation("Race Third", "DE", size="small")
    told = both(
        lambda: actions.put_into_seat(seat=board.empty, organisation=third, actor=ANS),
        lambda: actions.add_seat(variant=board.variant, organisation=third, actor=BAS),
    )
    return {"told": told, "seats": Seat.objects.filter(organisation=third).count()}


def undo(board: SimpleNamespace) -> Any:
    """Both take the last step back: it goes back once."""
    actions.change_seat(seat=board.seat, values={"task": "last"}, revision=None, actor=ANS)
    last = undoable(board.consortium)
    assert last is not None

    def back(actor: Actor) -> Callable[[], Any]:
        return lambda: actions.undo_step(consortium=board.consortium, step=last.pk, actor=actor)

    told = both(back(ANS), back(BAS))
    steps = BoardStep.objects.filter(consortium=board.consortium, undone_at__isnull=False).count()
    return {"told": told, "steps": steps, "task": Seat.objects.get(pk=board.seat.pk).task}


def invite(board: SimpleNamespace) -> Any:
    """Both press "Invite": one mail."""
    before = Job.objects.count()
    told = both(
        lambda: actions.invite_seat(seat=board.seat, actor=ANS),
        lambda: actions.invite_seat(seat=board.seat, actor=BAS),
    )
    return {"told": told, "mails": Job.objects.count() - before}


def answer_or_withdraw(board: SimpleNamespace) -> Any:
    """The partner accepts while the lead takes the inviting step back: one of the two happens."""
    actions.invite_seat(seat=board.seat, actor=ANS)
    last = undoable(board.consortium)
    assert last is not None
    told = both(
        lambda: actions.answer_seat(seat=board.seat, accept=True, actor=BAS),
        lambda: actions.undo_step(consortium=board.consortium, step=last.pk, actor=ANS),
    )
    state = Seat.objects.get(pk=board.seat.pk).state
    wanted = ("accepted", "proposed")[told.index("")]
    return {"told": told, "as_told": state == wanted}


RACES: tuple[Race, ...] = (
    *(one_seat, two_seats, details, same_organisation, undo, invite, answer_or_withdraw),
)


def main() -> None:
    """Each race on a board of its own; then whether the log's chain held."""
    found = {race.__name__: race(begin()) for race in RACES}
    print(json.dumps({**found, "chain": audit.verify().ok}))
