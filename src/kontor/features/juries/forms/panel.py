"""Forms about a jury itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models import Application, Call
from kontor.features.juries.actions.panels import SETTINGS
from kontor.features.juries.marking import scale_of
from kontor.features.juries.models import Blindness, Member, Panel
from kontor.features.juries.visibility import file_fields, open_files
from kontor.features.juries.wording import spoken

TWO = forms.Textarea(attrs={"rows": 3})


class OpenForm(forms.Form):
    call = forms.ChoiceField(
        label=_("Call"), help_text=_("The programme's file says how its proposals are judged.")
    )
    step = forms.TypedChoiceField(
        label=_("Step"), choices=((1, _("first step")), (2, _("second step"))), coerce=int, initial=1
    )

    def __init__(self, *args: Any, calls: Sequence[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["call"]
        offered.choices = [(each.key, str(each)) for each in calls]


class SettingsForm(forms.Form):
    reviews = forms.IntegerField(label=_("Assessments per application"), min_value=1, max_value=9)
    load = forms.IntegerField(
        label=_("Applications per assessor, at most"),
        min_value=1,
        max_value=500,
        help_text=_("Where neither the expert nor the seat says otherwise."),
    )
    due_on = forms.DateField(
        label=_("Assessments due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remind_days = forms.IntegerField(
        label=_("Remind those who have not handed in so many days before"),
        min_value=0,
        max_value=60,
        help_text=_("And once more on the day after it is due. 0: never by itself."),
    )
    fields_needed = forms.BooleanField(
        label=_("At least one assessor of each application's field"), required=False
    )
    languages_needed = forms.BooleanField(
        label=_("Every assessor reads the application's language"), required=False
    )
    years = forms.IntegerField(label=_("Joint projects count for so many years"), min_value=0, max_value=20)
    cluster_members = forms.BooleanField(
        label=_("Members of the same cluster are in conflict"),
        required=False,
        help_text=_("Otherwise only the cluster organisation itself and its members are."),
    )
    blind = forms.ChoiceField(label=_("Names"), choices=Blindness.choices, widget=forms.RadioSelect)
    files_open = forms.MultipleChoiceField(
        label=_("Files that assessors read"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pitch_share = forms.IntegerField(
        label=_("Share of the pitch in the total, in percent"), min_value=0, max_value=100
    )
    minimum = forms.IntegerField(
        label=_("Assessments an assessor needs to be calibrated"), min_value=2, max_value=100
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    stood: list[str] | None = None

    @classmethod
    def of(cls, panel: Panel, data: Any = None) -> SettingsForm:
        told = {name: getattr(panel, name) for name in SETTINGS}
        told |= {"files_open": sorted(open_files(panel)), "revision": panel.revision}
        form = cls(data, initial=told)
        if scale_of(panel).in_words:
            # verdicts are neither mixed with a pitch in percent nor calibrated
            del form.fields["pitch_share"], form.fields["minimum"]
        form.stood, asked = panel.files_open, file_fields(panel)
        if not asked:
            del form.fields["files_open"]
            return form
        offered: Any = form.fields["files_open"]
        offered.choices = [(each.key, each.label.best(spoken())) for each in asked]
        if panel.blind == Blindness.DOUBLE:
            offered.help_text = _(
                "The applicants' names are hidden in titles and texts, but nothing hides them inside files "
                "and pictures. Open a field only where its files tell nothing."
            )
        return form

    def clean(self) -> dict[str, Any]:
        """What nobody touched stays undecided, so that hiding names later closes the files as well."""
        data = super().clean() or {}
        if self.stood is None and "files_open" not in self.changed_data:
            data.pop("files_open", None)
        return data


class HandForm(forms.Form):
    member = forms.ChoiceField(label=_("Assessor"))
    application = forms.ChoiceField(label=_("Application"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(
        self, *args: Any, members: Sequence[Member], applications: Sequence[Application], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["member"]
        who.choices = [("", "–"), *((each.key, each.expert.name) for each in members)]
        what: Any = self.fields["application"]
        what.choices = [("", "–"), *((each.key, f"{each.number} {each.title}") for each in applications)]


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=_("Why may this expert assess nevertheless?"),
        max_length=2_000,
        widget=TWO,
        help_text=_("Controllers read it."),
    )
    signed_as = forms.CharField(label=_("Signed, name in full"), max_length=200)
