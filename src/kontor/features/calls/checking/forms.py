"""The self-check's form: idea, what is asked for, team, and where a link to it shall be sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.checking.themes import main_theme_fault, shares_fault
from kontor.features.calls.models import Call
from kontor.features.organisations.languages import language_choices
from kontor.features.programmes.self_check import PartnerForm, TeamForm
from kontor.features.programmes.templatetags.programme_words import said

#: Partners on one page.
MOST = 20
#: Names of the fields that hold the share of a theme.
_SHARE = "share_"
_FLAGS = ("led_before", "new", "in_difficulty")


class CheckForm(TeamForm):
    """What is known of the project; nothing is required."""

    title = forms.CharField(label=_("Working title"), max_length=200, required=False)
    idea = forms.CharField(
        label=_("Your idea in two or three sentences"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("It becomes the first text of the application."),
    )
    language = forms.ChoiceField(label=_("Language of the application"), choices=lazy(language_choices, list))
    main_theme = forms.ChoiceField(
        label=_("Main theme"),
        required=False,
        help_text=_("Its money pays for the project. Needed where you chose several themes."),
    )

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, definition=call.definition_of_programme, **options)
        self._ask_which_theme_pays(call)
        offered = call.instruments
        self._choose("instrument", [(one.key, said(one.name)) for one in offered])
        if len(offered) == 1:
            self.fields["instrument"].widget = forms.HiddenInput()
            self.fields["instrument"].initial = offered[0].key
        names = dict(language_choices())
        self._choose("language", [(one, names.get(one, one)) for one in call.languages])

    @property
    def shares(self) -> list[forms.BoundField]:
        """A percentage for each theme, where the programme asks for them."""
        return [self[name] for name in self.fields if name.startswith(_SHARE)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        themes, main = given.get("themes", []), given.get("main_theme", "")
        if main and (fault := main_theme_fault(main, themes)):
            self.add_error("main_theme", fault)
        told = {name: given[name] for name in given if name.startswith(_SHARE) and given[name] is not None}
        given["theme_shares"] = {name.removeprefix(_SHARE): str(share) for name, share in told.items()}
        if fault := shares_fault(given["theme_shares"], themes):
            self.add_error(next(iter(told)), fault)
        return given

    def _ask_which_theme_pays(self, call: Call) -> None:
        definition = call.definition_of_programme
        asked = definition.several_themes if len(definition.themes) > 1 else ""
        themes = [(one.key, said(one.name)) for one in definition.themes]
        if asked == "main":
            self._choose("main_theme", [("", str(_("not known yet"))), *themes])
        else:
            del self.fields["main_theme"]
        known = (self.initial or {}).get("theme_shares") or {}
        for key, name in themes if asked == "stated" else ():
            self.fields[f"{_SHARE}{key}"] = forms.DecimalField(
                label=name,
                required=False,
                min_value=Decimal("0.01"),
                max_value=100,
                decimal_places=2,
                localize=True,
                initial=Decimal(known[key]) if key in known else None,
            )


class KeepForm(forms.Form):
    """Where the link shall go."""

    email = forms.EmailField(
        label=_("Send the link to"),
        help_text=_("The check can be opened with it for half a year, without an account."),
    )


def answers_of(form: CheckForm, partners: Sequence[PartnerForm], lead: str) -> dict[str, Any]:
    """What is kept of the cleaned forms: plain values, amounts as exact text."""
    given = form.cleaned_data
    return {
        "title": given["title"].strip(),
        "idea": given["idea"].strip(),
        "language": given["language"],
        "instrument": given["instrument"],
        "themes": given.get("themes", []),
        "main_theme": given.get("main_theme", ""),
        "theme_shares": given.get("theme_shares", {}),
        "kets": given.get("kets", []),
        "months": given.get("months"),
        "grant": _amount(given.get("grant")),
        "partners": [_partner(one.cleaned_data, at, lead) for at, one in enumerate(partners)],
    }


def initial_of(answers: dict[str, Any]) -> dict[str, Any]:
    """The team form as it was filled in."""
    grant = answers.get("grant")
    return {**answers, "grant": Decimal(grant) if grant else None}


def rows_of(answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The partner forms as they were filled in."""
    words = {True: "yes", False: "no", None: ""}
    return [
        {
            **one,
            **{name: words[one.get(name)] for name in _FLAGS},
            "cost": Decimal(one["cost"]) if one.get("cost") else None,
        }
        for one in answers.get("partners", [])
    ]


def lead_of(answers: dict[str, Any]) -> str:
    """The position of the lead, as the page's radio button has it."""
    return next((str(at) for at, one in enumerate(answers.get("partners", [])) if one.get("lead")), "0")


def _partner(values: dict[str, Any], at: int, lead: str) -> dict[str, Any]:
    flags = {"yes": True, "no": False}
    told: dict[str, Any] = {
        "key": str(at + 1),
        "name": values["name"].strip(),
        "lead": lead == str(at),
        "cost": _amount(values.get("cost")),
    }
    told |= {name: values[name] for name in ("country", "nuts", "kind", "size")}
    return told | {name: flags.get(values[name]) for name in _FLAGS}


def _amount(value: Decimal | None) -> str | None:
    return str(value) if value is not None else None
