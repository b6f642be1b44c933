"""The invented life of a programme: right about competences, complete over the border, exact in money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kontor import programmes as files
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sample.read import read_sample
from kontor.features.programmes.models import Envelope, MemberCompetence, ProductStep, Programme
from kontor.features.programmes.sample import load_programmes, remove_programmes
from kontor.features.programmes.sample.load import read_competences

KEY = "cleantech-energy-crossing"
FIRMS = {"micro", "small", "medium"}


@pytest.fixture(scope="module")
def members() -> dict[str, dict[str, int]]:
    """Levels by member and competence."""
    told = read_competences()["member"]
    return {one["key"]: {cell["competence"]: cell["level"] for cell in one["cells"]} for one in told}


def test_every_member_is_one_of_the_sample_directory_by_key_and_name() -> None:
    names = {each.key: each.name for each in read_sample().organisations}
    told = read_competences()["member"]
    assert [(one["key"], one["name"]) for one in told] == [(one["key"], names[one["key"]]) for one in told]
    assert len({one["key"] for one in told}) == len(told) == 44


def test_each_level_rests_on_something() -> None:
    cells = [cell for one in read_competences()["member"] for cell in one["cells"]]
    assert [cell for cell in cells if not cell["evidence"].strip() or cell["level"] not in (1, 2, 3)] == []


def test_every_product_can_be_made_by_members_of_the_area_with_an_sme_on_each_side(
    members: dict[str, dict[str, int]],
) -> None:
    programme = files.shipped()[KEY]
    inside = {
        each.key: each
        for each in read_sample().organisations
        if each.key in members and programme.contains(each.nuts3 or "", each.nuts_version)
    }
    for product in programme.products:
        smes = set()
        for one in product.competences:
            able = [key for key in inside if members[key].get(one.key, 0) >= one.level]
            assert able or not one.required, (product.key, one.key)
            smes |= {
                inside[key].country for key in able
                if inside[key].kind == "firm" and inside[key].size in FIRMS
            }  # fmt: skip
        assert smes == {"DE", "NL"}, product.key


@pytest.fixture
def loaded(db: None) -> Programme:
    Organisation.objects.create(
        key="smpjy4hzfarp", name="Turbonest Microturbines", country="NL", is_sample=True
    )
    load_programmes(SampleLoaded())
    return Programme.objects.get(key=KEY)


def test_money_adds_up_to_the_cent(loaded: Programme) -> None:
    held = {
        row.key: (row.planned, row.amount, row.committed) for row in Envelope.objects.filter(programme=loaded)
    }
    assert held == {
        "budget": (Decimal("4855807.30"), Decimal("4855807.30"), Decimal("2164046.50")),
        "theme:heating-cooling": (Decimal("1500000.00"), Decimal("1650000.00"), Decimal("1078396.00")),
        "theme:smart-at-home": (Decimal("1500000.00"), Decimal("1350000.00"), Decimal("630650.50")),
        "theme:micro-grid-storage": (Decimal("1500000.00"), Decimal("1500000.00"), Decimal("455000.00")),
    }
    assert loaded.commitments.count() == 7
    assert loaded.commitments.live().count() == 6


def test_loaded_twice_nothing_changes_and_what_people_changed_stays(loaded: Programme) -> None:
    cell = MemberCompetence.objects.get(competence="micro-turbine")
    cell.level = 1
    cell.save()
    counts = (MemberCompetence.objects.count(), ProductStep.objects.count(), loaded.commitments.count())
    load_programmes(SampleLoaded())
    assert counts == (
        MemberCompetence.objects.count(), ProductStep.objects.count(), loaded.commitments.count()
    ) == (2, 11, 7)  # fmt: skip
    assert MemberCompetence.objects.get(competence="micro-turbine").level == 1


def test_it_goes_with_the_sample(loaded: Programme) -> None:
    remove_programmes(SampleRemoved())
    assert Programme.objects.count() == MemberCompetence.objects.count() == ProductStep.objects.count() == 0
