from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from kontor.features.organisations import figures
from kontor.features.organisations.models import Listing, StatementKind, Visibility
from kontor.features.organisations.tests.factories import organisation, statement

pytestmark = pytest.mark.django_db


def test_an_empty_directory_has_no_figures() -> None:
    assert [figures.organisations(), figures.countries(), figures.offers(), figures.needs()] == [None] * 4


def test_only_what_is_public_counts() -> None:
    shown = organisation("Kiemstraal B.V.", "NL")
    organisation("Nordwind GmbH", "DE")
    hidden = organisation("Secret A/S", "DK", listing=Listing.MEMBERS)
    statement(shown, kind=StatementKind.OFFER, visibility=Visibility.PUBLIC)
    statement(shown, kind=StatementKind.NEED, visibility=Visibility.TEASER, teaser="A need.")
    statement(hidden, kind=StatementKind.OFFER, visibility=Visibility.PUBLIC)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    statement(shown, kind=StatementKind.OFFER, visibility=Visibility.PUBLIC, valid_until=yesterday)
    assert figures.counts() == {"organisations": 2, "countries": 2, "offer": 1}
    assert figures.needs() is None


def test_two_queries_at_any_size_and_none_for_the_next_visitor(django_assert_num_queries: Any) -> None:
    organisation()
    with django_assert_num_queries(2):
        figures.counts()
    with django_assert_num_queries(0):
        figures.counts()
