"""Programmes as data: one TOML file each, and nothing else names them."""

from kontor.programmes.eligibility import Assessment, assess
from kontor.programmes.read import ProgrammeError, check, parse, read, recall, shipped, shipped_texts
from kontor.programmes.rules import RULES, Partner, Portfolio, State, Team
from kontor.programmes.schema import (
    Area,
    Competence,
    Default,
    Instrument,
    Product,
    Programme,
    Side,
    Texts,
    Theme,
    divide,
)
from kontor.programmes.values import Problem

__all__ = [
    "RULES",
    "Area",
    "Assessment",
    "Competence",
    "Default",
    "Instrument",
    "Partner",
    "Portfolio",
    "Problem",
    "Product",
    "Programme",
    "ProgrammeError",
    "Side",
    "State",
    "Team",
    "Texts",
    "Theme",
    "assess",
    "check",
    "divide",
    "parse",
    "read",
    "recall",
    "shipped",
    "shipped_texts",
]
