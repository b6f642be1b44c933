"""Forms of an application's papers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.base.attachments import accepted_endings
from kontor.features.calls.announcing.forms import LocalTimeField, set_instants
from kontor.features.calls.dossier.actions.amending import LONGEST
from kontor.programmes.forms import Field


class SignForm(forms.Form):
    """Signing here. `revision` is what the signer read."""

    capacity = forms.CharField(
        label=_("In which function do you sign?"),
        max_length=200,
        help_text=_("For example: managing director."),
    )
    entitled = forms.BooleanField(
        label=_("I am entitled to sign for this organisation, and stand for what the sections above say.")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """Recording a signature on paper."""

    name = forms.CharField(label=_("Who signed?"), max_length=200)
    capacity = forms.CharField(label=_("In which function?"), max_length=200, required=False)
    file = forms.FileField(
        label=_("Scan of the signed paper"),
        widget=forms.ClearableFileInput(attrs={"accept": accepted_endings()}),
    )


class WordForm(forms.Form):
    """Uploading a returned file."""

    file = forms.FileField(
        label=_("Word file"),
        help_text=_("The one downloaded here, with your changes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )


class _Deadline(forms.Form):
    """A deadline in the call's time zone."""

    deadline = LocalTimeField(label=_("Deadline"))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        help_text = _("In the time zone of the call: %(zone)s.") % {"zone": zone.key}
        self.fields["deadline"].help_text = help_text

    def clean(self) -> dict[str, Any]:
        """What was typed is a time on the call's clock, not on the reader's."""
        given = super().clean() or self.cleaned_data
        set_instants(self, self.zone, "deadline")
        return given


class AskForm(_Deadline):
    fields_asked = forms.MultipleChoiceField(
        label=_("Which fields may be changed?"), widget=forms.CheckboxSelectMultiple
    )
    question = forms.CharField(
        label=_("What should be changed, and why?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The applicant reads it by mail and above the fields."),
    )
    field_order = ["question", "fields_asked", "deadline"]

    def __init__(self, *args: Any, fields: list[Field], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(field.key, field.label.best(language)) for field in fields]
        self.fields["fields_asked"].choices = choices  # type: ignore[attr-defined]


class DeadlineForm(_Deadline):
    pass
