"""The competence matrix and the pipeline of products."""

from __future__ import annotations

import pytest

from kontor import programmes as files
from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.actions import (
    add_programme,
    move_product,
    publish_draft,
    state_competence,
)
from kontor.features.programmes.models import MemberCompetence, ProductStep, Programme
from kontor.features.programmes.tests.conftest import ACTOR, COMPETENCE, file_of


@pytest.fixture
def lamps(db: None) -> Programme:
    made = add_programme(text=file_of() + COMPETENCE, actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def firm(db: None) -> Organisation:
    return Organisation.objects.create(key="firm", name="Lichtwerk", country="DE")


def test_a_level_with_its_evidence(lamps: Programme, firm: Organisation) -> None:
    cell = state_competence(
        programme=lamps, organisation=firm, competence="optics", level=2, evidence=" Lens for a bus stop ",
        revision=None, actor=ACTOR,
    )  # fmt: skip
    assert (cell.level, cell.evidence, cell.revision) == (2, "Lens for a bus stop", 1)
    row = AuditEvent.objects.get(verb="state-competence")
    assert row.changes["level"] == [None, 2]


def test_the_second_writer_sees_the_first(lamps: Programme, firm: Organisation) -> None:
    given = {"programme": lamps, "organisation": firm, "competence": "optics", "actor": ACTOR}
    state_competence(**given, level=1, revision=None)
    with pytest.raises(Conflict, match="now 1"):
        state_competence(**given, level=3, revision=None)
    state_competence(**given, level=3, revision=1)
    assert MemberCompetence.objects.get().level == 3


@pytest.mark.parametrize(("competence", "level", "code"), [
    ("optics", 4, "level-invalid"), ("optics", -1, "level-invalid"), ("coal", 1, "competence-unknown"),
])  # fmt: skip
def test_what_there_is_not(
    lamps: Programme, firm: Organisation, competence: str, level: int, code: str
) -> None:
    with pytest.raises(KontorError) as refused:
        state_competence(
            programme=lamps, organisation=firm, competence=competence, level=level, revision=None, actor=ACTOR
        )
    assert refused.value.code == code
    assert MemberCompetence.objects.count() == 0


def test_a_product_moves_on_and_back(lamps: Programme) -> None:
    move_product(programme=lamps, product="lamp", stage="prototype", note="shown in Kleve", actor=ACTOR)
    move_product(programme=lamps, product="lamp", stage="idea", note="the lens broke", actor=ACTOR)
    assert [step.stage for step in ProductStep.objects.all()] == ["idea", "prototype"]
    moves = AuditEvent.objects.filter(verb="move-product").order_by("seq")
    assert [row.changes["stage"] for row in moves] == [["idea", "prototype"], ["prototype", "idea"]]


def test_products_and_stages_that_there_are_not(lamps: Programme) -> None:
    with pytest.raises(KontorError, match="no target product “torch”"):
        move_product(programme=lamps, product="torch", stage="idea", actor=ACTOR)
    with pytest.raises(KontorError, match="no stage"):
        move_product(programme=lamps, product="lamp", stage="sold", actor=ACTOR)


def test_ten_target_products_over_three_themes_of_the_worked_programme(db: None) -> None:
    definition = files.shipped()["cleantech-energy-crossing"]
    assert len(definition.products) == 10
    assert len({product.theme for product in definition.products}) == len(definition.themes) == 3
