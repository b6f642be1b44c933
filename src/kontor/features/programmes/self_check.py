"""A team as somebody describes it to ask whether it may apply: forms, and from them the team.

Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor import codes, programmes
from kontor.features.organisations.models import Organisation, OrganisationKind, SizeClass
from kontor.features.programmes.forms import MoneyField
from kontor.features.programmes.templatetags.programme_words import reader, said
from kontor.programmes.rules import Partner, Team

#: Partners on one page.
MOST = 20
_UNKNOWN = ("", _("not known yet"))
_YES_NO = [_UNKNOWN, ("yes", _("yes")), ("no", _("no"))]


class PartnerForm(forms.Form):
    """One partner; whatever is left empty is not known yet."""

    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    nuts = forms.CharField(
        label=_("Region"),
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "DEA1B"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_UNKNOWN, *OrganisationKind.choices])
    size = forms.ChoiceField(
        label=_("Size"),
        required=False,
        choices=[_UNKNOWN, *((key, label) for key, label in SizeClass.choices if key != "unknown")],
    )
    cost = MoneyField(label=_("Cost"), required=False)
    led_before = forms.ChoiceField(label=_("Led a project before"), required=False, choices=_YES_NO)
    new = forms.ChoiceField(label=_("New to the programme"), required=False, choices=_YES_NO)
    in_difficulty = forms.ChoiceField(label=_("In difficulty"), required=False, choices=_YES_NO)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_UNKNOWN, *countries()]

    def clean_nuts(self) -> str:
        code: str = self.cleaned_data["nuts"].strip().upper()
        if code and not codes.valid("nuts", code):
            raise forms.ValidationError(_("“%(code)s” is no NUTS code.") % {"code": code})
        return code


class TeamForm(forms.Form):
    """What is known of the project."""

    instrument = forms.ChoiceField(label=_("What do you apply for?"))
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    kets = forms.MultipleChoiceField(
        label=_("Key enabling technologies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    months = forms.IntegerField(
        label=_("Months"),
        required=False,
        min_value=1,
        max_value=600,
        error_messages={"min_value": _("At least one month."), "invalid": _("Write whole months in digits.")},
    )
    grant = MoneyField(label=_("Grant asked for"), required=False)

    def __init__(self, *args: Any, definition: programmes.Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("instrument", instruments(definition))
        self._choose("themes", [(one.key, said(one.name)) for one in definition.themes])
        kets = definition.instruments and any(
            use.rule == "mandatory-kets" for one in definition.instruments for use in one.rules
        )
        if kets:
            listed = codes.scheme("ket").codes()
            self._choose("kets", [(code, str(codes.label("ket", code, reader()))) for code in listed])
        else:
            del self.fields["kets"]
        if not definition.themes:
            del self.fields["themes"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def instruments(definition: programmes.Programme) -> list[tuple[str, str]]:
    """Instruments of the programme and of its variants, as `instrument` or `variant/instrument`."""
    own = [(one.key, said(one.name)) for one in definition.instruments]
    more = [
        (f"{variant.key}/{one.key}", f"{said(variant.name)}: {said(one.name)}")
        for variant in definition.variants
        for one in variant.instruments
    ]
    return own + more


def chosen(definition: programmes.Programme, key: str) -> tuple[programmes.Programme, programmes.Instrument]:
    """Programme or variant, and instrument, of a key that `instruments` lists. KeyError for any other."""
    variant, _slash, instrument = key.rpartition("/")
    of = {one.key: one for one in definition.variants}[variant] if variant else definition
    return of, of.instrument(instrument)


def countries() -> list[tuple[str, str]]:
    """By name in the reader's language."""
    listed = [(code, str(codes.label("country", code, reader()))) for code in codes.scheme("country").codes()]
    return sorted(listed, key=lambda pair: pair[1])


def team_from(team: Mapping[str, Any], partners: Sequence[Mapping[str, Any]], lead: str) -> Team:
    """The team of cleaned forms. InvalidInput where what was said contradicts itself."""
    return Team(
        partners=tuple(_partner(values, at, lead) for at, values in enumerate(partners)),
        themes=tuple(team["themes"]) or None if "themes" in team else None,
        kets=tuple(team["kets"]) or None if "kets" in team else None,
        months=team.get("months"),
        grant=team.get("grant"),
    )


def _partner(values: Mapping[str, Any], at: int, lead: str) -> Partner:
    flags = {"yes": True, "no": False}
    return Partner(
        key=str(at + 1),
        name=values["name"].strip() or str(_("Partner {number}")).format(number=at + 1),
        country=values["country"] or None,
        nuts=values["nuts"] or None,
        kind=values["kind"] or None,
        size=values["size"] or None,
        cost=values["cost"],
        lead=lead == str(at),
        led_before=flags.get(values["led_before"]),
        new=flags.get(values["new"]),
        in_difficulty=flags.get(values["in_difficulty"]),
    )


def from_directory(organisation: Organisation) -> dict[str, str]:
    """What the directory shows of an organisation, as a partner's form takes it."""
    known = organisation.size != SizeClass.UNKNOWN
    return {
        "name": organisation.name,
        "country": organisation.country,
        "nuts": organisation.nuts3,
        "kind": organisation.kind,
        "size": organisation.size if known else "",
    }
