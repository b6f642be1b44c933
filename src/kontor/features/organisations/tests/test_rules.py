"""For every kind of person and every state of an organisation, lists and single rows say the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from kontor.features.accounts.models import User
from kontor.features.organisations import actions
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.rules import may_edit, may_see, may_see_statement
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(user_with: Any) -> tuple[list[Any], Organisation]:
    """One organisation in every state, in a cluster, with one statement of every kind; all kinds of
    people."""
    home = cluster()
    for listing in ("listed", "members", "hidden", "withdrawn", "archived", "merged"):
        made = organisation(listing, listing=listing if listing in {"members", "hidden"} else "listed")
        membership(home, made)
        for visibility in ("public", "members", "teaser"):
            statement(made, visibility=visibility, teaser="Somebody needs steel.")
            actions.close_statement(
                statement=statement(made, visibility=visibility, teaser="Steel."), actor=ACTOR
            )
        if listing == "withdrawn":
            actions.withdraw_consent(organisation=made, actor=ACTOR)
        elif listing == "archived":
            actions.archive_organisation(organisation=made, actor=ACTOR)
        elif listing == "merged":
            actions.merge_organisations(kept=organisation("kept"), gone=made, actor=ACTOR)
    people: list[Any] = [AnonymousUser(), user_with(), user_with("reader", "elsewhere")]
    people += [user_with("administrator"), user_with("cluster_manager", home.key)]
    for made in list(Organisation.objects.all()):
        people += [user_with(role, made.key) for role in ("owner", "editor", "reader")]
    return people, home


def test_lists_show_exactly_what_single_rows_allow(world: tuple[list[Any], Organisation]) -> None:
    people, _home = world
    for person in people:
        shown = set(Organisation.objects.visible_to(person))
        editable = set(Organisation.objects.editable_by(person))
        readable = set(Statement.objects.visible_to(person))
        is_administrator = isinstance(person, User) and person.holds("administrator")
        for made in Organisation.objects.filter(merged_into=None, archived_at=None):
            if is_administrator and made.listing == "withdrawn":
                assert made not in shown
                continue
            assert (made in shown) == may_see(person, made), (person, made)
            assert (made in editable) == may_edit(person, made), (person, made)
            for told in made.statements.all():
                assert (told in readable) == may_see_statement(person, told), (person, made, told.visibility)


def test_the_merged_and_archived_are_in_no_list(world: tuple[list[Any], Organisation]) -> None:
    people, _home = world
    for person in people:
        for rows in (Organisation.objects.visible_to(person), Organisation.objects.editable_by(person)):
            assert not {"archived", "merged"} & set(rows.values_list("name", flat=True))


def test_nobody_but_its_editors_reads_a_teaser_statement(world: tuple[list[Any], Organisation]) -> None:
    people, _home = world
    for person in people:
        for told in Statement.objects.visible_to(person).filter(visibility="teaser"):
            assert may_edit(person, told.organisation)


def test_the_log_shows_managers_their_members_and_nothing_of_others(user_with: Any, signed_in: Any) -> None:
    home, firm, other = cluster(), organisation("Nordwind"), organisation("Geheim GmbH")
    membership(home, firm)
    statement(firm, "Open text.")
    statement(other, "Secret text.", visibility="teaser", teaser="Steel.")
    answer = signed_in(user_with("cluster_manager", home.key)).get("/audit/audit.json")
    page = b"".join(answer.streaming_content).decode()
    assert "Open text." in page
    assert "Secret text." not in page
    assert "Geheim" not in page


def test_teasers_are_anonymous_and_of_findable_organisations_only(
    world: tuple[list[Any], Organisation],
) -> None:
    from django.utils import timezone

    found = Statement.objects.anonymous(timezone.localdate())
    assert {told.organisation.name for told in found} == {"listed", "members", "kept"}


def test_the_log_shows_a_manager_nothing_of_a_member_that_withdrew(user_with: Any, signed_in: Any) -> None:
    home = cluster()
    firm, quiet = organisation("Offen GmbH", cluster=home), organisation("Geheim GmbH", cluster=home)
    statement(quiet, "Secret gearbox project")
    manager = signed_in(user_with("cluster_manager", home.key))
    assert "Secret gearbox project" in manager.get("/audit/").content.decode()
    actions.withdraw_consent(organisation=quiet, actor=ACTOR)
    page = manager.get("/audit/").content.decode()
    assert "Secret gearbox project" not in page
    assert quiet.name not in page
    assert firm.name in page
    assert home.name in page
