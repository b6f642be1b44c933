"""Forms of cases, contact persons and the partner board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.features.calls.casework.actions.cases import LONGEST
from kontor.features.calls.casework.actions.wishes import LONGEST as LONGEST_WISH
from kontor.features.calls.models import BY_HAND, Call, CallContact, Case
from kontor.features.organisations.languages import language_choices
from kontor.features.organisations.models import OrganisationKind
from kontor.features.programmes.self_check import countries
from kontor.features.programmes.templatetags.programme_words import said


class EntryForm(forms.Form):
    """A line of the log."""

    kind = forms.ChoiceField(label=_("What"), choices=[(one.value, one.label) for one in BY_HAND])
    text = forms.CharField(label=_("What was said"), max_length=LONGEST, widget=forms.Textarea({"rows": 4}))
    shared = forms.BooleanField(
        label=_("The applicant may read it"),
        required=False,
        help_text=_("Notes of your own stay among those who help in this call."),
    )


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("To"))
    reason = forms.CharField(
        label=_("Reason and next step"), max_length=1_000, widget=forms.Textarea({"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, case: Case, contacts: list[tuple[CallContact, int, int]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(row.pk), _("{name}, {count} open cases").format(name=row, count=load))
            for row, _here, load in contacts
            if row.pk != case.contact_id
        ]


class ContactForm(forms.Form):
    """What a contact person looks after."""

    email = forms.EmailField(
        label=_("E-mail address of an account"), help_text=_("The person needs an account on this site.")
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-combobox": "/directory/names/"}),
    )
    regions = forms.CharField(
        label=_("Regions (NUTS)"),
        max_length=300,
        required=False,
        help_text=_(
            "Codes with spaces between, such as DEA1 NL22; a code stands for all below it. Empty: all."
        ),
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: all.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Open cases at most"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=_("Empty: no limit."),
    )
    away_until = forms.DateField(
        label=_("Away until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)

    def __init__(self, *args: Any, call: Call, contact: CallContact | None = None, **options: Any) -> None:
        if contact is not None:
            options["initial"] = _initial(contact)
        super().__init__(*args, **options)
        if contact is not None:
            del self.fields["email"]
        names = dict(language_choices())
        choices = {
            "themes": [(one.key, said(one.name)) for one in call.definition_of_programme.themes],
            "languages": [
                (one, names.get(one, one)) for one in dict.fromkeys((*call.languages, "en", "de", "nl"))
            ],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = listed
        if not choices["themes"]:
            del self.fields["themes"]

    def clean_regions(self) -> list[str]:
        return str(self.cleaned_data["regions"]).upper().replace(",", " ").split()

    def values(self) -> dict[str, Any]:
        names = ("regions", "themes", "languages", "capacity", "away_until", "phone")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def _initial(contact: CallContact) -> dict[str, Any]:
    return {
        "organisation": contact.organisation.name if contact.organisation else "",
        "regions": " ".join(contact.regions),
        "themes": contact.themes,
        "languages": contact.languages,
        "capacity": contact.capacity,
        "away_until": contact.away_until,
        "phone": contact.phone,
    }


class WishForm(forms.Form):
    """Who looks for whom."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    title = forms.CharField(label=_("Whom do you look for?"), max_length=200)
    text = forms.CharField(
        label=_("What you bring, and what the partner should bring"),
        max_length=LONGEST_WISH,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The matchmaker searches with these words. Leave out what must stay secret."),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=lazy(language_choices, list))
    countries = forms.MultipleChoiceField(
        label=_("From"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: from any country of the programme but your own."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kind of partner"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=OrganisationKind.choices,
    )
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, call: Call, leads: list[Any], fixed: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        definition = call.definition_of_programme
        near = sorted({country for side in definition.sides for country in side.countries})
        names = dict(countries())
        choices = {
            "organisation": [(one.key, one.name) for one in leads],
            "countries": [(one, names.get(one, one)) for one in near or _area_countries(call)],
            "themes": [(one.key, said(one.name)) for one in definition.themes],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed
            if not listed:
                del self.fields[name]
        if fixed:
            self.fields.pop("organisation", None)


def _area_countries(call: Call) -> list[str]:
    found = {code[:2] for code in call.definition_of_programme.regions("programme")}
    known = set(codes.scheme("country").codes())
    iso = {"EL": "GR", "UK": "GB"}
    return sorted(iso.get(one, one) for one in found if iso.get(one, one) in known)
