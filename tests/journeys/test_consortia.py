"""From target products to proven teams on the sample, and from a refused team to green lights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.accounts.models import User
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.ask import Question, solved
from kontor.features.matching.consortia.lights import Lights
from kontor.features.matching.consortia.queries import board_of, readable
from kontor.features.matching.models import Consortium, Override, Seat
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sample.load import load_sample
from kontor.features.programmes.models import MemberCompetence, Programme

pytestmark = pytest.mark.django_db
SME = {"micro", "small", "medium"}


@pytest.fixture
def manager(db: None) -> User:
    """The sample, and the manager of the Dutch cluster, which is the lead partner."""
    load_sample(actor=Actor.system("journey"), password=None)
    return User.objects.get(email="cluster-manager-nl@sample.kontor.example")


def begin(manager: User, programme: Programme, lead: str, **values: Any) -> Consortium:
    told = {"title": "Journey", "programme": programme, "definition": programme.key, **values}
    return actions.create_consortium(
        lead=Organisation.objects.get(key=lead), values=told, actor=Actor.of_user(manager), lead_sits=False
    )


def test_each_product_of_cleantech_energy_crossing_finds_its_teams(manager: User) -> None:
    programme = Programme.objects.get(key="cleantech-energy-crossing")
    assert programme.current is not None
    definition = programme.current.definition
    assert [theme.envelope for theme in definition.themes] == [Decimal("1500000.00")] * 3
    assert len(definition.products) == 10
    assert (
        MemberCompetence.objects.filter(programme=programme).values("organisation").distinct().count() >= 30
    )
    consortium = begin(manager, programme, "smpxpq6ahw5v", instrument="sub-project")
    stated = {
        (row.organisation.key, row.competence): row.level
        for row in MemberCompetence.objects.filter(programme=programme).select_related("organisation")
    }
    organisations = Organisation.objects.in_bulk(field_name="key")
    for product in definition.products:
        consortium.product, consortium.title = product.key, product.name.best("en")
        result = solved(consortium, Question(teams=3), manager).result
        assert result["status"] == "optimal", product.key
        sizes = [len(team["members"]) for team in result["teams"]]
        assert sizes == sorted(sizes), "the smallest first"
        for team in result["teams"]:
            keys = [member["key"] for member in team["members"]]
            rows = [organisations[key] for key in keys]
            assert {row.country for row in rows if row.kind == "firm" and row.size in SME} >= {"DE", "NL"}
            for each in product.competences:
                best = max(stated.get((key, each.key), 0) for key in keys)
                assert best >= each.level or not each.required, (product.key, each.key)
    with_research = solved(consortium, Question(research=True, teams=1), manager).result
    keys = [member["key"] for member in with_research["teams"][0]["members"]]
    assert any(organisations[key].kind == "research" for key in keys)


def test_the_lead_partner_leaves_a_proposal_with_a_reason(manager: User) -> None:
    programme = Programme.objects.get(key="cleantech-energy-crossing")
    consortium = begin(
        manager, programme, "smpxpq6ahw5v", instrument="sub-project", product="quiet-heat-pump"
    )
    by = Actor.of_user(manager)
    found = solved(consortium, Question(teams=1), manager)
    noted = actions.note_composition(consortium=consortium, asked={}, result=found.result, actor=by)
    variant = actions.adopt_team(composition=noted, number=0, actor=by, user=manager)
    first = variant.seats.select_related("organisation").first()
    assert first is not None
    with pytest.raises(KontorError, match="departs from what the composer proposed"):
        actions.empty_seat(seat=first, actor=by)
    actions.empty_seat(seat=first, actor=by, reason="Full until spring")
    assert Override.objects.get(consortium=consortium).reason == "Full until spring"


def test_rocket_refuses_one_country_and_a_large_lead_and_one_german_firm_helps(manager: User) -> None:
    programme = Programme.objects.get(key="rocket")
    chip, packer = "smpdre70f659", "smpg1x6x0frp"
    consortium = begin(
        manager, programme, "smpxpq6ahw5v",
        instrument="feasibility-study", themes=["production"], kets=["photonics"], months=9,
    )  # fmt: skip
    by = Actor.of_user(manager)
    variant = consortium.variants.get()
    money = {"cost": Decimal("16000.00"), "grant": Decimal("8000.00")}

    def sit(key: str, **values: Any) -> Seat:
        organisation = Organisation.objects.get(key=key)
        told = {**money, **values}
        return actions.add_seat(variant=variant, organisation=organisation, values=told, actor=by)

    def lights() -> Lights:
        view = board_of(readable(manager).get(pk=consortium.pk), manager).view()
        assert view is not None
        assert view.lights is not None
        return view.lights

    sit(chip, role="lead")
    second = sit(packer)
    assert [light.key for light in lights().broken] == ["minimum-countries", "smes-per-side"]
    german = sit("smpqt7tkzht2")
    assert lights().state == "yes"
    Organisation.objects.filter(key=packer).update(size="large")
    actions.change_seat(seat=second, values={"role": "lead"}, revision=None, actor=by)
    assert "lead-type" in [light.key for light in lights().broken]
    actions.change_seat(seat=german, values={"role": "lead"}, revision=None, actor=by)
    assert lights().state == "yes"
