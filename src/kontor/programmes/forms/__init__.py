"""Forms of calls: what is asked, how answers are checked and how two people's answers are joined."""

from kontor.programmes.forms.model import (
    COLUMN_KINDS,
    FILLS,
    KINDS,
    YES_NO,
    Choice,
    Column,
    Condition,
    Field,
    Form,
    Section,
)
from kontor.programmes.forms.snapshot import form_json, form_of

__all__ = [
    "COLUMN_KINDS",
    "FILLS",
    "KINDS",
    "YES_NO",
    "Choice",
    "Column",
    "Condition",
    "Field",
    "Form",
    "Section",
    "form_json",
    "form_of",
]
