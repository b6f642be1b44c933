"""Each rule twice: kept, with what is there, and broken, with what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kontor.engine.consortia.model import (
    AnyRule,
    Candidate,
    Competence,
    Condition,
    Distinct,
    EachMember,
    EachSide,
    LargestShare,
    LeadIs,
    Members,
    Problem,
    Share,
    Side,
    TeamSize,
    Total,
)
from kontor.engine.consortia.rules import judge

SME = (Condition("kind", ("firm",)), Condition("size", ("micro", "small", "medium")))
SIDES = (Side("NL", ("NL",)), Side("DE", ("DEA", "DE94")))
ANNA = Candidate(
    "anna", "Anna", "NL", "NL221", "firm", "small", {"heat": 3}, {"cost": Decimal("100.00")}, tags=("new",)
)
BERT = Candidate("bert", "Bert", "DE", "DEA1B", "firm", "medium", {"heat": 1}, {"cost": Decimal("50.00")})
CARL = Candidate(
    "carl", "Carl", "DE", "DE111", "firm", "large", {}, {"cost": Decimal("150.01")}, tags=("was-lead",)
)
TNO = Candidate("tno", "TNO", "NL", "NL333", "research")
ALL = (ANNA, BERT, CARL, TNO)

CASES: list[tuple[AnyRule, str, str, str, str]] = [
    (TeamSize(id="r", least=2, most=3), "anna bert", "Members: 2; asked for: 2 – 3.",
     "anna", "Members: 1; asked for: 2 – 3."),
    (Members(id="r", who=SME, least=2), "anna bert carl", "Members that meet this: 2; asked for: ≥ 2.",
     "anna carl tno", "Members that meet this: 1; asked for: ≥ 2."),
    (Members(id="r", who=SME, most=1), "anna carl", "Members that meet this: 1; asked for: ≤ 1.",
     "anna bert", "Members that meet this: 2; asked for: ≤ 1."),
    (EachSide(id="r", sides=SIDES, who=SME), "anna bert",
     "Members on each side: NL 1, DE 1; asked for: ≥ 1.",
     "anna carl", "Members on each side: NL 1, DE 0; asked for: ≥ 1."),
    (Distinct(id="r", least=2), "anna bert tno",
     "Different ones: 2 (DE, NL); asked for: ≥ 2.",
     "anna tno", "Different ones: 1 (NL); asked for: ≥ 2."),
    (Distinct(id="r", attribute="region", digits=3, most=2), "bert carl",
     "Different ones: 2 (DE1, DEA); asked for: ≤ 2.",
     "bert carl tno", "Different ones: 3 (DE1, DEA, NL3); asked for: ≤ 2."),
    (EachMember(id="r", who=(Condition("tag", ("was-lead",), none=True),)), "anna bert",
     "Every member meets this.", "anna carl", "Not met by Carl."),
    (LeadIs(id="r", who=SME), "anna carl", "Anna can lead.", "carl tno", "No member can lead."),
    (Total(id="r", most=Decimal("250.00")), "bert carl", "In total: 200.01; asked for: ≤ 250.00.",
     "anna carl", "In total: 250.01; asked for: ≤ 250.00."),
    (Total(id="r", least=Decimal("150")), "anna bert", "In total: 150.00; asked for: ≥ 150.00.",
     "anna tno", "In total: 100.00; asked for: ≥ 150.00."),
    (Share(id="r", who=(Condition("tag", ("new",)),), least=Decimal("0.4")), "anna bert",
     "Share: 50 %; asked for: ≥ 40 %.", "anna bert carl",
     "Share: 33.33 %; asked for: ≥ 40 %."),
    (Share(id="r", who=SME, of="cost", most=Decimal("0.5")), "anna carl",
     "Share: 40 %; asked for: ≤ 50 %.", "anna bert", "Share: 100 %; asked for: ≤ 50 %."),
    (LargestShare(id="r", most=Decimal("0.7")), "anna bert",
     "Largest share: 66.67 %, Anna; asked for: ≤ 70 %.", "bert carl",
     "Largest share: 75 %, Carl; asked for: ≤ 70 %."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "good", "why", "bad", "why_not"), CASES, ids=lambda v: getattr(v, "type", "")
)
def test_kept_and_broken(rule: AnyRule, good: str, why: str, bad: str, why_not: str) -> None:
    problem = Problem(candidates=ALL, rules=(rule,))
    (kept,) = judge(problem, good.split())
    (broken,) = judge(problem, bad.split())
    assert (kept.kept, kept.reason.text()) == (True, why)
    assert (broken.kept, broken.reason.text()) == (False, why_not)


def test_a_named_lead_is_asked_itself() -> None:
    problem = Problem(candidates=ALL, rules=(LeadIs(id="sme-leads", who=SME),), lead="carl")
    verdicts = {each.rule: each for each in judge(problem, ["anna", "carl"])}
    assert verdicts["sme-leads"].reason.text() == "Carl leads and does not meet this."
    assert [each.rule for each in verdicts.values() if not each.kept] == ["sme-leads"]


def test_one_member_must_meet_every_condition_on_the_lead() -> None:
    rules = (LeadIs(id="sme", who=SME), LeadIs(id="dutch-research", who=(Condition("kind", ("research",)),)))
    problem = Problem(candidates=ALL, rules=rules)
    assert [(each.rule, each.kept) for each in judge(problem, ["anna", "tno"])] == [
        ("sme", True),
        ("dutch-research", True),
        ("dutch-research", False),
    ]


def test_needs_and_named_members_are_rules_too() -> None:
    problem = Problem(
        candidates=ALL,
        competences=(Competence("heat", "Heat", level=2), Competence("sound", required=False)),
        fixed=("bert",),
        excluded=("carl",),
    )
    verdicts = judge(problem, ["bert", "carl"])
    assert [(each.rule, each.kept, each.reason.text()) for each in verdicts] == [
        ("competence:heat", False, "Nobody has it at level 2; the best level is 1."),
        ("fixed:bert", True, "Bert is in the team."),
        ("excluded:carl", False, "Carl is in the team."),
    ]


def test_shares_are_compared_exactly() -> None:
    """A third of 300.00 is 100.00, though 0.333… is no third: the limit is compared without division."""
    three = tuple(Candidate(str(n), amounts={"cost": Decimal("100.00")}) for n in range(3))
    kept = Problem(candidates=three, rules=(LargestShare(id="r", most=Decimal("0.3333")),))
    assert [each.kept for each in judge(kept, ["0", "1", "2"])] == [False]
    half = Problem(candidates=three, rules=(LargestShare(id="r", most=Decimal("0.5")),))
    assert [each.kept for each in judge(half, ["0", "1"])] == [True]
