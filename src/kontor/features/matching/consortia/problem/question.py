"""The engine's problem. Its texts are keys, so that whoever reads the answer reads it in the own language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kontor.engine.consortia.model import (
    AnyRule,
    Attribute,
    Candidate,
    Competence,
    Condition,
    Members,
    Problem,
    Tie,
    Weights,
)
from kontor.features.matching.consortia.problem.facts import Ground
from kontor.features.matching.consortia.problem.pool import Member, Pool
from kontor.programmes.constraints import constraints

#: A minimal team: no gain of one more member outweighs what it costs, but for closing a gap. Points as in
#: docs/engines/consortia.md.
WEIGHTS = Weights(partners=40.0)
RESEARCH = "wanted-research"


def question_of(
    ground: Ground,
    pool: Pool,
    *,
    fixed: Sequence[str] = (),
    excluded: Sequence[str] = (),
    lead: str = "",
    research: bool = False,
    weights: Weights = WEIGHTS,
) -> Problem:
    """Every candidate of the pool under the rules of the instrument. `research`: a research partner must be
    in the team. InvalidInput where the pool is empty.
    """
    partners = [each.partner for each in pool.members.values() if each.partner is not None]
    rules: list[AnyRule] = []
    marks: dict[str, tuple[str, ...]] = {}
    if ground.programme is not None and ground.instrument is not None:
        compiled = constraints(ground.programme, ground.instrument, partners)
        rules = [replace(rule, text="") for rule in compiled.rules]
        marks = compiled.marks
    if research:
        who = (Condition(Attribute.KIND, ("research",)),)
        rules.append(Members(id=RESEARCH, text="", who=who, least=1))
    return Problem(
        candidates=tuple(_candidate(each, marks.get(each.key, ())) for each in pool.members.values()),
        competences=tuple(
            Competence(each.key, required=each.required, level=each.level) for each in ground.competences
        ),
        rules=tuple(rules),
        ties=tuple(Tie(one, other, cooperated=True) for one, other in pool.ties),
        fixed=tuple(key for key in fixed if key in pool.members),
        excluded=tuple(key for key in excluded if key in pool.members),
        lead=lead if lead in pool.members else "",
        weights=weights,
    )


def _candidate(member: Member, tags: tuple[str, ...]) -> Candidate:
    organisation = member.organisation
    return Candidate(
        key=member.key,
        country=organisation.country,
        region="" if member.anonymous else organisation.nuts3,
        kind=organisation.kind,
        size=organisation.size,
        competences=dict(member.levels),
        affinity=member.affinity,
        capacity=member.capacity,
        tags=tags,
    )
