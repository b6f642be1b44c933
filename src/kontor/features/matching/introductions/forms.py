"""Forms of introductions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.features.matching.introductions.actions.answering import LATEST_DAYS
from kontor.features.matching.introductions.actions.locking import LONGEST_WORDS
from kontor.features.matching.introductions.actions.proposing import (
    LONGEST_DAYS,
    LONGEST_NOTE,
    SHORTEST_DAYS,
)
from kontor.features.matching.introductions.queries import Filters
from kontor.features.matching.models.states import NoReason, OutcomeKind, Reply
from kontor.features.organisations.forms import FigureField

Choices = Sequence[tuple[str, str]]
ONLY_YOU = _("Read by you and by cluster managers, not by the other side.")


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ProposeForm(forms.Form):
    asker = forms.ChoiceField(label=_("Who asks?"))
    note = forms.CharField(
        label=_("What is it about?"),
        help_text=_(
            "Both sides read this before they answer. Do not name anybody who wants to stay unnamed."
        ),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name_asker = forms.BooleanField(
        label=_("Say from the start who asks"),
        help_text=_("Otherwise the other side reads the name once both have said yes."),
        required=False,
    )
    days = forms.IntegerField(
        label=_("Days to answer"), min_value=SHORTEST_DAYS, max_value=LONGEST_DAYS, required=False
    )

    def __init__(self, *args: Any, askers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asker"].choices = askers  # type: ignore[attr-defined]
        self.fields["days"].initial = settings.INTRODUCTION_DAYS


class NoForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"), choices=NoReason.choices, widget=forms.RadioSelect, help_text=ONLY_YOU
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotThisOneForm(NoForm):
    asker = forms.ChoiceField(label=_("For whom?"))
    field_order = ["asker", "reason", "words"]

    def __init__(self, *args: Any, askers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asker"].choices = askers  # type: ignore[attr-defined]


class YesForm(forms.Form):
    reply = Reply.YES


class NoAnswerForm(NoForm):
    reply = Reply.NO


class LaterForm(forms.Form):
    reply = Reply.LATER
    later_until = _day(label=_("When can you decide?"), help_text=_("You are asked again on that day."))

    def clean_later_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["later_until"]
        today = timezone.localdate()
        if not today < day <= today + dt.timedelta(days=LATEST_DAYS):
            raise forms.ValidationError(
                _("Choose a day within the next %(days)s days."), params={"days": LATEST_DAYS}
            )
        return day


ANSWER_FORMS: dict[str, type[forms.Form]] = {"yes": YesForm, "no": NoAnswerForm, "later": LaterForm}


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What became of it?"), choices=OutcomeKind.choices, widget=forms.RadioSelect
    )
    amount = FigureField(
        label=_("Worth in EUR"),
        help_text=_("Of the pilot, bid or contract. Leave it empty if you do not know."),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Both sides and their cluster managers read it."),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BoardForm(forms.Form):
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    member = forms.ChoiceField(label=_("Member"), required=False)
    country = forms.ChoiceField(label=_("Country of one of the two"), required=False)
    theme = forms.ChoiceField(label=_("Theme of your member"), required=False)
    since = _day(label=_("Proposed since"), required=False)

    def __init__(self, *args: Any, clusters: Choices, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        self._offer("cluster", clusters)
        self._offer("member", members)
        for name in ("country", "theme"):
            found = [(code, str(codes.label(name, code, reader))) for code in codes.scheme(name).codes()]
            self._offer(name, sorted(found, key=lambda pair: pair[1]))

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = [("", _("any")), *choices]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What fits; a value that the form refuses does not filter, and its error is shown beside it."""
        data = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Filters(**{name: data.get(name) or getattr(Filters(), name) for name in self.fields})
