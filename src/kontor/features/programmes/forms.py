"""Forms of programmes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.forms.people import FigureField
from kontor.features.programmes.actions.versions import LONGEST
from kontor.features.programmes.models import Envelope
from kontor.features.programmes.templatetags.programme_words import cents, said
from kontor.programmes.schema import Indicator


class DraftForm(forms.Form):
    """The file as text, or uploaded; an upload replaces the text."""

    text = forms.CharField(
        label=_("Programme file (TOML)"),
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 28, "spellcheck": "false", "autocapitalize": "off", "wrap": "off"}
        ),
    )
    upload = forms.FileField(
        label=_("Or a file from your computer"),
        required=False,
        help_text=_("It replaces the text above when you save."),
    )
    note = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=300,
        help_text=_("One line for the list of versions."),
    )

    def clean_upload(self) -> str:
        """The uploaded text; a byte order mark is taken off."""
        given = self.cleaned_data.get("upload")
        if not given:
            return ""
        if given.size > 4 * LONGEST:
            raise forms.ValidationError(_("The file is too large."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not written in UTF-8. Save it as UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("upload"):
            self.errors.pop("text", None)
        values["text"] = (values.get("upload") or values.get("text") or "").replace("\r\n", "\n")
        if not values["text"].strip() and not self.errors:
            self.add_error("text", _("Write or upload a programme file."))
        return values


class MoneyField(FigureField):
    """An amount above zero as the reader's language writes it: 1.250,50 in German and Dutch."""

    def __init__(self, *, label: object, required: bool = True) -> None:
        super().__init__(
            label=label,  # type: ignore[arg-type] # a lazy translation is a text
            required=required,
            max_digits=12,
            decimal_places=2,
            min_value=Decimal("0.01"),
        )


class CommitForm(forms.Form):
    """Money for a case, from one or more envelopes: the same amount counts in each."""

    reference = forms.CharField(
        label=_("For what"), max_length=300, help_text=_("The case, as people will look for it.")
    )
    amount = MoneyField(label=_("Amount"))
    envelopes = forms.MultipleChoiceField(
        label=_("From which envelopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A case counts once in each envelope it belongs to: the whole budget, its theme, its part."
        ),
    )

    def __init__(self, *args: Any, envelopes: list[Envelope], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["envelopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices_of(envelopes)
        field.initial = [row.key for row in envelopes if row.kind == "budget"][:1]


class MoveForm(forms.Form):
    """Money from one envelope to another, with a reason."""

    source = forms.ChoiceField(label=_("From"))
    target = forms.ChoiceField(label=_("To"))
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stays on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, envelopes: list[Envelope], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("source", "target"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–"), *choices_of(envelopes)]


class ReasonForm(forms.Form):
    """Why committed money is released."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stays on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReadingForm(forms.Form):
    """A value of an indicator that a report, a partner or a statistic states."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    amount = FigureField(label=_("Value"), max_digits=16, decimal_places=2, min_value=Decimal(0))
    day = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Not after today."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("A report and its page, a partner's letter, a statistic."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("For those who steer the programme: how it was counted."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((one.key, f"{said(one.name)} ({one.unit})") for one in indicators)]


def choices_of(envelopes: list[Envelope]) -> list[tuple[str, str]]:
    """Envelopes by key and name, with what is left."""
    return [
        (row.key, f"{said(row.names)} ({row.get_kind_display()}), {cents(row.remaining)} {row.currency}")
        for row in envelopes
    ]
