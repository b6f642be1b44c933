"""Conflicts of interest: each kind is silent when there is none and speaks when there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kontor.base.errors import KontorError
from kontor.base.jobs.run import run_due_jobs
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.calls.actions.partners import add_partner
from kontor.features.juries import actions
from kontor.features.juries.conflicts import conflicts_of
from kontor.features.juries.models import AssignmentState, Panel
from kontor.features.juries.tests.conftest import reviewed
from kontor.features.organisations.actions import merge_organisations, unmerge_organisations
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, project

pytestmark = pytest.mark.django_db


def kinds(place: SimpleNamespace, number: int = 0) -> list[tuple[str, str]]:
    """(kind, sentence) between the first expert and an application."""
    place.panel.refresh_from_db()
    pair = (place.experts[0].pk, place.applications[number].pk)
    found = conflicts_of(place.panel, place.experts).found.get(pair, ())
    return [(each.kind.value, each.sentence()) for each in found]


def at(place: SimpleNamespace, home: Organisation) -> None:
    place.experts[0].organisation = home
    place.experts[0].save()


def test_strangers_are_in_no_conflict(place: SimpleNamespace) -> None:
    at(place, organisation("Hogeschool Verweg", "NL", kind="research"))
    assert conflicts_of(place.panel, place.experts).found == {}


def test_same_organisation_also_as_a_partner(place: SimpleNamespace) -> None:
    at(place, place.partners[0])
    assert kinds(place) == [("same", "Belongs to Partner 0 GmbH, which applies.")]
    assert kinds(place, 1) == []


def test_a_role_in_the_organisation_is_enough(place: SimpleNamespace) -> None:
    RoleAssignment.objects.create(
        user=place.experts[0].user, role="reader", scope_kind="organisation", scope_key=place.firms[0].key
    )
    assert "same" in [kind for kind, _sentence in kinds(place)]


def test_cluster_of_both_and_the_cluster_itself(place: SimpleNamespace) -> None:
    ring = cluster("Energiekring Oost", country="NL")
    home = organisation("Instituut Naast", "NL", kind="research")
    at(place, home)
    membership(ring, place.firms[0])
    assert kinds(place) == []
    membership(ring, home)
    assert kinds(place) == [("cluster", "Zonnewind BV is in the same cluster: Energiekring Oost.")]
    Panel.objects.update(cluster_members=False)
    assert kinds(place) == [], "only the cluster organisation itself counts now"
    at(place, ring)
    assert [kind for kind, _sentence in kinds(place)] == ["cluster"]


def test_groups_chain(place: SimpleNamespace) -> None:
    home, holding = organisation("Tochter Eins GmbH", "DE"), organisation("Holding AG", "DE")
    at(place, home)
    actions.link_group(first=home, second=holding, source="register", actor=ACTOR)
    assert kinds(place) == []
    actions.link_group(first=holding, second=place.firms[0], source="register", actor=ACTOR)
    assert kinds(place) == [("group", "Zonnewind BV is of the same group as Tochter Eins GmbH.")]


def test_joint_projects_count_for_the_years_of_the_panel(place: SimpleNamespace) -> None:
    home = organisation("Uni Irgendwo", "DE", kind="research")
    at(place, home)
    year = timezone.localdate().year
    project("Old thing", home, place.firms[0], year=year - 12)
    assert kinds(place) == []
    project("Recent thing", home, place.firms[0], year=year - 3)
    assert kinds(place) == [("consortium", "Worked with Zonnewind BV in “Recent thing”.")]


def test_ties_supervision_never_ends_and_others_do(place: SimpleNamespace) -> None:
    long_ago = timezone.localdate() - dt.timedelta(days=4000)
    tied = {"organisation": place.firms[0], "until": long_ago}
    actions.add_tie(expert=place.experts[0], values={"kind": "employer", **tied}, actor=ACTOR)
    assert kinds(place) == []
    values = {"kind": "supervisor", "person": "Prof. Bril", **tied}
    actions.add_tie(expert=place.experts[0], values=values, actor=ACTOR)
    assert kinds(place) == [("supervisor", "Supervises or was supervised at Zonnewind BV: Prof. Bril.")]


def test_a_relation_is_found_by_the_address_of_the_person(place: SimpleNamespace) -> None:
    values = {"kind": "family", "person": "brother", "email": place.applicant.email.upper()}
    actions.add_tie(expert=place.experts[0], values=values, actor=ACTOR)
    assert kinds(place) == [("family", "Close relation at Zonnewind BV: brother.")]


def test_mail_domain_but_not_a_free_one(place: SimpleNamespace) -> None:
    Organisation.objects.filter(pk=place.firms[0].pk).update(domain="gmail.com")
    place.experts[0].email = "anna@gmail.com"
    place.experts[0].save()
    assert kinds(place) == []
    Organisation.objects.filter(pk=place.firms[0].pk).update(domain="zonnewind.example")
    place.experts[0].email = "anna@zonnewind.example"
    place.experts[0].save()
    assert kinds(place) == [("domain", "Same mail domain as Zonnewind BV: zonnewind.example.")]


def test_declared_about_an_organisation_or_an_application(place: SimpleNamespace) -> None:
    first = place.experts[0]
    row = actions.declare_conflict(
        expert=first, organisation=place.partners[0], reason="Adviser", actor=ACTOR
    )
    assert kinds(place) == [("declared", "Declared: Adviser")]
    actions.withdraw_declaration(declared=row, reason="by mistake", actor=ACTOR)
    assert kinds(place) == []
    actions.declare_conflict(
        expert=first, application=place.applications[1], reason="I wrote it", actor=ACTOR
    )
    assert kinds(place, 1) == [("declared", "Declared: I wrote it")]


def test_a_conflict_that_arises_blocks_the_assignment_at_once(jury: SimpleNamespace) -> None:
    row, other = jury.assignments[0], jury.assignments[4]
    actions.declare_conflict(
        expert=jury.experts[0], application=jury.applications[0], reason="x", actor=ACTOR
    )
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == (AssignmentState.BLOCKED, AssignmentState.ACTIVE)


def test_a_partner_who_joins_later_blocks_in_the_same_transaction(jury: SimpleNamespace) -> None:
    home = organisation("Instituut Later", "NL", kind="research")
    jury.experts[0].organisation = home
    jury.experts[0].save()
    first, row = jury.applications[0], jury.assignments[0]
    type(first).objects.filter(pk=first.pk).update(state="draft")
    first.refresh_from_db()
    add_partner(application=first, organisation=home, values={}, actor=ACTOR)
    row.refresh_from_db()
    assert row.state == AssignmentState.BLOCKED


def test_a_membership_that_begins_is_looked_at_by_a_job(jury: SimpleNamespace) -> None:
    ring = cluster("Energiekring Oost", country="NL")
    home = organisation("Instituut Naast", "NL", kind="research")
    jury.experts[0].organisation = home
    jury.experts[0].save()
    membership(ring, jury.firms[0])
    membership(ring, home)
    run_due_jobs()
    jury.assignments[0].refresh_from_db()
    assert jury.assignments[0].state == AssignmentState.BLOCKED


def test_queries_do_not_grow(place: SimpleNamespace) -> None:
    for each in place.experts:
        each.organisation = organisation(f"Home of {each.name}", "DE")
        each.save()
    with CaptureQueriesContext(connection) as few:
        conflicts_of(place.panel, place.experts[:1], place.applications[:1])
    with CaptureQueriesContext(connection) as many:
        conflicts_of(place.panel, place.experts, place.applications)
    assert len(few) == len(many)


def test_merged_organisations_are_one(place: SimpleNamespace) -> None:
    """The expert's employer, a tie and a declared conflict lead to the firm that stayed; parted again they do
    not.
    """
    old, other = organisation("Oude Firma BV", "NL"), organisation("Andere Firma BV", "NL")
    at(place, old)
    place.experts[0].ties.create(kind="money", organisation=other, added_by="x")
    firm = Organisation.objects.get(pk=place.firms[0].pk)
    merges = [merge_organisations(kept=firm, gone=gone, actor=ACTOR) for gone in (old, other)]
    assert [kind for kind, _sentence in kinds(place)] == ["money", "same"]
    for merge in reversed(merges):
        unmerge_organisations(merge=merge, actor=ACTOR)
    assert kinds(place) == []


def test_an_expert_is_forgotten_and_the_assessments_stay(
    jury: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    first, review = jury.experts[0], reviewed(jury.assignments[0], "4")
    first.ties.create(kind="family", person="Bea B", email="bea@b.example", added_by="x")
    actions.declare_conflict(
        expert=first, application=jury.applications[1], reason="my sister Bea", actor=ACTOR
    )
    with pytest.raises(KontorError, match="sits in a jury that is at work"):
        actions.erase_expert(expert=first, actor=ACTOR)
    actions.remove_member(member=jury.members[0], reason="left", actor=jury.by)
    actions.archive_expert(expert=first, actor=jury.by)
    erase = reverse("juries:expert-do", args=[first.key, "erase"])
    for stranger in (jury.stranger, jury.applicant, jury.controller):
        assert signed_in(stranger).post(erase).status_code in (403, 404)
    assert signed_in(jury.manager).post(erase).status_code == 302
    first.refresh_from_db()
    told = (first.name, first.email, first.profile, first.user, first.organisation, first.ties.count())
    assert told == (f"#{first.key}", f"{first.key}@erased.invalid", "", None, None, 0)
    assert [row.reason for row in first.declared.all()] == ["–"]
    review.refresh_from_db()
    assert (review.state, review.values.filter(field="mark:innovation").get().value) == ("submitted", "4")
    with pytest.raises(KontorError, match="erased for good"):
        actions.restore_expert(expert=first, actor=jury.by)
