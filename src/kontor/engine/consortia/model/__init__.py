"""What the composer is asked and what it answers: frozen dataclasses, validated at construction.

Bad input raises `kontor.engine.core.errors.InvalidInput(path, message, remedy)`.
"""

from kontor.engine.consortia.model.answer import (
    Change,
    Correction,
    Filled,
    Gap,
    Member,
    Part,
    Price,
    Proposal,
    Result,
    Team,
    Verdict,
)
from kontor.engine.consortia.model.candidate import Candidate, Competence, Tie
from kontor.engine.consortia.model.condition import Attribute, Condition, all_hold, values_of
from kontor.engine.consortia.model.problem import Params, Problem, Weights
from kontor.engine.consortia.model.rule import (
    BY_TYPE,
    KINDS,
    LARGEST_TEAM,
    MEMBERS,
    AnyRule,
    Distinct,
    EachMember,
    EachSide,
    LargestShare,
    LeadIs,
    Members,
    Rule,
    Share,
    Side,
    TeamSize,
    Total,
)

__all__ = [
    "BY_TYPE",
    "KINDS",
    "LARGEST_TEAM",
    "MEMBERS",
    "AnyRule",
    "Attribute",
    "Candidate",
    "Change",
    "Competence",
    "Condition",
    "Correction",
    "Distinct",
    "EachMember",
    "EachSide",
    "Filled",
    "Gap",
    "LargestShare",
    "LeadIs",
    "Member",
    "Members",
    "Params",
    "Part",
    "Price",
    "Problem",
    "Proposal",
    "Result",
    "Rule",
    "Share",
    "Side",
    "Team",
    "TeamSize",
    "Tie",
    "Total",
    "Verdict",
    "Weights",
    "all_hold",
    "values_of",
]
