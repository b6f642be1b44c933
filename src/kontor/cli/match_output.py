"""The matchmaker's answer as JSON and as text."""

from __future__ import annotations

import textwrap
from typing import Any

from kontor.cli.contract import Answer
from kontor.engine.core.explanation import Evidence, Reason
from kontor.engine.core.result import Status
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Match, Part, Profile, Query, Result

WIDTH = 100
Json = dict[str, Any]


def answer_of(result: Result, index: Index, query: Query) -> Answer:
    profiles = {match.key: index.profile(match.key)[0] for match in result.matches}
    return Answer(
        status=result.status,
        objective=result.objective,
        bound=result.bound,
        solution={"matches": [match_as_json(match, profiles[match.key]) for match in result.matches]},
        explanation=explanation_as_json(result)
        | {"suggested_codes": [str(code) for code in query.suggested]},
        text=as_text(result, profiles, query),
    )


def match_as_json(match: Match, profile: Profile) -> Json:
    """One match. An anonymous one shows neither key nor name."""
    who = {"key": "", "name": ""} if match.anonymous else {"key": match.key, "name": profile.name}
    return {
        **who,
        "country": profile.country,
        "kind": str(profile.kind),
        "size": str(profile.size),
        "score": round(match.score, 6),
        "parts": [_part(part) for part in match.parts],
        "reasons": [_reason(reason, match) for reason in match.reasons],
        "doubt": _reason(match.doubt, match),
        "found_by": {found.method: found.rank for found in match.found_by},
        "statement": match.statement,
        "anonymous": match.anonymous,
        "newcomer": match.newcomer,
        "reserved": match.reserved,
        "shared": match.shared,
    }


def explanation_as_json(result: Result) -> Json:
    return {
        "considered": result.considered,
        "kept": result.kept,
        "language": result.language,
        "exclusions": [
            {"condition": e.condition, "reason": e.reason.text(), "count": e.count, "alone": e.alone}
            for e in result.exclusions
        ],
        "relaxations": [{"drop": list(r.conditions), "count": r.count} for r in result.relaxations],
        "notes": [note.text() for note in result.notes],
    }


def _part(part: Part) -> Json:
    return {
        "name": part.name,
        "value": round(part.value, 6),
        "weight": round(part.weight, 6),
        "contribution": round(part.contribution, 6),
    }


def _reason(reason: Reason, match: Match) -> Json:
    return {
        "code": reason.code,
        "text": reason.text(),
        "part": reason.part,
        "evidence": [_evidence(each, match) for each in reason.evidence],
    }


def _evidence(evidence: Evidence, match: Match) -> Json:
    hidden = match.anonymous and evidence.profile == match.key
    return {
        "organisation": "" if hidden else evidence.profile,
        "statement": evidence.statement,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "codes": list(evidence.codes),
        "project": evidence.project,
    }


def as_text(result: Result, profiles: dict[str, Profile], query: Query) -> str:
    """Cards for a person: who, how well, three reasons, one doubt."""
    lines = [note.text() for note in result.notes]
    if query.suggested:
        codes = ", ".join(str(code) for code in query.suggested)
        lines.append(f"Codes read from your text: {codes}. A wrong one goes with --not-code.")
    if result.status == Status.INFEASIBLE:
        lines += _infeasible(result)
    for number, match in enumerate(result.matches, start=1):
        lines += ["", *_card(number, match, profiles[match.key])]
    if result.matches:
        lines += ["", _counts(result)]
    return "\n".join(lines)


def _card(number: int, match: Match, profile: Profile) -> list[str]:
    name = "An organisation that wishes to stay unnamed" if match.anonymous else profile.name
    about = ", ".join(
        filter(
            None,
            [
                profile.country,
                str(profile.kind),
                _size(profile),
                "newcomer" if match.newcomer else "",
                "place for newcomers and small firms" if match.reserved and match.shared else "",
            ],
        )
    )
    found = ", ".join(f"{f.method} {f.rank}" for f in match.found_by)
    key = "" if match.anonymous else f"  [{match.key}]"
    lines = [f"{number:2}. {100 * match.score:3.0f}  {name} ({about}){key}"]
    for reason in match.reasons:
        lines += _wrapped("+ ", reason.text())
    lines += _wrapped("? ", match.doubt.text())
    return [*lines, *_wrapped("  ", f"found by {found or 'nothing in particular'}")]


def _size(profile: Profile) -> str:
    return "" if profile.size == "unknown" else str(profile.size)


def _wrapped(mark: str, text: str) -> list[str]:
    indent = " " * 9
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent=indent + mark, subsequent_indent=indent + "  "
    )


def _infeasible(result: Result) -> list[str]:
    lines = ["Nobody meets all conditions."]
    lines += [f"  {e.count} are left out: {e.reason.text()}" for e in result.exclusions]
    return [
        *lines,
        *(f"  Drop {' and '.join(r.conditions)}: {r.count} come back." for r in result.relaxations),
    ]


def _counts(result: Result) -> str:
    met = f"{result.kept} meet your conditions" if result.exclusions else f"{result.kept} were compared"
    return f"{len(result.matches)} shown; {met}, of {result.considered} in the directory."
