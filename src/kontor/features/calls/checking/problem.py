"""From a kept self-check to a team, and from the rules' answers to what is recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from kontor import programmes
from kontor.features.calls.models import Call
from kontor.programmes.rules import Partner, Team

Json = dict[str, Any]


def team_of_check(answers: Json) -> Team:
    """The team that somebody described. InvalidInput where the answers contradict themselves."""
    return Team(
        partners=tuple(_partner(told, at) for at, told in enumerate(answers.get("partners", ()), 1)),
        themes=tuple(answers.get("themes") or ()) or None,
        kets=tuple(answers.get("kets") or ()) or None,
        months=answers.get("months"),
        grant=_money(answers.get("grant")),
    )


def assess_check(call: Call, answers: Json) -> programmes.Assessment:
    """Every rule of what is asked for, about that team."""
    definition = call.definition_of_programme
    instrument = definition.instrument(answers.get("instrument") or call.instrument)
    return programmes.assess(definition, instrument, team_of_check(answers))


def recorded(assessment: programmes.Assessment, languages: tuple[str, ...]) -> list[Json]:
    """What each rule said, in each language, so that it can be read when rules and texts have changed."""
    return [
        {
            "rule": answer.use.key,
            "state": str(answer.state),
            "preference": answer.use.preference,
            "source": answer.use.source,
            "text": {language: answer.wording(language) for language in languages},
            "reasons": {
                language: [finding.reason.text(language) for finding in answer.findings]
                for language in languages
            },
        }
        for answer in assessment.answers
    ]


def _partner(told: Json, number: int) -> Partner:
    return Partner(
        key=told["key"],
        name=told.get("name") or gettext("Partner %(number)s") % {"number": number},
        country=told.get("country") or None,
        nuts=told.get("nuts") or None,
        kind=told.get("kind") or None,
        size=told.get("size") or None,
        cost=_money(told.get("cost")),
        lead=bool(told.get("lead")),
        led_before=told.get("led_before"),
        new=told.get("new"),
        in_difficulty=told.get("in_difficulty"),
    )


def _money(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
