"""Forms of decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.codes import valid
from kontor.engine.portfolio.model import Pot, Rule
from kontor.features.calls.models import Call
from kontor.features.decisions.models import DecisionKind, PotKind, PurseKind, Round, RoundEnvelope
from kontor.features.decisions.settings import Country, Settings
from kontor.features.organisations.forms.people import FigureField
from kontor.features.organisations.languages import language_name
from kontor.features.programmes.templatetags.programme_words import reader

RULES = [
    (Rule.SKIP, _("Down the ranking, passing over what does not fit")),
    (Rule.STRICT, _("Down the ranking until the money is used")),
    (Rule.BEST, _("The largest total value")),
]


def capped(words: object) -> object:
    """A label with a capital, whatever the reader's language."""
    return lazy(lambda: capfirst(str(words)), str)()


def _money(label: object, help_text: object = "", least: str = "0") -> FigureField:
    return FigureField(
        label=label,  # type: ignore[arg-type] # a lazy translation is a text
        help_text=help_text,  # type: ignore[arg-type] # as above
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(least),
    )


class OpenForm(forms.Form):
    """Which call is decided on, and with which money beside the programme's envelopes."""

    call = forms.ChoiceField(label=_("Call"))
    ceiling = _money(_("Money set aside for this call"), _("Leave it empty where only the envelopes limit."))
    balancing = _money(
        _("Balancing pot"), _("Money that helps regions of a synchronised call that run short.")
    )
    four_eyes = forms.BooleanField(
        label=_("A second person confirms every grant before it is published"), required=False, initial=True
    )

    def __init__(self, *args: Any, calls: Sequence[Call], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["call"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((one.key, str(one)) for one in calls)]
        if not any(one.regions for one in calls):
            del self.fields["balancing"]
        if all(one.regions for one in calls):
            del self.fields["ceiling"]


class RoundForm(forms.Form):
    """Settings of a round, and what its minutes say of the meeting."""

    ceiling = _money(_("Money set aside for this call"))
    balancing = _money(_("Balancing pot"))
    four_eyes = forms.BooleanField(
        label=_("A second person confirms every grant before it is published"), required=False
    )
    met_on = forms.DateField(
        label=_("Day of the meeting"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    present = forms.CharField(
        label=_("Present"),
        required=False,
        max_length=4000,
        help_text=_("One name per line; it stands in the minutes."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        amounts = {row.key: row.amount for row in round.envelopes.filter(key__in=("call", "balancing"))}
        initial = {
            "ceiling": amounts.get("call"),
            "balancing": amounts.get("balancing"),
            **{
                name: getattr(round, name)
                for name in ("four_eyes", "met_on", "place", "present", "notes", "revision")
            },
        }
        super().__init__(*args, **{"initial": initial, **options})
        del self.fields["ceiling" if round.call.regions else "balancing"]

    @property
    def values(self) -> dict[str, Any]:
        told = ("four_eyes", "met_on", "place", "present", "notes")
        return {name: self.cleaned_data[name] for name in told}


class ScoreForm(forms.Form):
    """A total from outside the site; empty takes it back."""

    score = FigureField(label=_("Score from outside, of 100"), required=False, max_digits=7, decimal_places=4)
    source = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        max_length=200,
        help_text=_("The meeting or the document."),
    )


class ScenarioForm(forms.Form):
    """One way of placing the money."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_de = forms.CharField(label=_("Name in German"), required=False, max_length=120)
    name_nl = forms.CharField(label=_("Name in Dutch"), required=False, max_length=120)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=120)
    rule = forms.ChoiceField(
        label=_("How money is given"), choices=RULES, widget=forms.RadioSelect, initial=Rule.SKIP
    )
    pot = forms.ChoiceField(
        label=_("How the money is held"),
        choices=[(kind, capped(words)) for kind, words in PotKind.choices],
        widget=forms.RadioSelect,
    )
    balancing = _money(_("Balancing pot"), _("How much it holds; only with the mixed way."))
    min_score = FigureField(
        label=_("Least score"), required=False, max_digits=7, decimal_places=4, min_value=Decimal(0),
        max_value=Decimal(100),
        help_text=_("Of 100 points. Proposals below it get nothing."),
    )  # fmt: skip
    new_share = FigureField(
        label=_("More than this share of the partners is new, in percent"), required=False, max_digits=5,
        decimal_places=2, min_value=Decimal(0), max_value=Decimal("99.99"),
    )  # fmt: skip
    countries = forms.CharField(
        label=_("Balance between countries"),
        required=False,
        max_length=1000,
        help_text=_("One per line, least and most percent of the money: NL 30 70"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    exclusive = forms.CharField(
        label=_("Proposals that exclude each other"),
        required=False,
        max_length=4000,
        help_text=_("One group per line, numbers with commas; at most one of each group is funded."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    requires = forms.CharField(
        label=_("Proposals that need another one"),
        required=False,
        max_length=4000,
        help_text=_("One per line, the one that needs first: A, B"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    partial = forms.CharField(
        label=_("Partial funding, in percent"),
        required=False,
        max_length=100,
        help_text=_("With commas, as 80, 60. Empty: all or nothing."),
    )
    partial_for = forms.CharField(
        label=_("Only for these proposals"),
        required=False,
        max_length=2000,
        help_text=_("Numbers with commas."),
    )
    adjusted = forms.BooleanField(label=_("Use calibrated scores instead of raw ones"), required=False)

    def __init__(
        self,
        *args: Any,
        round: Round,
        numbers: Mapping[str, str],
        envelopes: Sequence[RoundEnvelope],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.numbers = {number.casefold(): key for key, number in numbers.items()}
        self.envelopes = [row for row in envelopes if row.kind != PurseKind.BALANCING]
        if not round.call.regions:
            del self.fields["pot"], self.fields["balancing"]
        self.written = reader()
        del self.fields[f"name_{self.written}"]
        for row in self.envelopes:
            label = _("More or less money on trial: {name}").format(name=row)
            self.fields[f"extra:{row.key}"] = _money(label, least="-9999999999.99")

    def clean_countries(self) -> tuple[Country, ...]:
        found = []
        for line in self.cleaned_data["countries"].splitlines():
            if not (parts := re.split(r"[\s,;]+", line.strip())) or not parts[0]:
                continue
            if len(parts) not in (2, 3) or not valid("country", parts[0].upper()):
                raise forms.ValidationError(_("“%(line)s” is not like NL 30 70.") % {"line": line})
            least, most = (
                _percent(parts[1], line),
                _percent(parts[2], line) if len(parts) == 3 else Decimal(100),
            )
            if least > most:
                raise forms.ValidationError(_("“%(line)s”: the least is above the most.") % {"line": line})
            found.append(Country(parts[0].upper(), least, most))
        return tuple(found)

    def clean_exclusive(self) -> tuple[tuple[str, ...], ...]:
        return tuple(self._keys(line, 2) for line in self._lines("exclusive"))

    def clean_requires(self) -> tuple[tuple[str, str], ...]:
        pairs = [self._keys(line, 2) for line in self._lines("requires")]
        return tuple((first, other) for first, *others in pairs for other in others)

    def clean_partial_for(self) -> tuple[str, ...]:
        text = self.cleaned_data["partial_for"].strip()
        return self._keys(text, 1) if text else ()

    def clean_partial(self) -> tuple[int, ...]:
        parts = [part for part in re.split(r"[\s,;%]+", self.cleaned_data["partial"]) if part]
        if any(not part.isdecimal() or not 0 < int(part) < 100 for part in parts):
            raise forms.ValidationError(_("Write whole percentages from 1 to 99, as 80, 60."))
        return tuple(sorted({int(part) for part in parts}, reverse=True))

    def _lines(self, name: str) -> list[str]:
        return [line for line in self.cleaned_data[name].splitlines() if line.strip()]

    def _keys(self, line: str, least: int) -> tuple[str, ...]:
        words = [word.strip() for word in re.split(r"[,;]", line) if word.strip()]
        words = list({word.casefold(): word for word in words}.values())
        for word in words:
            if word.casefold() not in self.numbers:
                raise forms.ValidationError(
                    _("There is no proposal “%(number)s” in this call.") % {"number": word}
                )
        if len(words) < least:
            raise forms.ValidationError(_("“%(line)s” names only one proposal.") % {"line": line})
        return tuple(dict.fromkeys(self.numbers[word.casefold()] for word in words))

    @property
    def names(self) -> dict[str, str]:
        """The name in every language in which there is one; it is written in the reader's."""
        told = {code: self.cleaned_data.get(f"name_{code}", "").strip() for code in ("en", "de", "nl")}
        told[self.written] = self.cleaned_data["name"].strip()
        return {code: name for code, name in told.items() if name}

    @property
    def settings(self) -> Settings:
        told = self.cleaned_data
        extra = {row.key: told.get(f"extra:{row.key}") for row in self.envelopes}
        return Settings(
            rule=Rule(told["rule"]),
            pot=Pot(told.get("pot") or Pot.VIRTUAL),
            balancing=(told.get("balancing") or Decimal("0.00"))
            if told.get("pot") == Pot.BALANCING
            else Decimal("0.00"),
            min_score=told["min_score"] or Decimal(0),
            new_share=told["new_share"],
            countries=told["countries"],
            exclusive=told["exclusive"],
            requires=told["requires"],
            partial=told["partial"],
            partial_for=told["partial_for"],
            adjusted=told["adjusted"],
            extra={key: amount for key, amount in extra.items() if amount},
        )


def _percent(text: str, line: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except ArithmeticError:
        value = Decimal(-1)
    if not 0 <= value <= 100:
        raise forms.ValidationError(_("“%(line)s” is not like NL 30 70.") % {"line": line})
    return value


class DecideForm(forms.Form):
    """What becomes of a proposal. `offered`: a reason that the page itself filled in, by the kind that it
    explains; it explains no other.
    """

    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[(kind, capped(words)) for kind, words in DecisionKind.choices],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        help_text=_("It stands in the minutes, and in the letter to the applicants."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("The reason is written in"))
    percent = forms.IntegerField(
        label=_("Share of what was asked, in percent"), min_value=1, max_value=100, initial=100
    )
    conditions = forms.CharField(
        label=pgettext_lazy("grant", "Conditions"),
        required=False,
        max_length=4000,
        help_text=_("Where it is approved with conditions."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    redirect_to = forms.CharField(
        label=_("Sent on to"), required=False, max_length=300, help_text=_("Where it is sent on elsewhere.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reader: str, written_for: str, offered: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.offered = offered
        languages = self.fields["language"]
        assert isinstance(languages, forms.ChoiceField)
        languages.choices = [(code, language_name(code)) for code in ("en", "de", "nl")]
        languages.initial = reader
        languages.help_text = _("The letter to the applicants is in: %(language)s.") % {
            "language": language_name(written_for)
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        kind, reason = told.get("kind"), told.get("reason", "").strip()
        meant = {of for of, words in self.offered if words.strip() == reason}
        if kind and meant and kind not in meant:
            self.add_error("reason", _("These words explain another decision. Say why you decide so."))
        return told


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("It stays on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PublishForm(forms.Form):
    partial = forms.BooleanField(
        label=_("Publish only what is decided; the rest follows later"), required=False
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("It stands beside the publication.")
    )

    def __init__(self, *args: Any, undecided: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not undecided:
            del self.fields["partial"]


class LetterForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=300)
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 22}))
    accepted = forms.BooleanField(
        label=_("What the check found stands"),
        required=False,
        help_text=_("Needed only where you leave words that were found."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not found and not self.initial.get("accepted"):
            del self.fields["accepted"]
