"""Times of day, and organisations, in forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.pitches.model import clock, minutes
from kontor.features.organisations.models import Organisation


class TimeField(forms.CharField):
    """A time of day as minutes after midnight; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "09:00"}))
        super().__init__(max_length=5, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return minutes(text.strip(), str(self.label or ""))
        except InvalidInput as error:
            raise forms.ValidationError(_("Write it as 09:30.")) from error


class OrganisationField(forms.CharField):
    """An organisation of the directory by its key or its exact name; empty is None."""

    def clean(self, value: Any) -> Any:
        text = (super().clean(value) or "").strip()
        if not text:
            return None
        rows = Organisation.objects.alive()
        found = rows.filter(key=text).first() or rows.filter(name__iexact=text).first()
        if found is None:
            raise forms.ValidationError(_("The directory knows no organisation of this name."))
        return found
