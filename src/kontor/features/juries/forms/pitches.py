"""Forms of the pitch day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.pitches.model import clock, minutes
from kontor.features.calls.models import Application
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.forms.times import TimeField
from kontor.features.juries.marking import Scale
from kontor.features.juries.models import Panel, PitchDay


class PitchDayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    begins = TimeField(label=_("Begins"))
    ends = TimeField(label=_("Ends"))
    pitch = forms.IntegerField(label=_("Minutes of presentation"), min_value=1, max_value=120)
    questions = forms.IntegerField(label=_("Minutes of questions"), min_value=0, max_value=120)
    change = forms.IntegerField(label=_("Minutes between two pitches"), min_value=0, max_value=60)
    breaks_told = forms.CharField(
        label=_("Breaks"),
        required=False,
        max_length=200,
        help_text=_("For example: 12:30-13:30, 15:00-15:20"),
    )
    quorum = forms.IntegerField(label=_("Jurors who listen, at least"), min_value=0, max_value=50)
    applications = forms.MultipleChoiceField(label=_("Who pitches"), widget=forms.CheckboxSelectMultiple)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, panel: Panel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(assessable(panel))
        offered: Any = self.fields["applications"]
        offered.choices = [(each.key, f"{each.number} {each.title}") for each in self.rows]

    def clean_breaks_told(self) -> list[list[int]]:
        found = []
        for part in filter(None, (each.strip() for each in self.cleaned_data["breaks_told"].split(","))):
            start, _dash, end = part.replace("–", "-").partition("-")
            try:
                found.append([minutes(start.strip(), "breaks"), minutes(end.strip(), "breaks")])
            except InvalidInput as error:
                raise forms.ValidationError(_("Write breaks as 12:30-13:30, separated by commas.")) from error
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("begins") is not None and data.get("ends") is not None and data["ends"] <= data["begins"]:
            self.add_error("ends", _("The day ends before it begins."))
        return data

    def values(self) -> dict[str, Any]:
        names = ("day", "place", "begins", "ends", "pitch", "questions", "change", "quorum")
        told = {name: self.cleaned_data[name] for name in names}
        return {**told, "breaks": self.cleaned_data["breaks_told"]}

    def chosen(self) -> list[Application]:
        wanted = set(self.cleaned_data["applications"])
        return [each for each in self.rows if each.key in wanted]


def pitch_initial(day: PitchDay | None, panel: Panel, scale: Scale) -> dict[str, Any]:
    if day is None:
        told = scale.assessment
        return {
            "day": timezone.localdate(),
            "begins": 540,
            "ends": 1020,
            "pitch": told.pitch or 10,
            "questions": told.questions or 10,
            "change": 5,
            "breaks_told": "12:30-13:30",
            "quorum": 3,
            "applications": list(assessable(panel).values_list("key", flat=True)),
        }
    same = ("day", "place", "begins", "ends", "pitch", "questions", "change", "quorum", "revision")
    return {
        **{name: getattr(day, name) for name in same},
        "breaks_told": ", ".join(f"{clock(start)}-{clock(end)}" for start, end in day.breaks),
        "applications": [each.application.key for each in day.slots.select_related("application")],
    }


class TravelForm(forms.Form):
    """Of a consortium: when it can be there, and what was promised to it."""

    arrives = TimeField(label=_("There from"), required=False)
    leaves = TimeField(label=_("There until"), required=False)
    promised = TimeField(label=_("Promised time"), required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AttendanceForm(forms.Form):
    arrives = TimeField(label=_("There from"), required=False)
    leaves = TimeField(label=_("There until"), required=False)
    absent = forms.BooleanField(label=_("Does not come"), required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
