"""A programme and what its rules say of a team, as JSON."""

from __future__ import annotations

from typing import Any

from kontor.programmes.eligibility import Assessment
from kontor.programmes.rules import Answer, Change, Finding, Rule
from kontor.programmes.schema import Programme

Json = dict[str, Any]


def as_json(programme: Programme) -> Json:
    """What `kontor programme check --json` prints about a sound file."""
    return {
        "key": programme.key,
        "version": programme.version,
        "languages": list(programme.languages),
        "budget": str(programme.budget) if programme.budget is not None else None,
        "themes": {t.key: str(t.envelope) if t.envelope is not None else None for t in programme.themes},
        "parts": {p.key: str(p.amount) if p.amount is not None else None for p in programme.parts},
        "instruments": {i.key: [use.key for use in i.rules] for i in programme.instruments},
        "products": {p.key: len(p.competences) for p in programme.products},
        "indicators": {i.key: str(i.target) if i.target is not None else None for i in programme.indicators},
        "variants": [as_json(variant) for variant in programme.variants],
        "defaults": [default.path for default in programme.defaults],
    }


def rule_json(rule: Rule, text: str) -> Json:
    """What `kontor programme rules --json` prints about a rule; `text` has its parameters unfilled."""
    return {
        "rule": rule.name,
        "about": "team" if rule.team else "partner",
        "text": text,
        "source": rule.source,
        "parameters": [
            {
                "name": parameter.name,
                "type": str(parameter.type),
                "required": parameter.default is None,
                "default": _plain(parameter.default),
            }
            for parameter in rule.parameters
        ],
    }


def assessment_json(found: Assessment, language: str) -> Json:
    """What `kontor programme eligible --json` prints."""
    return {
        "status": str(found.state),
        "programme": found.programme.key,
        "version": found.programme.version,
        "instrument": found.instrument.key,
        "broken": list(found.broken),
        "rules": [_answer(answer, language) for answer in found.answers],
        "changes": [_change(change, language) for change in found.changes()],
    }


def _answer(answer: Answer, language: str) -> Json:
    return {
        "key": answer.use.key,
        "rule": answer.use.rule,
        "state": str(answer.state),
        "preference": answer.use.preference,
        "text": answer.wording(language),
        "source": answer.use.source,
        "findings": [_finding(finding, language) for finding in answer.findings],
    }


def _finding(finding: Finding, language: str) -> Json:
    return {
        "partner": finding.partner or None,
        "state": str(finding.state),
        "reason": finding.reason.text(language),
        "missing": [{"partner": m.partner or None, "field": m.field} for m in finding.missing],
        "changes": [_change(change, language) for change in finding.changes],
    }


def _change(change: Change, language: str) -> Json:
    seat = change.seat
    wanted = seat and {
        "count": change.seats,
        "types": list(seat.types),
        "countries": list(seat.countries),
        "nuts": list(seat.nuts),
        "clusters": list(seat.clusters),
        "lead": seat.lead,
    }
    return {"text": change.sentence.text(language), "add": wanted}


def _plain(value: object) -> object:
    if value is None or isinstance(value, int | str):
        return value
    return list(value) if isinstance(value, tuple) else str(value)
