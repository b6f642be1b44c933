"""Files of learned weights, and how a question is asked by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kontor.cli.contract import Answer, say
from kontor.engine.core.errors import InvalidInput, inside
from kontor.engine.core.result import Status
from kontor.engine.matching.bias import GroupShare, group_shares
from kontor.engine.matching.learn import FIRST
from kontor.engine.matching.model import Profile
from kontor.engine.matching.partnerships import Question
from kontor.engine.matching.ranking import Ranking

REMEDY = "Name a file that kontor weights fit wrote."
Bias = dict[str, tuple[GroupShare, ...]]


def read_ranking(path: Path | None) -> Ranking | None:
    """The weights in a file that `kontor weights fit` wrote. Raises InvalidInput with what is wrong."""
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("weights", f"{path} cannot be read.", REMEDY) from error
    except json.JSONDecodeError as error:
        raise InvalidInput("weights", f"Line {error.lineno} of {path} is no JSON.", REMEDY) from error
    ranking = _ranking(content)
    if not ranking.holds:
        say("These weights did worse than the usual ones on questions they had not seen.")
    return ranking


def _ranking(content: Any) -> Ranking:
    """From the answer of `kontor weights fit`, or from the record of a ranking alone."""
    refusal = InvalidInput("weights", "The file holds no weights that were learned.", REMEDY)
    for name in ("solution", "ranking"):
        content = content.get(name, content) if isinstance(content, dict) else {}
    if not isinstance(content, dict) or "format" not in content:
        raise refusal
    try:
        with inside("weights"):
            return Ranking.from_json(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise refusal from error


def weights_by(ranking: Ranking | None) -> dict[str, Any]:
    """The fields of a query that ask by these weights; none for the usual ones."""
    if ranking is None:
        return {}
    small = ranking.small.weights if ranking.small else None
    return {"weights": ranking.known.weights, "small_weights": small, "small_share": ranking.share}


def answer_of(ranking: Ranking, questions: Sequence[Question], profiles: Mapping[str, Profile]) -> Answer:
    """A fit as JSON and as text, with the check on what it had not seen and who gains by it.

    `objective` is the share of questions with a partner among the first ten, of those with a past.
    """
    bias = _bias(ranking, questions, profiles)
    return Answer(
        status=Status.FEASIBLE,
        objective=ranking.known.learned_hits,
        bound=1.0,
        solution={"ranking": ranking.as_json()},
        explanation={
            "holds": ranking.holds,
            "rows": 2 if ranking.small else 1,
            "check": [
                {
                    "group": name,
                    "questions": fitted.questions,
                    "learned_hits": fitted.learned_hits,
                    "usual_hits": fitted.usual_hits,
                    "gain": list(fitted.gain),
                }
                for name, fitted in _fits(ranking)
            ],
            "bias": {name: [asdict(share) for share in shares] for name, shares in bias.items()},
        },
        text="\n\n".join([ranking.table(), *_checks(ranking), *_told(bias)]),
    )


def _fits(ranking: Ranking) -> list[tuple[str, Any]]:
    if ranking.small is None:
        return [("all", ranking.known)]
    return [("with a past", ranking.known), ("newcomers and small firms", ranking.small)]


def _checks(ranking: Ranking) -> list[str]:
    lines = []
    for name, fitted in _fits(ranking):
        gain, low, high = fitted.gain
        lines.append(
            f"{name}: on {fitted.questions} questions that were left out, a partner was among the first"
            f" {FIRST} in {fitted.learned_hits:.1%}, by the usual weights in {fitted.usual_hits:.1%}"
            f" (difference {gain:+.3f}, {low:+.3f} to {high:+.3f})."
        )
    if not ranking.holds:
        lines.append("They did no better than the usual weights: kontor match will use the usual ones.")
    return lines


def _bias(ranking: Ranking, questions: Sequence[Question], profiles: Mapping[str, Profile]) -> Bias:
    shown = [
        [
            each.keys[number]
            for number in ranking.order(
                each.asked.values, each.asked.known, each.asked.small, range(len(each.keys))
            )[:FIRST]
        ]
        for each in questions
    ]
    seen = {key for each in questions for key, had in zip(each.keys, each.asked.known, strict=True) if had}
    keys = {key for each in questions for key in each.keys}
    kinds = {
        "country": {key: profiles[key].country or "not known" for key in keys},
        "size": {key: str(profiles[key].size) for key in keys},
        "newcomer": {key: "known" if key in seen else "new" for key in keys},
    }
    partners = [each.partners for each in questions]
    return {name: group_shares(groups, partners, shown) for name, groups in kinds.items()}


def _told(bias: Bias) -> list[str]:
    lines = ["| group | candidates | partners | first places |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name}: {share.group} | {share.candidates:.2f} | {share.partners:.2f} | {share.suggested:.2f} |"
        for name, shares in bias.items()
        for share in shares[:8]
    ]
    return ["\n".join(lines)]
