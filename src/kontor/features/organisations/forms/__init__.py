"""What people fill in about organisations, split by noun. Forms check; actions write."""

from kontor.features.organisations.forms.codes import CodesField, code_pairs
from kontor.features.organisations.forms.people import (
    ContactForm,
    FigureField,
    FiguresForm,
    MembershipForm,
    TranslationForm,
)
from kontor.features.organisations.forms.profile import ArchiveForm, CheckForm, PlaceForm, ProfileForm
from kontor.features.organisations.forms.statement import ShortStatementForm, StatementForm

__all__ = [
    "ArchiveForm",
    "CheckForm",
    "CodesField",
    "ContactForm",
    "FigureField",
    "FiguresForm",
    "MembershipForm",
    "PlaceForm",
    "ProfileForm",
    "ShortStatementForm",
    "StatementForm",
    "TranslationForm",
    "code_pairs",
]
