"""The competence matrix and the pipeline of target products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import (
    CompetenceLevel,
    MemberCompetence,
    ProductStage,
    ProductStep,
    Programme,
)


@dataclass(frozen=True)
class TableLine:
    """One line read; `number` counts from 1 and the header is line 1. `revision` None: the cell was empty."""

    number: int
    organisation: str
    competence: str
    level: int
    evidence: str
    revision: int | None


class Refused(Exception):  # reads as a sentence: raise Refused
    """Nothing was written; `faults` are pairs of line number and what is wrong with it."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} lines refused")
        self.faults = faults


@transaction.atomic
def state_competence(
    *,
    programme: Programme,
    organisation: Organisation,
    competence: str,
    level: int,
    evidence: str = "",
    revision: int | None,
    actor: Actor,
) -> MemberCompetence:
    """Say how well a member masters a competence of the programme, from 0 to 3.

    `revision` is the one the writer saw, None where the cell was empty. Conflict when it changed in between;
    KontorError for a competence that no product needs, or a level that there is not.
    """
    _known_competence(programme, competence)
    if level not in CompetenceLevel.values:
        raise KontorError(
            _("{level} is no level.").format(level=level),
            code="level-invalid",
            path="level",
            remedy=_("Give 0, 1, 2 or 3."),
        )
    Programme.objects.select_for_update().get(pk=programme.pk)
    cells = MemberCompetence.objects.filter(programme=programme, organisation=organisation)
    cell = cells.filter(competence=competence).first()
    if (cell.revision if cell else None) != revision:
        raise Conflict(
            _("Somebody changed this cell while you were writing: it is now {level}.").format(
                level=cell.level if cell else 0
            ),
            code="competence-changed",
            path="level",
            remedy=_("Look at the new value and save again."),
        )
    before = {"level": cell.level, "evidence": cell.evidence} if cell else {}
    if cell is None:
        cell = MemberCompetence(
            programme=programme, organisation=organisation, competence=competence, revision=0
        )
    cell.level, cell.evidence = level, evidence.strip()
    cell.revision += 1
    cell.changed_by = actor.label[:200]
    cell.save()
    changes = changed_fields(before, {"level": level, "evidence": cell.evidence})
    record(
        actor=actor,
        verb="state-competence",
        subject=organisation,
        changes={"programme": [None, programme.key], "competence": [None, competence], **changes},
    )
    return cell


@transaction.atomic
def state_competences(*, programme: Programme, lines: Sequence[TableLine], actor: Actor) -> int:
    """Take over a table of statements and say how many cells changed. Refused, and nothing is written, where
    a line is about no organisation or competence, or its cell changed since the table was made.
    """
    members = Organisation.objects.in_bulk({line.organisation for line in lines}, field_name="key")
    cells = {
        (row.organisation_id, row.competence): row
        for row in programme.member_competences.filter(organisation__in=list(members.values()))
    }
    faults: list[tuple[int, str]] = []
    changed = 0
    for line in lines:
        member = members.get(line.organisation)
        cell = cells.get((member.pk, line.competence)) if member else None
        if cell and (cell.level, cell.evidence) == (line.level, line.evidence):
            continue
        try:
            if member is None:
                raise _unknown_member(line.organisation)
            state_competence(
                programme=programme,
                organisation=member,
                competence=line.competence,
                level=line.level,
                evidence=line.evidence,
                revision=line.revision,
                actor=actor,
            )
            changed += 1
        except KontorError as error:
            faults.append((line.number, str(error)))
    if faults:
        raise Refused(faults)
    return changed


def _unknown_member(key: str) -> KontorError:
    return KontorError(
        _("There is no organisation with the key “{key}”.").format(key=key),
        code="organisation-unknown",
        path="organisation",
        remedy=_("Copy the key from an exported table."),
        status=404,
    )


@transaction.atomic
def move_product(
    *, programme: Programme, product: str, stage: str, note: str = "", actor: Actor
) -> ProductStep:
    """Note that a target product has reached a stage. KontorError where there is no such product or stage."""
    known = {one.key for one in definition_of(programme).products}
    if product not in known:
        raise KontorError(
            _("The programme has no target product “{key}”.").format(key=product),
            code="product-unknown",
            path="product",
            remedy=_("Choose one from the programme's list."),
            status=404,
        )
    if stage not in ProductStage.values:
        raise KontorError(
            _("“{stage}” is no stage of a product.").format(stage=stage),
            code="stage-invalid",
            path="stage",
            remedy=_("Give idea, prototype, tested or marketed."),
        )
    latest = ProductStep.objects.filter(programme=programme, product=product).first()
    before = latest.stage if latest else ProductStage.IDEA
    step = ProductStep.objects.create(
        programme=programme, product=product, stage=stage, note=note.strip()[:500], by=actor.label[:200]
    )
    changes = {"product": [None, product], "stage": [str(before), str(stage)]}
    record(actor=actor, verb="move-product", subject=programme, changes=changes, reason=note.strip())
    return step


def _known_competence(programme: Programme, competence: str) -> None:
    needed = {one.key for product in definition_of(programme).products for one in product.competences}
    if competence not in needed:
        raise KontorError(
            _("No target product of the programme needs “{key}”.").format(key=competence),
            code="competence-unknown",
            path="competence",
            remedy=_("Choose a competence from the matrix."),
            status=404,
        )


def definition_of(programme: Programme) -> programmes.Programme:
    """What the published version says. KontorError while there is only a draft."""
    version = programme.current
    if version is None:
        raise KontorError(
            _("The programme is not published yet."),
            code="not-published",
            remedy=_("Publish its draft first."),
            status=409,
        )
    return version.definition
