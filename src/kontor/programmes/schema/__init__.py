"""The parts a programme file is made of, as frozen dataclasses."""

from kontor.programmes.schema.assessment import METHODS, Anchor, Assessment, Criterion, Verdict
from kontor.programmes.schema.instrument import (
    AWARDS,
    KINDS,
    Call,
    Instrument,
    LumpSum,
    Phase,
    RuleUse,
    Value,
)
from kontor.programmes.schema.money import CENT, FINANCIER_KINDS, Envelope, Financier, Part, divide
from kontor.programmes.schema.place import PROGRAMME_AREA, Area, Side
from kontor.programmes.schema.product import Competence, Product
from kontor.programmes.schema.programme import SCHEMA, Default, Programme, Theme
from kontor.programmes.schema.results import Indicator, Period, Reading, Reporting, Role
from kontor.programmes.schema.texts import Texts

__all__ = [
    "AWARDS",
    "CENT",
    "FINANCIER_KINDS",
    "KINDS",
    "METHODS",
    "PROGRAMME_AREA",
    "SCHEMA",
    "Anchor",
    "Area",
    "Assessment",
    "Call",
    "Competence",
    "Criterion",
    "Default",
    "Envelope",
    "Financier",
    "Indicator",
    "Instrument",
    "LumpSum",
    "Part",
    "Period",
    "Phase",
    "Product",
    "Programme",
    "Reading",
    "Reporting",
    "Role",
    "RuleUse",
    "Side",
    "Texts",
    "Theme",
    "Value",
    "Verdict",
    "divide",
]
