"""Statements: all fields, and the short path's one text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.engine.matching.text import recognise
from kontor.features.organisations.forms.codes import CodeSearchField, CodesField, CodesMixin
from kontor.features.organisations.languages import CODES, language_choices
from kontor.features.organisations.models import StatementKind, Visibility

VISIBILITIES = [
    (Visibility.PUBLIC.value, _("Everybody may read it")),
    (Visibility.MEMBERS.value, _("Members only: people signed in with a role")),
    (Visibility.TEASER.value, _("Anonymous: others read only the teaser, until both sides agree")),
]


class LanguageMixin(forms.Form):
    """A declared language wins; without one it is recognised from the text."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "text" in values and not values.get("language"):
            found = recognise(values["text"])
            if found in CODES:
                values["language"] = found
            else:
                self.add_error("language", _("The language could not be recognised. Choose it."))
        return values


def _language_choices() -> list[tuple[str, str]]:
    return [("", str(_("Recognise it from the text"))), *language_choices()]


class LanguageField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("Language of the text"), choices=_language_choices, required=False)


class StatementForm(CodesMixin, LanguageMixin):
    kind = forms.ChoiceField(label=_("What it is"), choices=StatementKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Write in your own language. Two to six sentences are enough."),
    )
    language = LanguageField()
    trl = forms.TypedChoiceField(
        label=_("Technology readiness level"),
        choices=[("", "—"), *((level, str(level)) for level in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("1: basic principles observed; 5: tested in its surroundings; 9: in use."),
    )
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=VISIBILITIES, widget=forms.RadioSelect)
    teaser = forms.CharField(
        label=_("Anonymous teaser"),
        max_length=300,
        required=False,
        help_text=_("Only for an anonymous statement: what others read. No names, no addresses."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    codes = CodesField(label=_("Codes"), help_text=_("Tick what fits. Suggested from your text."))
    more_codes = CodeSearchField()

    def statement_values(self) -> dict[str, Any]:
        """The cleaned form as add_statement and change_statement take it; `codes` as "scheme:code"."""
        values = dict(self.cleaned_data)
        values["codes"] = sorted({*values["codes"], *values.pop("more_codes")})
        return values


class ShortStatementForm(CodesMixin, LanguageMixin):
    """One page of the short path: what we offer, or what we need."""

    text = forms.CharField(
        label=_("In your own words"), widget=forms.Textarea(attrs={"rows": 7}), required=False
    )
    language = LanguageField()
    codes = CodesField(label=_("Which of these fit?"))

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("text"):
            return self.cleaned_data
        return super().clean()
