"""Contact persons, memberships, yearly figures and translations."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor.base.models import TextOrigin
from kontor.features.organisations.imports import values
from kontor.features.organisations.languages import language_choices


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language for mails"), choices=lazy(language_choices, list))
    consent_source = forms.CharField(
        label=_("How the person gave consent"),
        max_length=120,
        required=False,
        help_text=_(
            "For example: “I enter myself” or “form of 3 March”. Without consent the person is not shown."
        ),
    )


class MembershipForm(forms.Form):
    """Dates of a membership; the member is picked, or named, when it is added."""

    member = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        help_text=_("Its name, or its key: the last part of the address of its page, as 8f3k2m9q4t7x."),
        widget=forms.TextInput(attrs={"data-combobox": "/directory/names/"}),
    )
    since = forms.DateField(
        label=_("Member since"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Member until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


#: What people write beside an amount.
_CURRENCY = re.compile(r"\s*(?:€|\beuros?\b|\beur\b)\s*", re.IGNORECASE)


class FigureField(forms.DecimalField):
    """A number as people write it: 1.250.000,50 in German and Dutch, 1,250,000.50 in English.

    It is a text input: a number input sends nothing for what its browser does not understand, and an empty
    figure removes the one that is stored.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # stubs say whole number
        if value in self.empty_values or not str(value).strip():
            return None
        customs = values.Customs(decimal=formats.get_format("DECIMAL_SEPARATOR"))
        try:
            return values.number(_CURRENCY.sub("", str(value)), customs, negative=True)
        except values.Bad as error:
            raise forms.ValidationError(
                _("“%(value)s” is not a number. Write it like %(example)s.")
                % {"value": str(value)[:40], "example": shown_number(Decimal("1250000.50"))}
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return shown_number(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}  # minimum and step belong to number inputs


def shown_number(value: Decimal) -> str:
    """With two decimals, as the reader's language writes them."""
    return formats.number_format(value, decimal_pos=2, use_l10n=True, force_grouping=False)


class FiguresForm(forms.Form):
    year = forms.IntegerField(
        label=_("Year"),
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    staff = FigureField(
        label=_("Staff (annual work units)"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    turnover = FigureField(
        label=_("Turnover (EUR)"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    balance = FigureField(
        label=_("Balance sheet total (EUR)"), max_digits=16, decimal_places=2, required=False
    )

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year > timezone.localdate().year:
            raise forms.ValidationError(_("This year is not over yet."))
        return year


class TranslationForm(forms.Form):
    """A text in another language. An empty text removes the translation."""

    language = forms.ChoiceField(label=_("Language"), choices=lazy(language_choices, list))
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), required=False)
    origin = forms.ChoiceField(
        label=_("Translated by"),
        choices=[(TextOrigin.HUMAN.value, _("a person")), (TextOrigin.MACHINE.value, _("a machine"))],
        widget=forms.RadioSelect,
        initial=TextOrigin.HUMAN.value,
    )

    def __init__(self, *args: Any, original: str, **kwargs: Any) -> None:
        """`original`: the language of the text itself, which is no choice."""
        super().__init__(*args, **kwargs)
        others = [choice for choice in language_choices() if choice[0] != original]
        self.fields["language"].choices = others  # type: ignore[attr-defined]
