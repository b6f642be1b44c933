"""Each filter finds its part, values of one widen, filters narrow, and the address says all of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.http import QueryDict
from django.utils import timezone

from kontor.features.organisations.directory.filters import FIELDS, Filters
from kontor.features.organisations.directory.lookups import after
from kontor.features.organisations.models import Statement
from kontor.features.organisations.tests.factories import membership

pytestmark = pytest.mark.django_db
CLUSTER, SOLAR, WATER = "Cluster Energie Nord e.V.", "Sølar Müller GmbH", "Čista voda d.o.o."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [WATER, CLUSTER, SOLAR]),
        ("sort=-name", [SOLAR, CLUSTER, WATER]),
        ("sort=country", [CLUSTER, SOLAR, WATER]),
        ("sort=-changed", [WATER, SOLAR, CLUSTER]),
        ("country=SI", [WATER]),
        ("country=SI&country=DE", [WATER, CLUSTER, SOLAR]),
        ("country=si, at", [WATER]),
        ("region=DEF", [SOLAR]),
        ("region=SI041", [WATER]),
        ("region=SI042", []),
        ("kind=cluster", [CLUSTER]),
        ("size=micro&size=small", [WATER, SOLAR]),
        ("nace=27", [SOLAR]),
        ("nace=C", [SOLAR]),
        ("nace=E", [WATER]),
        ("nace=27.12, 36", [WATER, SOLAR]),
        ("nace=28", []),
        ("cpv=45000000", [WATER]),
        ("cpv=45232430-1", [WATER]),
        ("cpv=45300000", []),
        ("ket=photonics", [SOLAR]),
        ("theme=solar-energy", [SOLAR]),
        ("language=da", [SOLAR]),
        ("language=da,sl", [WATER, SOLAR]),
        ("tag=water", [WATER]),
        ("tag=wat", []),
        ("tag=pilot", []),
        ("tag=%C5%81%C3%B3d%C5%BA+pilot", [WATER]),
        ("offers=yes", [SOLAR]),
        ("offers=no", [WATER, CLUSTER]),
        ("needs=yes", []),
        ("fresh=30", [SOLAR]),
        ("fresh=older", []),
        ("sample=yes", [WATER]),
        ("sample=no", [CLUSTER, SOLAR]),
        ("q=solar&country=DE&nace=C&offers=yes&kind=firm", [SOLAR]),
        ("q=solar&country=SI", []),
    ],
)
def test_filters(find, directory, query, expected):
    assert find(query) == expected


def test_a_cluster_has_its_current_members(find, directory):
    key = directory["cluster"].key
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    membership(directory["cluster"], directory["water"], since=yesterday, until=yesterday)
    assert find(f"cluster={key}") == [SOLAR]


def test_members_find_by_what_is_for_members(find, directory, user_with):
    member = user_with("reader", directory["solar"].key)
    assert find("needs=yes", member) == [WATER]
    assert find("cpv=42000000", member) == [WATER]
    assert find("cpv=42000000") == []


def test_older_statements_and_expired_ones(find, directory):
    now = timezone.now()
    Statement.objects.filter(organisation=directory["solar"]).update(
        confirmed_at=now - dt.timedelta(days=200)
    )
    assert find("fresh=180") == []
    assert find("fresh=older") == [SOLAR]
    Statement.objects.update(valid_until=timezone.localdate() - dt.timedelta(days=1))
    assert find("fresh=older") == []
    assert find("offers=yes") == []


def test_dense_and_sparse_conditions_agree(directory):
    from django.contrib.auth.models import AnonymousUser

    from kontor.features.organisations.directory.fields import Scope
    from kontor.features.organisations.models import Organisation

    scope = Scope(AnonymousUser(), timezone.localdate())
    visible = Organisation.objects.visible_to(scope.user)
    for query in (
        "nace=C",
        "ket=photonics",
        "offers=yes",
        "offers=no",
        "fresh=30",
        "fresh=older",
        "cpv=45000000",
    ):
        filters = Filters.read(QueryDict(query))
        dense = set(filters.apply(visible, scope, dense=True).values_list("pk", flat=True))
        assert dense == set(filters.apply(visible, scope).values_list("pk", flat=True)), query


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("country=XX", "country"),
        ("region=not-a-code", "region"),
        ("kind=pirate", "kind"),
        ("nace=99.99", "nace"),
        ("offers=maybe", "offers"),
        ("fresh=7", "fresh"),
        ("q=%21%21", "q"),
        ("cluster=UPPER%00", "cluster"),
    ],
)
def test_what_means_nothing_is_named_with_a_remedy(query, field):
    filters = Filters.read(QueryDict(query))
    assert [(problem.field.name, bool(problem.remedy)) for problem in filters.problems] == [(field, True)]
    assert not filters


def test_the_address_comes_back_from_the_filters():
    query = "q=solar&country=SI&country=DE&kind=firm&nace=C&offers=yes"
    filters = Filters.read(QueryDict(query))
    assert filters.query() == query
    assert filters.without("country", "SI").query() == "q=solar&country=DE&kind=firm&nace=C&offers=yes"
    assert filters.having("offers", "no").values["offers"] == ("no",)
    assert filters.having("country", "AT").values["country"] == ("SI", "DE", "AT")


def test_every_filter_is_described_to_users():
    page = (Path(__file__).parents[6] / "docs" / "users" / "directory.md").read_text()
    assert [field.name for field in FIELDS if f"`{field.name}`" not in page] == []


def test_the_text_behind_all_that_begin_alike():
    assert after("20.1") == "20.2"
    assert after("C") == "D"
