"""The parts a programme file is made of, as frozen dataclasses."""

from kontor.programmes.schema.assessment import METHODS, Anchor, Assessment, Criterion, Verdict
from kontor.programmes.schema.form import (
    COLUMN_KINDS,
    FIELD_KINDS,
    FILLS,
    YES_NO,
    Choice,
    Column,
    Condition,
    Field,
    Form,
    Section,
)
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
from kontor.programmes.schema.programme import SCHEMA, SEVERAL_THEMES, Default, Programme, Theme
from kontor.programmes.schema.results import Indicator, Period, Reading, Reporting, Role
from kontor.programmes.schema.texts import Texts

__all__ = [
    "AWARDS",
    "CENT",
    "COLUMN_KINDS",
    "FIELD_KINDS",
    "FILLS",
    "FINANCIER_KINDS",
    "KINDS",
    "METHODS",
    "PROGRAMME_AREA",
    "SCHEMA",
    "SEVERAL_THEMES",
    "YES_NO",
    "Anchor",
    "Area",
    "Assessment",
    "Call",
    "Choice",
    "Column",
    "Competence",
    "Condition",
    "Criterion",
    "Default",
    "Envelope",
    "Field",
    "Financier",
    "Form",
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
    "Section",
    "Side",
    "Texts",
    "Theme",
    "Value",
    "Verdict",
    "divide",
]
