"""Forms of calls: what is asked, how answers are checked and how two people's answers are joined."""

from kontor.programmes.forms.check import Payee, check, check_field, is_shown
from kontor.programmes.forms.default import default_form, form_for
from kontor.programmes.forms.fault import Fault
from kontor.programmes.forms.join import Joined, join
from kontor.programmes.forms.snapshot import form_json, form_of
from kontor.programmes.forms.themes import ASKED, MAIN, SHARES, percent_of, rows_of, shares_of
from kontor.programmes.forms.values import canonical, costs_of, decimal_of, is_empty, money_of, tidy
from kontor.programmes.forms.words import count_characters, count_words
from kontor.programmes.schema import Choice, Column, Condition, Field, Form, Section

__all__ = [
    "ASKED",
    "MAIN",
    "SHARES",
    "Choice",
    "Column",
    "Condition",
    "Fault",
    "Field",
    "Form",
    "Joined",
    "Payee",
    "Section",
    "canonical",
    "check",
    "check_field",
    "costs_of",
    "count_characters",
    "count_words",
    "decimal_of",
    "default_form",
    "form_for",
    "form_json",
    "form_of",
    "is_empty",
    "is_shown",
    "join",
    "money_of",
    "percent_of",
    "rows_of",
    "shares_of",
    "tidy",
]
