"""Changes to many: what each does, records and takes back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.base.models import AuditEvent
from kontor.base.permissions import Denied
from kontor.features.organisations import actions as organisation_actions
from kontor.features.organisations.directory import actions
from kontor.features.organisations.models import BulkChange, Membership, Organisation
from kontor.features.organisations.tests.factories import cluster, membership, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(user_with) -> Actor:
    return Actor.of_user(user_with("administrator"))


def change(verb: str, actor: Actor, *chosen: Organisation, value: str = "") -> BulkChange:
    return actions.change_many(verb=verb, keys=[each.key for each in chosen], value=value, actor=actor)


def test_tags_come_and_go_where_they_were_missing(directory, admin):
    solar, water = directory["solar"], directory["water"]
    made = change("tag", admin, solar, water, value="water")
    assert list(made.undo) == [solar.key]
    solar.refresh_from_db()
    assert (solar.tags, solar.revision) == (["photovoltaics", "water"], 2)
    event = AuditEvent.objects.get(verb="organisation.tagged")
    assert event.changes == {"tags": [["photovoltaics"], ["photovoltaics", "water"]]}
    actions.undo_change(change=made, actor=admin)
    assert [Organisation.objects.get(pk=each.pk).tags for each in (solar, water)] == [
        ["photovoltaics"],
        ["water", "Łódź pilot"],
    ]
    removed = change("untag", admin, solar, water, value="water")
    actions.undo_change(change=removed, actor=admin)
    assert Organisation.objects.get(pk=water.pk).tags == ["Łódź pilot", "water"]
    assert audit.verify().ok


def test_memberships_begin_end_and_come_back(directory, admin):
    home, water = directory["cluster"], directory["water"]
    joined = change("join", admin, water, directory["solar"], home, value=home.key)
    assert list(joined.undo) == [water.key]
    left = change("leave", admin, water, value=home.key)
    assert not Membership.objects.current(timezone.localdate()).filter(member=water).exists()
    actions.undo_change(change=left, actor=admin)
    assert Membership.objects.get(member=water).since == timezone.localdate()
    actions.undo_change(change=joined, actor=admin)
    assert not Membership.objects.filter(member=water).exists()


def test_archived_ones_come_back_unless_merged_since(directory, admin):
    made = change("archive", admin, directory["solar"], directory["water"])
    assert not Organisation.objects.alive().filter(key__in=list(made.undo)).exists()
    Organisation.objects.filter(pk=directory["water"].pk).update(merged_into=directory["solar"])
    actions.undo_change(change=made, actor=admin)
    assert [each.key for each in Organisation.objects.alive().filter(key__in=list(made.undo))] == [
        directory["solar"].key
    ]


def test_who_lost_a_right_does_not_take_back_what_it_allowed(directory, user_with):
    home, solar, water = directory["cluster"], directory["solar"], directory["water"]
    for member in (solar, water):
        Membership.objects.get_or_create(cluster=home, member=member, until=None)
    person = user_with("cluster_manager", home.key)
    tagged = change("tag", Actor.of_user(person), solar, value="project")
    left = change("leave", Actor.of_user(person), water, value=home.key)
    archived = change("archive", Actor.of_user(person), solar)
    person.assignments.all().delete()
    person.forget_roles()
    for made in (tagged, archived):
        actions.undo_change(change=made, actor=Actor.of_user(person))
    with pytest.raises(Denied):
        actions.undo_change(change=left, actor=Actor.of_user(person))
    solar.refresh_from_db()
    assert "project" in solar.tags
    assert solar.archived_at is not None
    assert not Membership.objects.filter(member=water, until=None).exists()


def test_a_manager_takes_back_what_is_no_longer_in_any_list(directory, user_with):
    home, solar = directory["cluster"], directory["solar"]
    Membership.objects.get_or_create(cluster=home, member=solar, until=None)
    manager = Actor.of_user(user_with("cluster_manager", home.key))
    archived = change("archive", manager, solar)
    actions.undo_change(change=archived, actor=manager)
    solar.refresh_from_db()
    assert solar.archived_at is None
    left = change("leave", manager, solar, value=home.key)
    actions.undo_change(change=left, actor=manager)
    assert Membership.objects.filter(cluster=home, member=solar, until=None).exists()


def test_an_undo_leaves_whoever_withdrew_consent_since_alone(directory, admin, signed_in):
    solar = directory["solar"]
    made = change("tag", admin, solar, value="project")
    organisation_actions.withdraw_consent(organisation=solar, actor=admin)
    page = signed_in(admin.user).get(f"/directory/changes/{made.key}/").content.decode()
    assert solar.name not in page
    actions.undo_change(change=made, actor=admin)
    solar.refresh_from_db()
    assert "project" in solar.tags


def test_an_undo_happens_once_and_within_its_days(directory, admin):
    made = change("archive", admin, directory["solar"])
    actions.undo_change(change=made, actor=admin)
    with pytest.raises(KontorError) as again:
        actions.undo_change(change=made, actor=admin)
    assert again.value.code == "undo_gone"
    late = change("archive", admin, directory["water"])
    BulkChange.objects.filter(pk=late.pk).update(made_at=timezone.now() - dt.timedelta(days=31))
    with pytest.raises(KontorError):
        actions.undo_change(change=late, actor=admin)


@pytest.mark.parametrize(
    ("verb", "value", "code"),
    [("tag", "  ", "no_tag"), ("join", "", "no_cluster"), ("join", "none", "no_cluster")],
)
def test_what_is_missing_is_said(directory, admin, verb, value, code):
    with pytest.raises(KontorError) as problem:
        change(verb, admin, directory["solar"], value=value)
    assert (problem.value.code, problem.value.path) == (code, "value")


def test_nothing_and_too_much(directory, admin, monkeypatch):
    with pytest.raises(KontorError) as none:
        change("archive", admin)
    assert none.value.code == "none_chosen"
    monkeypatch.setattr(actions, "MAX_MANY", 1)
    with pytest.raises(KontorError) as many:
        change("archive", admin, directory["solar"], directory["water"])
    assert many.value.code == "too_many"


def test_a_manager_changes_members_for_own_clusters_only(directory, user_with):
    manager = Actor.of_user(user_with("cluster_manager", directory["cluster"].key))
    other = cluster("Another cluster")
    with pytest.raises(Denied):
        change("join", manager, directory["solar"], value=other.key)
    stranger = organisation("Stranger", "DE")
    membership(other, stranger)
    with pytest.raises(KontorError) as refused:
        change("join", manager, stranger, value=directory["cluster"].key)
    assert refused.value.code == "not_editable"


def test_views_need_a_name_and_have_a_limit(admin, monkeypatch):
    with pytest.raises(KontorError):
        actions.save_view(name=" ", query="", actor=admin)
    first = actions.save_view(name="A", query="q=a", actor=admin)
    again = actions.save_view(name="A", query="q=b", actor=admin)
    assert (first.pk, again.query) == (again.pk, "q=b")
    monkeypatch.setattr(actions, "MAX_VIEWS", 1)
    with pytest.raises(KontorError):
        actions.save_view(name="B", query="", actor=admin)
