"""Forms about experts and assessors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models import Application
from kontor.features.juries.forms.times import OrganisationField
from kontor.features.juries.models import Expert, TieKind
from kontor.features.juries.wording import spoken
from kontor.features.organisations.languages import language_choices
from kontor.features.programmes.models import Programme

TWO = forms.Textarea(attrs={"rows": 3})


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


class DeclareForm(forms.Form):
    """A conflict that came up after the invitation was answered."""

    application = forms.ChoiceField(label=_("I am in conflict with"))
    reason = forms.CharField(label=_("What the conflict is"), max_length=300, widget=TWO)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["application"]
        field.choices = [("", "–"), *offered]


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
