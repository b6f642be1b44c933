"""Keys in the engine's answers as names, and its reasons as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.features.calls.models import Application
from kontor.features.juries.conflicts.found import KINDS, Kind
from kontor.features.juries.marking import Scale
from kontor.features.juries.models import Member, Panel, PitchSlot
from kontor.features.organisations.languages import language_name

EXPERTS, APPLICATIONS = ("expert", "juror"), ("application", "pitch", "first", "second")


def spoken() -> str:
    return (get_language() or "en").split("-")[0]


@dataclass(frozen=True)
class Words:
    """Names by key: of members, of applications (or pitches), of fields."""

    members: Mapping[str, str] = field(default_factory=dict)
    applications: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def member(self, key: str) -> str:
        return self.members.get(key) or _("an assessor who left")

    def application(self, key: str) -> str:
        return self.applications.get(key) or _("an application that left")

    def sentence(self, reason: Mapping[str, Any]) -> str:
        """A reason as a plan or a running order keeps it."""
        params = {name: self._worded(name, value) for name, value in reason["params"].items()}
        return _(reason["template"]) % params

    def _worded(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(str(self._worded(name.removesuffix("s"), each)) for each in value)
        if name in EXPERTS:
            return self.member(value)
        if name in APPLICATIONS:
            return self.application(value)
        if name == "field":
            return self.fields.get(value, value)
        if name == "language":
            return language_name(str(value))
        if name == "reason":
            return ", ".join(str(KINDS[Kind(each)]) for each in str(value).split(",") if each in set(Kind))
        return value


def words_of(panel: Panel) -> Words:
    """Names as those who run the panel may know them; two queries."""
    members = dict(Member.objects.filter(panel=panel).values_list("key", "expert__name"))
    rows = Application.objects.filter(call=panel.call_id).values_list("key", "number")
    themes = panel.call.definition_of_programme.themes
    return Words(members, dict(rows), {each.key: each.name.best(spoken()) for each in themes})


def pitch_words(panel: Panel, slots: list[PitchSlot]) -> Words:
    found = words_of(panel)
    return Words(found.members, {each.key: each.application.number for each in slots}, found.fields)


def failures(outcome: Any, scale: Scale) -> list[str]:
    """Why an application does not pass, in words."""
    if outcome.final is None:
        return []
    names = {each.key: each.name.best(spoken()) for each in scale.criteria}
    levels = scale.level_names(spoken())
    told = []
    for reason in outcome.final.score.failures:
        params = dict(reason.params)
        if "criterion" in params:
            params["criterion"] = names.get(params["criterion"], params["criterion"])
        for name in ("verdict", "least"):
            if name in params:
                params[name] = levels.get(params[name], params[name])
        told.append((_(reason.template) % params).replace(" %", "\u00a0%"))
    return told


def scale_rules(scale: Scale) -> Iterator[str]:
    """What the programme asks of totals, and when a third assessor is due, in sentences."""
    asked = scale.assessment
    if asked.threshold:
        yield _("The total needs at least %(share)s of 100.") % {"share": floatformat(asked.threshold)}
    if asked.each:
        yield _("Each criterion needs at least %(share)s of 100.") % {"share": floatformat(asked.each)}
    if scale.in_words:
        worth = ", ".join(f"{name} {floatformat(points, '-2')}" for name, points in scale.worth(spoken()))
        yield _("Verdicts are worth points of 100: %(worth)s.") % {"worth": worth}
    if asked.apart is not None:
        yield _("Totals %(points)s points or more apart call for a third assessor.") % {
            "points": floatformat(asked.apart)
        }
    yield _("One assessor who passes what another does not calls for a third one.")


def third_reason(outcome: Any) -> str:
    """Why a third assessor is due; empty where none is."""
    return outcome.third.text(_) if outcome.third else ""
