"""Named rules of eligibility: each answers yes, to clarify or no from whatever is known of a team so far."""

from kontor.programmes.rules.answer import Answer, Change, Finding, Missing, Seat, Sentence, State, worst
from kontor.programmes.rules.facts import KINDS, SIZES, TYPES, Partner, Portfolio, Team
from kontor.programmes.rules.registry import REGISTRY, RULES
from kontor.programmes.rules.rule import Parameter, Rule, Type
from kontor.programmes.rules.wording import catalogue, languages

__all__ = [
    "KINDS",
    "REGISTRY",
    "RULES",
    "SIZES",
    "TYPES",
    "Answer",
    "Change",
    "Finding",
    "Missing",
    "Parameter",
    "Partner",
    "Portfolio",
    "Rule",
    "Seat",
    "Sentence",
    "State",
    "Team",
    "Type",
    "catalogue",
    "languages",
    "worst",
]
