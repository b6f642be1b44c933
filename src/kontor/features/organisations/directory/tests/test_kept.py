"""Long counts are kept, and never shown to anybody after a change or to anybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.features.organisations.directory import facets, kept
from kontor.features.organisations.directory.fields import Scope
from kontor.features.organisations.directory.filters import Filters
from kontor.features.organisations.models import Listing, Organisation
from kontor.features.organisations.tests.factories import organisation, statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everything_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SLOW", 0.0)


def logged() -> None:
    """A row of the log, as every change writes one."""
    with transaction.atomic():
        audit.record(actor=Actor.system("test"), verb="made", subject=SubjectRef("thing", "1"), changes={})


def total(user: Any = None, filters: Filters | None = None) -> int:
    scope = Scope(user or AnonymousUser(), timezone.localdate())
    visible = Organisation.objects.visible_to(scope.user)
    return facets.count(visible, filters or Filters(), scope).total


def test_a_count_is_kept_until_the_log_grows(django_assert_num_queries: Any) -> None:
    organisation("Kiemstraal B.V.", "NL")
    logged()
    with django_assert_num_queries(2):
        assert total() == 1
    with django_assert_num_queries(1):
        assert total() == 1
    organisation("Nordwind GmbH", "DE")
    logged()
    with django_assert_num_queries(2):
        assert total() == 2


def test_what_is_rolled_back_is_not_kept() -> None:
    organisation("Kiemstraal B.V.", "NL")
    logged()
    with transaction.atomic():
        organisation("Nordwind GmbH", "DE")
        logged()
        assert total() == 2
        transaction.set_rollback(True)
    logged()
    assert total() == 1


def test_a_kept_count_of_a_member_tells_a_stranger_nothing(user_with: Any) -> None:
    organisation("Kiemstraal B.V.", "NL")
    organisation("Secret A/S", "DK", listing=Listing.MEMBERS)
    logged()
    member = user_with("administrator")
    assert [total(member), total(), total(member), total()] == [2, 1, 2, 1]


def test_filters_and_days_have_counts_of_their_own(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    shown = organisation("Kiemstraal B.V.", "NL")
    statement(shown, kind="offer", valid_until=dt.date(2026, 3, 1))
    organisation("Nordwind GmbH", "DE")
    logged()
    offers = Filters({"offers": ("yes",)})
    assert [total(), total(filters=offers)] == [2, 1]
    time_machine.move_to(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    assert [total(), total(filters=offers)] == [2, 0]


def unlogged(key: str) -> None:
    """A row that somebody put there behind the software's back."""
    Organisation.objects.create(key=key, name=key, name_key=key, country="DE")


def test_nothing_is_kept_where_nothing_was_ever_logged() -> None:
    unlogged("a")
    assert total() == 1
    unlogged("b")
    assert total() == 2


def test_nothing_is_kept_of_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SLOW", 3600.0)
    logged()
    unlogged("a")
    assert total() == 1
    unlogged("b")
    assert total() == 2


def test_a_condition_that_nothing_meets_counts_nothing() -> None:
    organisation("Kiemstraal B.V.", "NL")
    logged()
    assert kept.counted(Organisation.objects.filter(pk__in=[]).values_list("country")) == []
