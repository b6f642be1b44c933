"""Choosing codes: those a record has, those suggested from its text, and those found by searching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.features.organisations.queries import reader_language

# Schemes people choose from, in the order they are shown.
SCHEMES: tuple[codes.SchemeName, ...] = ("nace", "cpv", "theme", "ket")
_PER_SCHEME = 4


class CodesField(forms.MultipleChoiceField):
    """Check boxes of "scheme:code" values. Any valid code is accepted, also one that was not offered."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def offer(self, chosen: Iterable[str], text: str = "") -> None:
        """Offer the chosen codes and those suggested from `text`."""
        language = reader_language()
        values = dict.fromkeys([*chosen, *suggested(text)])
        self.choices = [(value, describe(value, language)) for value in values]

    def valid_value(self, value: str) -> bool:
        scheme, _colon, code = value.partition(":")
        return scheme in SCHEMES and codes.valid(scheme, code)


class CodeSearchField(forms.CharField):
    """Codes typed or picked from the search, separated by commas; cleaned to a list of "scheme:code"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            label=_("Add another code"),
            help_text=_("Type a word or a code, for example “wind” or “nace:28.11”."),
            widget=forms.TextInput(attrs={"data-combobox": "/directory/codes/", "data-multiple": ""}),
            **options,
        )

    def clean(self, value: Any) -> list[str]:
        wanted = [part.strip() for part in str(value or "").split(",") if part.strip()]
        unknown = [part for part in wanted if not CodesField().valid_value(part)]
        if unknown:
            raise ValidationError(
                _("There is no code “%(code)s”. Pick one from the list."), params={"code": unknown[0]}
            )
        return wanted


class CodesMixin(forms.Form):
    """A form with a CodesField `codes`: offers what is chosen, and what `suggest_from` suggests."""

    def __init__(self, *args: Any, suggest_from: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["codes"]
        assert isinstance(field, CodesField)
        chosen = self.initial.get("codes", ())
        if self.is_bound and isinstance(self.data, QueryDict):
            chosen = self.data.getlist(self.add_prefix("codes"))
        field.offer(chosen, suggest_from)


def suggested(text: str) -> list[str]:
    """Codes that fit a text in any language, as "scheme:code", scheme by scheme and best first; none for a
    text of fewer than three words.
    """
    if len(text.split()) < 3:
        return []
    return [f"{hit.scheme}:{hit.code}" for hit in codes.suggest(text, "", _PER_SCHEME, SCHEMES)]


def describe(value: str, language: str) -> str:
    """ "Manufacture of engines (NACE 28.11)"."""
    scheme, _colon, code = value.partition(":")
    if not codes.valid(scheme, code):
        return value
    return f"{codes.label(scheme, code, language)} ({scheme.upper()} {code})"


def code_pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """ "nace:28.11" as ("nace", "28.11")."""
    return [(scheme, code) for scheme, _colon, code in (value.partition(":") for value in values)]
