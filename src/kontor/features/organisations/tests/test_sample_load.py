"""The sample in the database: complete, not twice, and gone in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from kontor.base import audit
from kontor.base.models import AuditEvent, Text
from kontor.features.accounts.actions import grant_role
from kontor.features.accounts.models import RoleAssignment, User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.organisations import actions
from kontor.features.organisations.models import (
    ContactPerson,
    Listing,
    Membership,
    Organisation,
    Statement,
    StatementCode,
    YearFigures,
)
from kontor.features.organisations.sample.load import SampleCounts, load_sample, remove_sample
from kontor.features.organisations.sample.read import read_sample
from kontor.features.organisations.tests.factories import ACTOR, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SampleCounts]:
    """Loaded once for all tests here, in a transaction that is taken back at the end."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        yield load_sample(actor=ACTOR)
        transaction.set_rollback(True)


def _rows_left() -> dict[str, int]:
    """Rows per model that the sample could leave behind. What the features above keep of it is their own
    tests' business: they hear OrganisationGone.
    """
    own = ("kontor.features.organisations.", "kontor.features.accounts.")
    models = [model for model in apps.get_models() if model.__module__.startswith(own)] + [Text]
    counts = {model.__name__: model._default_manager.count() for model in models}
    return {name: count for name, count in counts.items() if count}


def test_loads_every_record_with_its_surroundings(loaded: SampleCounts) -> None:
    sample = read_sample()
    counts = loaded
    told = sample.organisations
    said = [statement for each in told for statement in each.statements]
    assert counts == SampleCounts(len(told), len(said), len(sample.users))
    assert Organisation.objects.filter(is_sample=True).count() == len(told)
    assert Statement.objects.count() == len(said)
    assert StatementCode.objects.count() == sum(len(statement.codes) for statement in said)
    assert YearFigures.objects.count() == sum(len(each.figures) for each in told)
    assert ContactPerson.objects.count() == sum(len(each.contacts) for each in told)
    assert Membership.objects.count() == sum(len(each.memberships) for each in told)
    assert Text.objects.count() == sum(len(each.names) for each in told) + sum(
        len(statement.translations) for statement in said
    )
    assert audit.verify().ok


def test_stores_what_the_file_says(loaded: SampleCounts) -> None:
    told = next(each for each in read_sample().organisations if each.name == "Zoutmaat Warmteopslag")
    row = Organisation.objects.get(key=told.key)
    assert (row.country, row.nuts3, row.nuts_version) == ("NL", told.nuts3, "2024")
    assert row.domain == "zoutmaat-warmteopslag.example"
    assert row.name_key
    assert row.search_text
    need = row.statements.get(kind="need")
    age = timezone.now() - need.confirmed_at
    stated = next(statement for statement in told.statements if statement.kind == "need")
    assert age.days == stated.confirmed_days_ago
    translated = Text.objects.filter(subject_kind="statement", subject_id=need.pk)
    assert {(text.language, text.origin) for text in translated} == {("de", "human"), ("en", "machine")}


def test_years_and_expiry_count_from_the_day_of_loading(loaded: SampleCounts) -> None:
    assert YearFigures.objects.order_by("-year").first().year == timezone.now().year - 1  # type: ignore[union-attr]
    soonest = Statement.objects.exclude(valid_until=None).order_by("valid_until").first()
    assert soonest is not None
    assert soonest.valid_until is not None
    assert soonest.valid_until > timezone.now().date() + dt.timedelta(days=30)


def test_withdrawn_consent_stays_withdrawn(loaded: SampleCounts) -> None:
    withdrawn = Organisation.objects.get(listing=Listing.WITHDRAWN)
    assert withdrawn.consent_withdrawn_at is not None
    assert withdrawn not in Organisation.objects.public()


def test_loading_twice_changes_nothing(loaded: SampleCounts) -> None:
    before, events = _rows_left(), AuditEvent.objects.count()
    assert load_sample(actor=ACTOR) == SampleCounts(0, 0, 0)
    assert _rows_left() == before
    assert AuditEvent.objects.count() == events


def test_loading_again_keeps_what_people_changed(loaded: SampleCounts) -> None:
    row = Organisation.objects.filter(kind="firm").first()
    assert row is not None
    actions.change_organisation(organisation=row, values={"summary": "Changed by hand."}, actor=ACTOR)
    load_sample(actor=ACTOR)
    row.refresh_from_db()
    assert row.summary == "Changed by hand."


def test_removal_leaves_audit_rows_only(loaded: SampleCounts) -> None:
    # other features add people of their own to the sample
    counts = replace(loaded, users=User.objects.filter(is_sample=True).count())
    assert remove_sample(actor=ACTOR) == counts
    assert _rows_left() == {}
    assert audit.verify().ok
    gone = AuditEvent.objects.filter(verb="sample.removed", subject_kind__in=["organisation", "user"])
    assert gone.count() == counts.organisations + counts.users


def test_removal_leaves_other_organisations_and_their_people_alone(loaded: SampleCounts) -> None:
    own = organisation()
    person = User.objects.create_user("own@kontor.example", "Own")
    sample = Organisation.objects.filter(is_sample=True).first()
    assert sample is not None
    for key in (own.key, sample.key):
        scope = Scope(ScopeKind.ORGANISATION, key)
        grant_role(user=person, role=Role.OWNER, scope=scope, actor=ACTOR)
    remove_sample(actor=ACTOR)
    assert list(Organisation.objects.all()) == [own]
    assert list(User.objects.all()) == [person]
    assert [role.scope_key for role in RoleAssignment.objects.all()] == [own.key]


def test_an_own_organisation_merged_into_a_sample_one_comes_back_whole(loaded: SampleCounts) -> None:
    own = organisation(name="Zoutmaat Holding", country="NL")
    kept = Organisation.objects.get(name="Zoutmaat Warmteopslag")
    actions.merge_organisations(kept=kept, gone=own, actor=ACTOR)
    remove_sample(actor=ACTOR)
    own.refresh_from_db()
    assert own.merged_into is None
    assert list(Organisation.objects.alive()) == [own]


def test_sample_organisations_merged_with_each_other_go_too(loaded: SampleCounts) -> None:
    kept = Organisation.objects.get(name="Zoutmaat Warmteopslag")
    gone = Organisation.objects.get(name="Zoutmaat Warmte Opslag B.V.")
    actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)
    remove_sample(actor=ACTOR)
    assert _rows_left() == {}
