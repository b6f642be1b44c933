"""The parts of an announcement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from ninja import Field, Schema

from kontor.features.calls.announcing.queries import Left, left_by_region
from kontor.features.calls.models import Call, CallContact
from kontor.features.programmes.templatetags.programme_words import reader, rule_text
from kontor.programmes import Instrument


class CallRegionOut(Schema):
    key: str
    name: dict[str, str]
    envelope: str = Field(description="of the programme that pays; empty where none does")
    nuts: list[str]
    budget: str = Field(description="exact amount, as the others; empty: not said")
    left: str = Field(description="in the programme's envelope; empty where none pays")
    rate: str
    ceiling: str = Field(description="for one partner")
    kinds: list[str] = Field(description="whom it pays; none: all")
    closes_at: dt.datetime | None = Field(description="its own deadline, where it differs")


class CallPhaseOut(Schema):
    key: str
    name: str
    role: str
    days: int | None = Field(description="it must be over within so many")


class CallCriterionOut(Schema):
    key: str
    name: str
    question: str
    weight: str


class CallRuleOut(Schema):
    key: str
    text: str
    preference: bool = Field(description="preferred, never a reason to refuse")


class CallInstrumentOut(Schema):
    """In the language of Accept-Language; amounts are exact texts, empty where there is no limit."""

    key: str
    name: str
    summary: str
    rate: str
    grant_ceiling: str
    project_ceiling: str
    most_months: int | None
    rules: list[CallRuleOut]
    criteria: list[CallCriterionOut]
    phases: list[CallPhaseOut] = Field(description="the way to the decision")


class AnnouncedContactOut(Schema):
    name: str
    email: str
    phone: str
    organisation: str
    regions: list[str]
    languages: list[str]


def regions_told(call: Call, left: Iterable[Left]) -> list[dict[str, Any]]:
    remaining = left_by_region(call, left)
    texts = ("envelope", "budget", "rate", "ceiling")
    return [
        {
            **{name: str(one.get(name) or "") for name in texts},
            "key": one["key"],
            "name": one["name"],
            "nuts": one.get("nuts") or [],
            "left": str(remaining.get(one["key"], "")),
            "kinds": one.get("kinds") or [],
            "closes_at": one.get("closes_at"),
        }
        for one in call.regions
    ]


def instrument_told(call: Call, one: Instrument) -> dict[str, Any]:
    language = reader()
    definition = call.definition_of_programme
    criteria = one.assessment.criteria if one.assessment else ()
    amounts = ("rate", "grant_ceiling", "project_ceiling")
    return {
        **{name: _exact(getattr(one, name)) for name in amounts},
        "key": one.key,
        "name": one.name.best(language),
        "summary": one.summary.best(language),
        "most_months": one.most_months,
        "rules": [
            {"key": use.key, "text": rule_text(definition, use), "preference": use.preference}
            for use in one.rules
        ],
        "criteria": [
            {
                "key": each.key,
                "name": each.name.best(language),
                "question": each.question.best(language),
                "weight": _exact(each.weight),
            }
            for each in criteria
        ],
        "phases": [
            {"key": each.key, "name": each.name.best(language), "role": each.role, "days": each.days}
            for each in one.phases
        ],
    }


def _exact(amount: Any) -> str:
    return "" if amount is None else str(amount)


def contact_told(one: CallContact) -> dict[str, Any]:
    return {
        "name": one.user.name,
        "email": one.user.email,
        "phone": one.phone,
        "organisation": one.organisation.name if one.organisation else "",
        "regions": one.regions,
        "languages": one.languages,
    }
