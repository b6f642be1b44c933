"""Forms of calls: asking, editing, answering, days."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor.base.components.dates import day_text
from kontor.base.errors import KontorError
from kontor.base.local_time import instant
from kontor.features.calls.announcing.actions.questions import LONGEST
from kontor.features.calls.announcing.queries import WHENS
from kontor.features.calls.models import Call, CallDay, DayKind, FundingMode
from kontor.features.organisations.languages import language_choices
from kontor.features.programmes.models import Programme
from kontor.features.programmes.templatetags.programme_words import reader, said

_TIMES = ("opens_at", "closes_at", "second_closes_at")
_ZONES = sorted(zone for zone in available_timezones() if zone.startswith("Europe/"))


class LocalTimeField(forms.Field):
    """A day and a time without a zone, as `YYYY-MM-DDTHH:MM`; the form says in which zone it is meant."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        try:
            return dt.datetime.fromisoformat(str(value)).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(
                _("“%(value)s” is no day with a time. Write it like 2027-03-01T17:00."),
                params={"value": str(value)[:40]},
            ) from None


def set_instants(form: forms.Form, zone: ZoneInfo, *names: str) -> None:
    """Make the typed times of these fields instants of `zone`; what no clock shows, or shows twice,
    becomes an error of its field.
    """
    for name in names:
        local = form.cleaned_data.get(name)
        if local is None:
            continue
        try:
            form.cleaned_data[name] = instant(local, zone)
        except KontorError as error:
            form.add_error(name, str(error))


class ListForm(forms.Form):
    """What the list of calls shows."""

    q = forms.CharField(required=False, max_length=200)
    when = forms.ChoiceField(label=_("When"), required=False, choices=[("", _("all calls")), *WHENS.items()])


class QuestionForm(forms.Form):
    """A question about the call; answered by mail where an address is given."""

    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("For the answer only. It is never shown."),
    )


class FirstContactForm(forms.Form):
    """An idea that somebody wants to talk about; a contact person answers."""

    title = forms.CharField(label=_("What is it about?"), max_length=200)
    text = forms.CharField(
        label=_("In a few sentences"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-combobox": "/directory/names/"}),
        help_text=_("As in the directory, or any other name."),
    )
    region = forms.CharField(
        label=_("Region (NUTS)"),
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "DEA1B"}),
        help_text=_("The contact person for your region answers."),
    )
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language for the answer"), choices=lazy(language_choices, list))

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        themes = self.fields["themes"]
        assert isinstance(themes, forms.MultipleChoiceField)
        themes.choices = [(one.key, said(one.name)) for one in call.definition_of_programme.themes]
        if not themes.choices:
            del self.fields["themes"]


class NewCallForm(forms.Form):
    """Of which instrument; everything else comes from the programme's file and is edited afterwards."""

    support = forms.ChoiceField(label=_("Programme and instrument"))

    def __init__(self, *args: Any, programmes: list[Programme], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["support"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (f"{programme.key}|{variant.key}|{one.key}", f"{said(variant.name)}: {said(one.name)}")
            for programme in programmes
            if (version := programme.current) is not None
            for variant in (version.definition, *version.definition.variants)
            for one in variant.instruments
        ]


class CallForm(forms.Form):
    """The draft of a call without its regional annexes; texts in every language it may have."""

    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in _ZONES])
    opens_at = LocalTimeField(label=_("Opens"))
    closes_at = LocalTimeField(label=_("Closes"), help_text=_("The server's clock decides, to the second."))
    steps = forms.TypedChoiceField(
        label=_("Steps"),
        coerce=int,
        choices=[(1, _("one: the application")), (2, _("two: a short one, then a full one by invitation"))],
    )
    second_closes_at = LocalTimeField(
        label=_("Second step closes"), required=False, help_text=_("May stay empty until it is known.")
    )
    more = forms.MultipleChoiceField(
        label=_("One may also apply for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label=_("Funding mode"), choices=FundingMode.choices)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        options["initial"] = _initial(call)
        super().__init__(*args, **options)
        definition = call.definition_of_programme
        self.texts = tuple(dict.fromkeys((*definition.languages, *call.languages)))
        names = dict(language_choices(reader()))
        self._choose("languages", [(one, names.get(one, one)) for one in self.texts])
        others = [one for one in definition.instruments if one.key != call.instrument]
        self._choose("more", [(one.key, said(one.name)) for one in others])
        if not others:
            del self.fields["more"]
        for language in self.texts:
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Title"), required=False, max_length=200, initial=call.title.get(language, "")
            )
            self.fields[f"summary_{language}"] = forms.CharField(
                label=_("What it is for, and for whom"),
                required=False,
                max_length=3_000,
                initial=call.summary.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 5}),
            )
        self.names = names

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def by_language(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Code, name, title and summary of each language."""
        return [
            (one, self.names.get(one, one), self[f"title_{one}"], self[f"summary_{one}"])
            for one in self.texts
        ]

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone that was chosen; None where none was."""
        name = self.cleaned_data.get("time_zone")
        return Call(time_zone=name).zone if name else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.zone is not None:
            set_instants(self, self.zone, *_TIMES)
        return given

    def values(self) -> dict[str, Any]:
        """What the action takes; times in the zone that was chosen."""
        given = self.cleaned_data
        told: dict[str, Any] = {
            name: given[name] for name in ("languages", "time_zone", "steps", "mode") if name in given
        }
        told["more"] = given.get("more", [])
        told |= {name: given[name] for name in _TIMES}
        for name in ("title", "summary"):
            texts = {one: given[f"{name}_{one}"].strip() for one in self.texts}
            told[name] = {one: text for one, text in texts.items() if text}
        return told


def _initial(call: Call) -> dict[str, Any]:
    values = {
        name: getattr(call, name) for name in ("languages", "time_zone", "steps", "more", "mode", "revision")
    }
    for name in _TIMES:
        values[name] = local_text(getattr(call, name), call)
    return values


def local_text(moment: dt.datetime | None, call: Call) -> str:
    """As a `datetime-local` control takes it, in the call's time zone."""
    return moment.astimezone(call.zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


class DeadlineForm(forms.Form):
    """A later deadline, and why: of a step, or of one region of a synchronised call alone."""

    which = forms.ChoiceField(label=_("Which deadline"))
    to = LocalTimeField(label=_("New deadline"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Everybody who applies reads it.")
    )

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        steps = [("1", _("of the first step")), ("2", _("of the second step"))][: call.steps]
        choices = [(key, f"{words} ({_now(call, int(key))})") for key, words in steps]
        for one in call.regions:
            words = _("of the region {region} alone").format(region=call.said(one["name"]))
            choices.append((f"region:{one['key']}", f"{words} ({_now(call, 1, one['key'])})"))
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        self.fields["to"].initial = local_text(call.closes_at, call)
        self.zone = call.zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        set_instants(self, self.zone, "to")
        return given

    def values(self) -> dict[str, Any]:
        """As `actions.move_deadline` takes them."""
        which = self.cleaned_data["which"]
        region = which.removeprefix("region:") if which.startswith("region:") else ""
        step = 1 if region else int(which)
        return {
            "step": step,
            "region": region,
            "to": self.cleaned_data["to"],
            "reason": self.cleaned_data["reason"],
        }


def _now(call: Call, step: int, region: str = "") -> str:
    """The deadline as it is now."""
    if step == 2 and call.second_closes_at is None:
        return str(_("open yet"))
    at = call.closes_in(step, region).astimezone(call.zone)
    return f"{day_text(at.date())}, {at:%H:%M}"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stays on record."),
        widget=forms.Textarea({"rows": 3}),
    )


class AnswerForm(forms.Form):
    """Question and answer in each language of the call."""

    publish = forms.BooleanField(label=_("Show it on the call's page"), required=False, initial=True)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, call: Call, texts: dict[str, dict[str, str]], asked: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.languages = tuple(call.languages)
        self.names = dict(language_choices(reader()))
        for language in self.languages:
            told = texts.get(language, {})
            for name, label, rows in (("question", _("Question"), 2), ("answer", _("Answer"), 5)):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=LONGEST,
                    initial=told.get(name, ""),
                    widget=forms.Textarea(attrs={"rows": rows}),
                )

    @property
    def by_language(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        return [
            (one, self.names.get(one, one), self[f"question_{one}"], self[f"answer_{one}"])
            for one in self.languages
        ]

    def values(self) -> dict[str, dict[str, str]]:
        return {
            one: {name: self.cleaned_data[f"{name}_{one}"] for name in ("question", "answer")}
            for one in self.languages
        }


class DayForm(forms.Form):
    """A day of the calendar; its name in each language of the call."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    starts_at = LocalTimeField(label=_("Begins"))
    ends_at = LocalTimeField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)

    def __init__(self, *args: Any, call: Call, day: CallDay | None = None, **options: Any) -> None:
        initial = {}
        if day is not None:
            initial = {"kind": day.kind, "place": day.place}
            initial |= {name: local_text(getattr(day, name), call) for name in ("starts_at", "ends_at")}
        options["initial"] = initial
        super().__init__(*args, **options)
        self.call = call
        names = dict(language_choices(reader()))
        for language in call.languages:
            self.fields[f"name_{language}"] = forms.CharField(
                label=f"{_('Name')} ({names.get(language, language)})",
                max_length=200,
                required=False,
                initial=day.name.get(language, "") if day else "",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        set_instants(self, self.call.zone, "starts_at", "ends_at")
        return given

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        told = {"kind": given["kind"], "place": given["place"].strip()}
        told |= {name: given[name] for name in ("starts_at", "ends_at")}
        texts = {one: given[f"name_{one}"].strip() for one in self.call.languages}
        return {**told, "name": {one: text for one, text in texts.items() if text}}
