"""What rules say about a team, in the reader's language."""

from __future__ import annotations

from typing import Any

from kontor.features.programmes.templatetags.programme_words import reader
from kontor.programmes import Assessment
from kontor.programmes.rules import State

_BADGES = {State.YES: "good", State.CLARIFY: "warn", State.NO: "bad"}


def badge_of(state: State) -> str:
    return _BADGES[state]


def answer_rows(found: Assessment, names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """One row for each rule: state, text, source, and each finding with its reason and what would help."""
    language, named = reader(), names or {}
    return [
        {
            "key": answer.use.key,
            "state": str(answer.state),
            "kind": _BADGES[answer.state],
            "text": answer.wording(language),
            "preference": answer.use.preference,
            "source": answer.use.source,
            "findings": [
                {
                    "partner": named.get(one.partner, ""),
                    "reason": one.reason.text(language),
                    "changes": [change.sentence.text(language) for change in one.changes],
                }
                for one in answer.findings
            ],
        }
        for answer in found.answers
    ]


def recorded_rows(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same of a decision's record, which is kept in several languages."""
    language = reader()
    return [
        {
            **one,
            "kind": _BADGES[State(one["state"])],
            "text": one["text"].get(language) or next(iter(one["text"].values()), ""),
            "reasons": one["reasons"].get(language) or next(iter(one["reasons"].values()), []),
        }
        for one in answers
    ]
