"""Seats, variants, two people at once, undo, and reasons for leaving a proposal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.consortia.queries import board_of
from kontor.features.matching.models import Consortium, Override, Seat, TeamVariant

pytestmark = pytest.mark.django_db


def by(person: object) -> Actor:
    return Actor.of_user(person)


def verbs_of(consortium: Consortium) -> list[str]:
    rows = AuditEvent.objects.filter(subject_kind="consortium", subject_key=consortium.key)
    return list(rows.order_by("seq").values_list("verb", flat=True))


def test_lead_takes_the_first_seat(place: SimpleNamespace, board: SimpleNamespace) -> None:
    view = board_of(board.consortium, place.composer).view()
    assert view is not None
    assert [(card.title, card.seat.role, card.seat.state) for card in view.cards] == [
        ("Stilte Akoestiek BV", "lead", "accepted")
    ]
    assert [need.key for need in view.missing] == ["refrigerant-circuit", "heat-pump-control"]
    assert view.lights is not None
    assert view.lights.state == "no"
    assert [light.key for light in view.lights.broken] == ["minimum-countries", "smes-per-side"]


def test_a_german_firm_turns_the_lights_green(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.pump)
    actions.change_details(
        consortium=board.consortium, values={"months": 24}, revision=None, actor=by(place.composer)
    )
    view = board_of(Consortium.objects.get(pk=board.consortium.pk), place.composer).view()
    assert view is not None
    assert view.missing == ()
    assert view.lights is not None
    assert [(light.key, light.state) for light in view.lights.rules if light.state == "no"] == [
        ("research-partner", "no")
    ]
    assert view.lights.state == "clarify", "what the partners cost is not known yet"
    assert (view.partners, view.smes, view.countries) == (2, 2, ("DE", "NL"))


def test_who_writes_on_an_older_state_is_told_what_changed(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seat = seated(place.pump)
    actions.change_seat(
        seat=seat, values={"cost": Decimal("100000.00")}, revision=seat.revision, actor=by(place.colleague)
    )
    with pytest.raises(actions.BoardConflict) as refused:
        actions.change_seat(
            seat=seat, values={"cost": Decimal("90000.00")}, revision=seat.revision, actor=by(place.composer)
        )
    told = refused.value.differences
    assert [(each.label, each.theirs, each.yours) for each in told] == [
        ("cost in EUR", "100000.00", "90000.00")
    ]
    assert "Bas Colleague" in str(refused.value)
    assert Seat.objects.get(pk=seat.pk).cost == Decimal("100000.00")


def test_details_are_guarded_as_seats_are(place: SimpleNamespace, board: SimpleNamespace) -> None:
    seen = board.consortium.details_revision
    first = {"title": "Quiet pump"}
    actions.change_details(
        consortium=board.consortium, values=first, revision=seen, actor=by(place.colleague)
    )
    with pytest.raises(actions.BoardConflict):
        actions.change_details(
            consortium=board.consortium, values={"title": "Loud"}, revision=seen, actor=by(place.composer)
        )
    assert Consortium.objects.get(pk=board.consortium.pk).title == "Quiet pump"


def test_every_change_raises_the_revision(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    before = Consortium.objects.get(pk=board.consortium.pk).revision
    seated(place.pump)
    assert Consortium.objects.get(pk=board.consortium.pk).revision == before + 1


def test_steps_are_taken_back_one_after_the_other(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seat = seated(place.pump, task="builds the circuit")
    actions.change_seat(
        seat=seat, values={"cost": Decimal("5.00"), "role": "lead"}, revision=None, actor=by(place.composer)
    )
    roles = dict(Seat.objects.values_list("organisation__name", "role"))
    assert roles == {"Stilte Akoestiek BV": "partner", "Propanwerk GmbH": "lead"}
    for _time in range(2):
        step = undoable(board.consortium)
        assert step is not None
        actions.undo_step(consortium=board.consortium, step=step.pk, actor=by(place.composer))
    assert list(Seat.objects.values_list("organisation__name", "role")) == [("Stilte Akoestiek BV", "lead")]
    assert undoable(board.consortium) is None
    assert verbs_of(board.consortium) == [
        "consortium.created",
        "consortium.seat_added",
        "consortium.seat_changed",
        "consortium.step_undone",
        "consortium.step_undone",
    ]


def test_an_older_step_cannot_be_taken_back(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.pump)
    first = undoable(board.consortium)
    assert first is not None
    seated(place.institute)
    with pytest.raises(Conflict, match="something happened after it"):
        actions.undo_step(consortium=board.consortium, step=first.pk, actor=by(place.composer))
    assert Seat.objects.count() == 3


def test_a_removed_variant_comes_back(place: SimpleNamespace, board: SimpleNamespace) -> None:
    copy = actions.copy_variant(variant=board.variant, actor=by(place.composer))
    actions.rename_variant(variant=copy, name="With an institute", actor=by(place.composer))
    actions.remove_variant(variant=copy, actor=by(place.composer))
    assert [row.name for row in TeamVariant.objects.alive()] == ["First variant"]
    step = undoable(board.consortium)
    assert step is not None
    actions.undo_step(consortium=board.consortium, step=step.pk, actor=by(place.composer))
    assert [row.name for row in TeamVariant.objects.alive()] == ["First variant", "With an institute"]


def test_a_copy_proposes_whom_the_original_invited(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.pump, "invited")
    copy = actions.copy_variant(variant=board.variant, name="B", actor=by(place.composer))
    assert list(copy.seats.values_list("organisation__name", "state")) == [
        ("Stilte Akoestiek BV", "accepted"),
        ("Propanwerk GmbH", "proposed"),
    ]


def test_the_last_and_the_chosen_variant_stay(place: SimpleNamespace, board: SimpleNamespace) -> None:
    with pytest.raises(KontorError, match="only variant"):
        actions.remove_variant(variant=board.variant, actor=by(place.composer))


def test_nobody_sits_twice_in_a_variant(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.pump)
    with pytest.raises(KontorError, match="sits in this variant already"):
        seated(place.pump)


def test_trying_names_finds_no_anonymous_partner(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seated(place.hidden, statement=place.teaser)
    assert seated(place.hidden).anonymous is False, "a refusal would have told who the anonymous one is"


def test_seats_move(place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]) -> None:
    last = [seated(each) for each in (place.pump, place.institute)][-1]
    actions.move_seat(seat=last, position=0, actor=by(place.composer))
    assert list(board.variant.seats.values_list("organisation__name", flat=True)) == [
        "Instituut Wand",
        "Stilte Akoestiek BV",
        "Propanwerk GmbH",
    ]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"cost": Decimal("1.001")}, "cost"),
        ({"cost": Decimal("-1")}, "cost"),
        ({"cost": Decimal("5.00"), "grant": Decimal("6.00")}, "grant"),
        ({"role": "emperor"}, "role"),
        ({"brings": ["juggling"]}, "brings"),
    ],
)
def test_bad_input_names_the_field(
    place: SimpleNamespace, board: SimpleNamespace, values: dict[str, object], path: str
) -> None:
    seat = board.variant.seats.get()
    with pytest.raises(KontorError) as refused:
        actions.change_seat(seat=seat, values=values, revision=None, actor=by(place.composer))
    assert (refused.value.path, refused.value.status) == (path, 422)


def test_leaving_a_proposal_needs_a_reason_that_stays(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    TeamVariant.objects.filter(pk=board.variant.pk).update(
        proposal={"team": [place.lead.key, place.pump.key]}
    )
    board.variant.refresh_from_db()
    seated(place.pump)
    with pytest.raises(KontorError) as refused:
        seated(place.rival)
    assert (refused.value.code, refused.value.path) == ("override-reason", "reason")
    seated(place.rival, reason="Knows the street where we measure")
    assert [(row.change, row.about, row.reason) for row in Override.objects.all()] == [
        ("joined", place.rival, "Knows the street where we measure")
    ]
    event = AuditEvent.objects.order_by("-seq").filter(verb="consortium.seat_added").first()
    assert event is not None
    assert event.reason == "Knows the street where we measure"
    step = undoable(board.consortium)
    assert step is not None
    actions.undo_step(consortium=board.consortium, step=step.pk, actor=by(place.composer))
    assert Override.objects.count() == 1, "the record stays even where the step is taken back"


def test_whoever_leaves_the_directory_leaves_the_seat(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    seat = seated(place.pump, "accepted")
    actions.free_seats_of([place.pump.key])
    seat.refresh_from_db()
    assert (seat.organisation, seat.state, seat.facts) == (None, "open", {})
    assert undoable(board.consortium) is None, "no step brings it back"
