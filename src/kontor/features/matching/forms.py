"""The search form. It reads addresses, so it forgives: what it cannot use is said beside the field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.features.matching.ask import PAST, WEIGHTS, Ask
from kontor.features.matching.problem import past_weight
from kontor.features.matching.weights.queries import active_weights
from kontor.features.matching.wording import PARTS, language_label
from kontor.features.organisations.models import OrganisationKind

KINDS = [
    ("need", _("a need: who can do this?")),
    ("offer", _("an offer: who needs this?")),
    ("idea", _("an idea: who would join?")),
    ("challenge", _("a buyer's challenge: who has a solution?")),
]
LEVELS = [("", "–"), *((str(level), str(level)) for level in range(1, 10))]
# Languages in which the matchmaker reads texts.
LANGUAGES = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
LONGEST = 200_000
MOST = 20


class Slider(forms.NumberInput):
    """A slider that always shows a value: without one, browsers put it in the middle and send that."""

    input_type = "range"

    def __init__(self, usual: float) -> None:
        super().__init__(attrs={"step": "0.5"})
        self.usual = usual

    def format_value(self, value: Any) -> str | None:
        shown: str | None = super().format_value(self.usual if value in (None, "") else value)
        return shown


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("What do you look for?"),
        help_text=_("A sentence or a whole paragraph, in your own language."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _(
                "This text is longer than %(limit_value)s characters. Paste the part that matters."
            ),
        },
    )
    kind = forms.ChoiceField(label=_("This is"), choices=KINDS, required=False)
    origin = forms.ChoiceField(label=_("You are in"), required=False)
    across = forms.BooleanField(label=_("Only partners across the border"), required=False)
    countries = forms.MultipleChoiceField(label=_("Partner's country"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kind of organisation"),
        choices=OrganisationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sme = forms.BooleanField(label=_("Only small and medium-sized firms"), required=False)
    theme = forms.MultipleChoiceField(label=_("Theme"), required=False, widget=forms.CheckboxSelectMultiple)
    code = forms.CharField(
        label=_("Code"), help_text=_("NACE or CPV, as nace:28.11 or cpv:09300000."), required=False
    )
    trl_min = forms.TypedChoiceField(
        label=_("Readiness from"), choices=LEVELS, coerce=int, empty_value=None, required=False
    )
    trl_max = forms.TypedChoiceField(
        label=_("Readiness to"), choices=LEVELS, coerce=int, empty_value=None, required=False
    )
    area = forms.CharField(
        label=_("Region"), help_text=_("NUTS codes or their beginnings, as NL22 DEA1."), required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Works in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language of the text"), required=False)
    organisation = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    statement = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    product = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    team = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    excluded = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    read_codes = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)
    wrong_codes = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        countries = sorted(
            ((code, str(codes.label("country", code, reader))) for code in codes.scheme("country").codes()),
            key=lambda pair: pair[1],
        )
        _offer(self.fields["origin"], [("", _("not said")), *countries])
        _offer(self.fields["countries"], countries)
        themes = [(code, str(codes.label("theme", code, reader))) for code in codes.scheme("theme").codes()]
        _offer(self.fields["theme"], sorted(themes, key=lambda pair: pair[1]))
        spoken = sorted(((code, language_label(code)) for code in LANGUAGES), key=lambda pair: pair[1])
        _offer(self.fields["languages"], spoken)
        _offer(self.fields["language"], [("", _("recognise it")), *spoken])
        self.usual = usual_weights()
        for name in WEIGHTS:
            self.fields[f"w_{name}"] = forms.FloatField(
                label=PARTS[name],
                min_value=0.5 if name == "fit" else 0,
                max_value=MOST,
                required=False,
                initial=self.usual[name],
                widget=Slider(usual=self.usual[name]),
            )
        for field in self.fields.values():
            # The conditions stand beside the results, outside the form element they belong to.
            field.widget.attrs["form"] = "ask-form"

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "origin", "across")]

    def countries_among(self, present: Iterable[str]) -> list[tuple[str, str, bool]]:
        """Code, name and whether it is chosen: countries where somebody can be found, and chosen ones."""
        chosen = set(self["countries"].value() or ())
        shown = {*present, *chosen}
        choices: list[tuple[str, str]] = self.fields["countries"].choices  # type: ignore[attr-defined]
        return [(code, name, code in chosen) for code, name in choices if code in shown]

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in ("sme", "kinds", "theme")]

    @property
    def more_conditions(self) -> list[forms.BoundField]:
        names = ("trl_min", "trl_max", "area", "code", "languages", "language")
        return [self[name] for name in names]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"w_{name}"] for name in WEIGHTS]

    @property
    def more_in_use(self) -> bool:
        """Whether a condition of the folded part is set, so that it is shown open."""
        return any(bound.data for bound in self.more_conditions) or bool(self.errors)

    def clean_code(self) -> tuple[str, ...]:
        """Codes in one line, separated by spaces or commas, each checked against its list."""
        found = []
        for item in self.cleaned_data["code"].replace(",", " ").split():
            scheme, _sep, code = item.partition(":")
            known = codes.canonical(scheme.lower(), code) if scheme.lower() in codes.SCHEMES else None
            if known is None:
                raise forms.ValidationError(
                    _("“%(code)s” is in no list. Write scheme and code, as nace:28.11."),
                    params={"code": item},
                )
            found.append(f"{scheme.lower()}:{known}")
        return tuple(found)

    def clean_wrong_codes(self) -> tuple[str, ...]:
        """Codes taken out of those that were read; what is none is passed over, for nobody types this."""
        return tuple(item for item in self.cleaned_data["wrong_codes"].split() if _is_code(item))

    def clean_area(self) -> tuple[str, ...]:
        found = tuple(self.cleaned_data["area"].upper().replace(",", " ").split())
        for item in found:
            if not codes.valid("nuts", item) and not codes.valid("country", item):
                raise forms.ValidationError(
                    _("“%(code)s” is no NUTS region. Write codes as NL22 or DEA1."), params={"code": item}
                )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("trl_min"), data.get("trl_max")
        if low and high and low > high:
            self.add_error("trl_max", _("Readiness to is below readiness from. Swap the two."))
        return data

    def ask(self) -> Ask:
        """The question of a valid form."""
        data = self.cleaned_data
        weights = {name: data[f"w_{name}"] for name in WEIGHTS if data.get(f"w_{name}") is not None}
        return Ask(
            text=data["q"],
            language=data["language"],
            kind=data["kind"] or "need",
            organisation=data["organisation"],
            statement=data["statement"],
            product=data["product"],
            origin=data["origin"],
            across=data["across"],
            countries=tuple(data["countries"]),
            sme=data["sme"],
            kinds=tuple(data["kinds"]),
            codes=(*(f"theme:{code}" for code in data["theme"]), *data["code"]),
            trl_min=data["trl_min"],
            trl_max=data["trl_max"],
            area=data["area"],
            languages=tuple(data["languages"]),
            team=tuple(data["team"].split()),
            excluded=tuple(data["excluded"].split()),
            read_codes=data["read_codes"] != "no",
            wrong_codes=data["wrong_codes"],
            weights={name: value for name, value in weights.items() if value != self.usual[name]},
        )


def usual_weights() -> dict[str, float]:
    """What counts how much where nobody says otherwise; the parts known from earlier projects as one.

    Rounded to what a slider can show, so that one left alone is not taken for a wish.
    """
    weights = active_weights()
    told = {name: getattr(weights, name) for name in WEIGHTS if name != PAST}
    return {name: _shown(value) for name, value in {**told, PAST: past_weight(weights)}.items()}


def _shown(weight: float) -> float:
    return min(MOST, round(2 * weight) / 2)


def _is_code(item: str) -> bool:
    scheme, colon, code = item.partition(":")
    return bool(scheme and colon and code)


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    field.choices = choices  # type: ignore[attr-defined]
