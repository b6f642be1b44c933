"""Handing in, deciding, the frozen case, and passing the lead on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.actions.stepping import undoable
from kontor.features.matching.consortia.queries import board_of, readable
from kontor.features.matching.models import Consortium, Seat
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import publish_draft, save_draft

pytestmark = pytest.mark.django_db

MONEY = {"cost": Decimal("100000.00"), "grant": Decimal("60000.00")}


@pytest.fixture
def ready(place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]) -> Consortium:
    """Both sides, everybody accepted, chosen, all facts known."""
    by = Actor.of_user(place.composer)
    actions.change_details(consortium=board.consortium, values={"months": 24}, revision=None, actor=by)
    own = board.variant.seats.get()
    actions.change_seat(seat=own, values={**MONEY, "role": "partner"}, revision=None, actor=by)
    seated(place.pump, "accepted", role="lead", **MONEY)
    actions.choose_variant(variant=board.variant, actor=by)
    return Consortium.objects.get(pk=board.consortium.pk)


def test_only_a_complete_team_is_handed_in(
    place: SimpleNamespace, board: SimpleNamespace, seated: Callable[..., Seat]
) -> None:
    by = Actor.of_user(place.composer)
    with pytest.raises(KontorError, match="No variant is chosen"):
        actions.submit_consortium(consortium=board.consortium, actor=by)
    actions.choose_variant(variant=board.variant, actor=by)
    with pytest.raises(KontorError, match="A rule of the programme says no"):
        actions.submit_consortium(consortium=board.consortium, actor=by)
    seated(place.pump)
    with pytest.raises(KontorError, match="have not accepted yet"):
        actions.submit_consortium(consortium=board.consortium, actor=by)


def test_a_decided_case_never_changes(place: SimpleNamespace, ready: Consortium) -> None:
    by = Actor.of_user(place.composer)
    handed = actions.submit_consortium(consortium=ready, actor=by)
    assert handed.version is not None
    assert handed.version.frozen_at is not None
    assert undoable(handed) is None
    decided = actions.decide_consortium(
        consortium=handed, approve=True, reason="Both sides, everything covered", actor=by
    )
    before = board_of(decided, place.composer).view()
    Organisation.objects.filter(pk=place.pump.pk).update(size="large", country="AT", nuts3="")
    programme = place.programme
    text = programme.current.text.replace("most_months = 28", "most_months = 6")
    save_draft(programme=programme, text=text.replace('"2017-1"', '"2017-2"'), revision=None, actor=by)
    publish_draft(programme=programme, actor=by)
    again = Consortium.objects.get(pk=decided.pk)
    after = board_of(again, place.composer).view()
    assert before is not None
    assert after is not None
    assert before.lights is not None
    assert after.lights == before.lights
    assert after.lights.state == "yes"
    seat = Seat.objects.get(organisation=place.pump)
    for refused in (
        lambda: actions.change_seat(seat=seat, values=MONEY, revision=None, actor=by),
        lambda: actions.change_details(consortium=again, values={"title": "Other"}, revision=None, actor=by),
        lambda: actions.take_submission_back(consortium=again, actor=by),
        lambda: actions.decide_consortium(consortium=again, approve=False, reason="No", actor=by),
    ):
        with pytest.raises(Conflict):
            refused()


def test_the_programmes_manager_reads_what_is_handed_in(place: SimpleNamespace, ready: Consortium) -> None:
    assert list(readable(place.programme_manager)) == []
    by = Actor.of_user(place.composer)
    handed = actions.submit_consortium(consortium=ready, actor=by)
    assert list(readable(place.programme_manager)) == [ready]
    actions.take_submission_back(consortium=handed, actor=by)
    assert list(readable(place.programme_manager)) == []


def test_the_lead_passes_on_with_its_rights(place: SimpleNamespace, ready: Consortium) -> None:
    from kontor.features.matching.consortia.rules import may_compose, may_take_over

    by = Actor.of_user(place.composer)
    with pytest.raises(KontorError, match="Only a partner"):
        actions.offer_lead(consortium=ready, organisation=place.institute, actor=by)
    offered = actions.offer_lead(consortium=ready, organisation=place.pump, actor=by)
    assert may_take_over.test(place.partner, offered)
    assert not may_take_over.test(place.other_manager, offered)
    assert not may_compose.test(place.partner, offered)
    taken = actions.answer_lead(consortium=offered, accept=True, actor=Actor.of_user(place.partner))
    assert (taken.lead, taken.offered_to) == (place.pump, None)
    assert may_compose.test(place.partner, taken)
    assert not may_compose.test(place.composer, taken)
    assert list(readable(place.composer)) == [ready], "it still sits in the team"


def test_a_refused_lead_stays(place: SimpleNamespace, ready: Consortium) -> None:
    by = Actor.of_user(place.composer)
    actions.offer_lead(consortium=ready, organisation=place.pump, actor=by)
    kept = actions.answer_lead(consortium=ready, accept=False, actor=Actor.of_user(place.partner))
    assert (kept.lead, kept.offered_to) == (place.lead, None)
    with pytest.raises(Conflict, match="not offered any more"):
        actions.answer_lead(consortium=ready, accept=True, actor=Actor.of_user(place.partner))


def test_an_offer_of_the_lead_is_gone_when_the_step_is_taken_back(
    place: SimpleNamespace, ready: Consortium
) -> None:
    from kontor.features.matching.consortia.rules import may_take_over

    by = Actor.of_user(place.composer)
    offered = actions.offer_lead(consortium=ready, organisation=place.pump, actor=by)
    assert may_take_over.test(place.partner, offered)
    step = undoable(offered)
    assert step is not None
    actions.undo_step(consortium=offered, step=step.pk, actor=by)
    assert readable(place.composer).get().offered_to is None
    with pytest.raises(Conflict, match="not offered any more"):
        actions.answer_lead(consortium=ready, accept=True, actor=Actor.of_user(place.partner))


def test_given_up_and_taken_up_again(place: SimpleNamespace, ready: Consortium) -> None:
    by = Actor.of_user(place.composer)
    actions.withdraw_consortium(consortium=ready, actor=by)
    with pytest.raises(Conflict):
        actions.submit_consortium(consortium=ready, actor=by)
    assert actions.resume_consortium(consortium=ready, actor=by).state == "composing"


def test_a_decision_needs_a_reason(place: SimpleNamespace, ready: Consortium) -> None:
    by = Actor.of_user(place.composer)
    handed = actions.submit_consortium(consortium=ready, actor=by)
    with pytest.raises(KontorError) as refused:
        actions.decide_consortium(consortium=handed, approve=True, reason=" ", actor=by)
    assert refused.value.code == "decision-reason"
