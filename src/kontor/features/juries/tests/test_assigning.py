"""Assignments: proven, adopted as a whole, undone; illness with the fewest changes; rules that block by
name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kontor.base.actor import Actor
from kontor.base.errors import Conflict, KontorError
from kontor.base.jobs.run import run_due_jobs
from kontor.base.models import AuditEvent
from kontor.features.accounts.models import User
from kontor.features.juries import actions, tasks
from kontor.features.juries.models import Assignment, AssignmentState, Expert, Panel, Plan
from kontor.features.juries.tests.conftest import expert, reviewed, seat
from kontor.features.juries.wording import words_of
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fit falls with the distance of the expert's place in the list: no encoder is loaded."""

    def fit(applications: Any, experts: Any) -> Any:
        table = np.abs(np.arange(len(applications))[:, None] - np.arange(len(experts))[None, :])
        return np.clip(0.9 - 0.2 * table, 0, 1).astype(np.float64)

    monkeypatch.setattr(tasks, "fit_of_texts", fit)


def planned(place: SimpleNamespace, kind: str = "assign", **asked: Any) -> Plan:
    plan = actions.queue_plan(panel=place.panel, kind=kind, asked=asked, actor=place.by)
    run_due_jobs()
    plan.refresh_from_db()
    return plan


def pairs() -> set[tuple[str, str]]:
    rows = Assignment.objects.filter(state=AssignmentState.ACTIVE)
    return set(rows.values_list("member__expert__name", "application__number"))


def test_the_optimum_is_proven_adopted_and_undone(place: SimpleNamespace) -> None:
    place.members = [seat(place.panel, each) for each in place.experts]
    plan = planned(place)
    assert plan.status == "optimal"
    assert len(plan.result["assigned"]) == 8
    assert plan.result["worst"]["reached"] == plan.result["worst"]["bound"]
    actions.adopt_plan(plan=plan, actor=place.by)
    assert len(pairs()) == 8
    plan.refresh_from_db()
    actions.undo_adoption(plan=plan, actor=place.by)
    assert pairs() == set()
    told = AuditEvent.objects.filter(subject_kind="panel").values_list("verb", flat=True)
    assert {"plan.adopted", "plan.undone"} <= set(told)


def test_a_plan_for_another_state_cannot_be_adopted(place: SimpleNamespace) -> None:
    members = [seat(place.panel, each) for each in place.experts]
    plan = planned(place)
    actions.assign_by_hand(
        member=members[0], application=place.applications[3], reason="knows it", actor=place.by
    )
    with pytest.raises(Conflict, match="changed after this plan"):
        actions.adopt_plan(plan=plan, actor=place.by)


def test_illness_is_repaired_with_the_fewest_changes_and_sheets_handed_in_stay(jury: SimpleNamespace) -> None:
    reviewed(jury.assignments[1], "4")  # Bert's sheet of R-1; R-4 of his is open
    actions.report_ill(member=jury.members[1], reason="flu", actor=jury.by)
    plan = planned(jury, "repair")
    assert (plan.status, plan.result["changes"]) == ("optimal", {"reached": 2, "bound": 2})
    assert plan.result["done"] == [{"expert": jury.members[1].key, "application": jury.applications[0].key}]
    before = pairs()
    actions.adopt_plan(plan=plan, actor=jury.by)
    gone, new = before - pairs(), pairs() - before
    assert gone == {("Bert B", "R-4")}
    assert [number for _name, number in new] == ["R-4"]


def test_a_conflict_blocks_the_engine_and_a_person_alike(place: SimpleNamespace) -> None:
    members = [seat(place.panel, each) for each in place.experts]
    actions.declare_conflict(
        expert=place.experts[0], application=place.applications[0], reason="wrote it", actor=ACTOR
    )
    plan = planned(place)
    assert plan.status == "optimal"
    assert (members[0].key, place.applications[0].key) not in {
        (each["expert"], each["application"]) for each in plan.result["assigned"]
    }
    with pytest.raises(Conflict, match="Anna A is in conflict with R-1: Declared: wrote it"):
        actions.assign_by_hand(
            member=members[0], application=place.applications[0], reason="please", actor=place.by
        )


def test_a_conflict_that_came_after_the_plan_stops_its_adoption(place: SimpleNamespace) -> None:
    for each in place.experts:
        seat(place.panel, each)
    plan = planned(place)
    first = plan.result["assigned"][0]
    who = Expert.objects.get(seats__key=first["expert"])
    what = next(each for each in place.applications if each.key == first["application"])
    actions.declare_conflict(expert=who, application=what, reason="cousin", actor=ACTOR)
    with pytest.raises(Conflict, match="is in conflict with"):
        actions.adopt_plan(plan=plan, actor=place.by)
    assert pairs() == set()


def test_taking_a_plan_back_brings_nobody_back_into_a_conflict(place: SimpleNamespace) -> None:
    members = [seat(place.panel, each) for each in place.experts]
    last = place.applications[3]
    actions.assign_by_hand(member=members[0], application=last, reason="knows it", actor=place.by)
    plan = planned(place)
    actions.adopt_plan(plan=plan, actor=place.by)
    assert ("Anna A", "R-4") not in pairs()
    actions.declare_conflict(expert=place.experts[0], application=last, reason="cousin", actor=ACTOR)
    plan.refresh_from_db()
    actions.undo_adoption(plan=plan, actor=place.by)
    assert pairs() == set()
    assert Assignment.objects.get(member=members[0], application=last).state == AssignmentState.BLOCKED


def test_infeasible_names_the_rules_that_block(place: SimpleNamespace) -> None:
    """Only one reads French."""
    for each in place.experts:
        seat(place.panel, each)
    first = place.applications[0]
    type(first).objects.filter(pk=first.pk).update(language="fr")
    place.experts[0].languages = ["fr"]
    place.experts[0].save()
    plan = planned(place)
    assert plan.status == "infeasible"
    words = words_of(place.panel)
    told = [words.sentence(each) for each in plan.result["blocked"]["rules"]]
    assert "R-1" in told[0]
    assert any("French" in sentence for sentence in told)
    assert plan.result["blocked"]["remedies"]
    with pytest.raises(KontorError, match="cannot be adopted"):
        actions.adopt_plan(plan=plan, actor=place.by)


def test_a_third_assessor_is_one_addition(jury: SimpleNamespace) -> None:
    reviewed(jury.assignments[0], "5")
    reviewed(jury.assignments[1], "2")
    plan = planned(jury, "repair", third=True)
    assert (plan.status, plan.result["changes"]["reached"]) == ("optimal", 1)
    actions.adopt_plan(plan=plan, actor=jury.by)
    third = Assignment.objects.get(kind="third")
    assert third.application == jury.applications[0]
    assert third.member.expert.name in {"Cleo C", "Dirk D"}
    stood = pairs()
    again = planned(jury, "repair")
    assert (again.status, again.result["changes"]["reached"]) == ("optimal", 0), "the third one stays"
    for each in (third, *jury.assignments[2:4]):
        reviewed(each, "4")
    actions.report_ill(member=third.member, reason="fever", actor=jury.by)
    replaced = planned(jury, "repair")
    assert replaced.status == "optimal", "more sheets than are needed stay, and block nothing"
    actions.adopt_plan(plan=replaced, actor=jury.by)
    gone = {pair for pair in stood - pairs() if pair[0] == third.member.expert.name}
    assert stood - pairs() == gone
    assert (third.member.expert.name, "R-1") not in gone, "what is handed in counts"
    assert list(Assignment.objects.filter(kind="third", state="active")) == [third]


def test_a_waiver_covers_what_stood_and_nothing_new(place: SimpleNamespace) -> None:
    first, about = place.experts[0], place.applications[0]
    member = seat(place.panel, first)
    tie = {"kind": "employer", "organisation": place.firms[0]}
    actions.add_tie(expert=first, values=tie, actor=ACTOR)
    with pytest.raises(KontorError, match="signature"):
        actions.sign_waiver(
            panel=place.panel, expert=first, application=about, reason="r", signed_as="", actor=place.by
        )
    actions.sign_waiver(
        panel=place.panel, expert=first, application=about, reason="left in 2019, no shares",
        signed_as="Mona Manager", actor=place.by,
    )  # fmt: skip
    row = actions.assign_by_hand(member=member, application=about, reason="needed", actor=place.by)
    event = AuditEvent.objects.get(verb="waiver.signed")
    assert (event.reason, event.changes["covers"]) == ("left in 2019, no shares", [None, ["employer"]])
    actions.add_tie(expert=first, values={"kind": "money", "organisation": place.firms[0]}, actor=ACTOR)
    row.refresh_from_db()
    assert row.state == AssignmentState.BLOCKED


def test_nobody_can_waive_ones_own_organisation(place: SimpleNamespace) -> None:
    place.experts[0].organisation = place.firms[0]
    place.experts[0].save()
    with pytest.raises(KontorError, match="cannot be waived"):
        actions.sign_waiver(
            panel=place.panel, expert=place.experts[0], application=place.applications[0], reason="r",
            signed_as="M", actor=place.by,
        )  # fmt: skip


def test_nobody_signs_a_waiver_for_themselves(place: SimpleNamespace) -> None:
    """A manager who sits in the jury asks a colleague."""
    first = place.experts[0]
    first.user = place.manager
    first.save()
    actions.add_tie(expert=first, values={"kind": "employer", "organisation": place.firms[0]}, actor=ACTOR)
    told = {
        "panel": place.panel, "expert": first, "application": place.applications[0], "reason": "no shares",
        "signed_as": "M",
    }  # fmt: skip
    with pytest.raises(KontorError, match="Nobody signs a waiver for themselves"):
        actions.sign_waiver(actor=place.by, **told)
    actions.sign_waiver(actor=Actor.of_user(place.administrator), **told)


def test_who_is_in_conflict_with_everything_is_not_invited(
    place: SimpleNamespace, user_with: Callable[..., User]
) -> None:
    busy = expert(place.programme, "Edda E")
    for each in place.applications:
        actions.declare_conflict(expert=busy, application=each, reason="adviser", actor=ACTOR)
    with pytest.raises(KontorError, match="in conflict with every application"):
        actions.invite_member(panel=place.panel, expert=busy, actor=place.by)
    member = actions.invite_member(panel=place.panel, expert=place.experts[0], actor=place.by)
    actions.accept_seat(
        member=member, signed_as="Anna A", declared=[(place.applications[1], "I coached them")], actor=ACTOR
    )
    Panel.objects.update(phase="reviewing")
    with pytest.raises(Conflict, match="I coached them"):
        actions.assign_by_hand(member=member, application=place.applications[1], reason="x", actor=place.by)
