"""Forms of juries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.pitches.model import clock, minutes
from kontor.features.calls.models import Application, Call
from kontor.features.juries.actions.panels import SETTINGS
from kontor.features.juries.conflicts import assessable
from kontor.features.juries.marking import Scale
from kontor.features.juries.models import Blindness, Expert, Member, Panel, PitchDay, TieKind
from kontor.features.juries.wording import spoken
from kontor.features.organisations.languages import language_choices
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme

TWO = forms.Textarea(attrs={"rows": 3})


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
    pitch_share = forms.IntegerField(
        label=_("Share of the pitch in the total, in percent"), min_value=0, max_value=100
    )
    minimum = forms.IntegerField(
        label=_("Assessments an assessor needs to be calibrated"), min_value=2, max_value=100
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, panel: Panel, data: Any = None) -> SettingsForm:
        told = {name: getattr(panel, name) for name in SETTINGS}
        return cls(data, initial={**told, "revision": panel.revision})


class ExpertForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    organisation = OrganisationField(
        label=_("Organisation"),
        required=False,
        max_length=300,
        help_text=_("As it stands in the directory. Conflicts of interest are found through it."),
    )
    profile = forms.CharField(
        label=_("Competence"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What this person can judge, in a few sentences; applications are matched by it."),
    )
    fields_known = forms.MultipleChoiceField(
        label=_("Fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Reads"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=(("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands"))
    )
    load = forms.IntegerField(
        label=_("Applications at a time, at most"), required=False, min_value=1, max_value=200
    )
    away_from = forms.DateField(
        label=_("Not available from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=_("Not available until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = programme.current
        themes = version.definition.themes if version else ()
        known: Any = self.fields["fields_known"]
        known.choices = [(each.key, each.name.best(spoken())) for each in themes]
        if not themes:
            del self.fields["fields_known"]
        reads: Any = self.fields["languages"]
        wanted = version.definition.languages if version else ()
        told = dict(language_choices())
        reads.choices = [(code, told.get(code, code)) for code in dict.fromkeys(("en", *wanted))]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["fields"] = data.pop("fields_known", [])
        data.pop("revision", None)
        return data


def expert_initial(expert: Expert) -> dict[str, Any]:
    same = (
        "name",
        "email",
        "profile",
        "languages",
        "language",
        "load",
        "away_from",
        "away_until",
        "revision",
    )
    told = {name: getattr(expert, name) for name in same}
    organisation = expert.organisation.name if expert.organisation else ""
    return {**told, "organisation": organisation, "fields_known": expert.fields}


class TieForm(forms.Form):
    kind = forms.ChoiceField(label=_("What binds them"), choices=TieKind.choices)
    organisation = OrganisationField(label=_("Organisation"), required=False, max_length=300)
    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    email = forms.EmailField(label=_("Address of that person"), required=False)
    until = forms.DateField(
        label=_("Ended on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty while it holds. Supervision counts for ever."),
    )


class GroupForm(forms.Form):
    first = OrganisationField(label=_("Organisation"), max_length=300)
    second = OrganisationField(label=_("Of the same group as"), max_length=300)
    source = forms.CharField(label=_("Known from"), required=False, max_length=200)


class InviteForm(forms.Form):
    expert = forms.ChoiceField(label=_("Expert"))
    chair = forms.BooleanField(label=_("Takes the chair"), required=False)

    def __init__(self, *args: Any, experts: Sequence[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["expert"]
        offered.choices = [(each.key, each.name) for each in experts]


class MemberForm(forms.Form):
    chair = forms.BooleanField(label=_("Takes the chair"), required=False)
    load_min = forms.IntegerField(label=_("Applications, at least"), min_value=0, max_value=200)
    load_max = forms.IntegerField(
        label=_("Applications, at most"), min_value=0, max_value=200, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=_("Why may this expert assess nevertheless?"),
        max_length=2_000,
        widget=TWO,
        help_text=_("Controllers read it."),
    )
    signed_as = forms.CharField(label=_("Signed, name in full"), max_length=200)


class AnswerForm(forms.Form):
    """The declaration: whichever applications are ticked need a reason."""

    signed_as = forms.CharField(label=_("Signed, name in full"), max_length=200)
    declared = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("What the conflict is"), max_length=300, required=False, widget=TWO)

    def __init__(self, *args: Any, applications: Sequence[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["declared"]
        offered.label = _("I am in conflict with")
        offered.choices = [(each.key, f"{each.number} {each.title}") for each in applications]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("declared") and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say in a sentence what the conflict is."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=TWO)


class HandForm(forms.Form):
    member = forms.ChoiceField(label=_("Assessor"))
    application = forms.ChoiceField(label=_("Application"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(
        self, *args: Any, members: Sequence[Member], applications: Sequence[Application], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["member"]
        who.choices = [(each.key, each.expert.name) for each in members]
        what: Any = self.fields["application"]
        what.choices = [(each.key, f"{each.number} {each.title}") for each in applications]


class ConsensusForm(forms.Form):
    """One field per criterion, the report and the words for the applicants."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        for each in scale.criteria:
            steps = [(step.value, step.label) for step in scale.steps(each, spoken())]
            label = each.name.best(spoken())
            if scale.in_words:
                self.fields[f"mark:{each.key}"] = forms.ChoiceField(label=label, choices=steps)
            else:
                self.fields[f"mark:{each.key}"] = forms.DecimalField(
                    label=label,
                    min_value=scale.assessment.lowest,
                    max_value=scale.assessment.highest,
                    decimal_places=2,
                    widget=forms.NumberInput(attrs={"step": "0.25"}),
                )
        self.fields["text"] = forms.CharField(
            label=_("Report"),
            widget=forms.Textarea(attrs={"rows": 6}),
            max_length=10_000,
            help_text=_("How the assessors came together; only the jury reads it."),
        )
        self.fields["comment"] = forms.CharField(
            label=_("Words for the applicants"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            max_length=10_000,
            help_text=_("They replace the words of the single assessors in the letter."),
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of these words"),
            choices=(("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")),
        )
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def marks(self) -> dict[str, str]:
        return {key: str(self.cleaned_data[f"mark:{key}"]) for key in self.scale.keys}


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


class AttendanceForm(forms.Form):
    arrives = TimeField(label=_("There from"), required=False)
    leaves = TimeField(label=_("There until"), required=False)
    absent = forms.BooleanField(label=_("Does not come"), required=False)
