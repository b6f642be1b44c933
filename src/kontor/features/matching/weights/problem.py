"""Introductions become the examples that weights are learned from; a fit becomes weights and a bias report.

A question is an organisation that asked to be introduced, with all that it has written; its partners are
those with whom both sides agreed, but for those of whom the ledger says last that nothing became of it. All
others of the directory, those who said no among them, are the candidates. What introductions themselves
changed (how often somebody was introduced, how it answers, whom it knows) is taken out of the profiles
first, or the outcome would be learned from the outcome; these two parts keep their usual weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.bias import GroupShare, group_shares
from kontor.engine.matching.index import Index
from kontor.engine.matching.learn import FIRST, Fitted
from kontor.engine.matching.model import Audience, Profile, Query, Weights
from kontor.engine.matching.past import PAST_PARTS, Past
from kontor.engine.matching.ranking import Asked, Ranking, Rows, fit_what_holds, interleaved
from kontor.engine.matching.solve import rated
from kontor.features.matching.models import Introduction, Outcome
from kontor.features.matching.models.states import MUTUAL, OutcomeKind
from kontor.features.matching.tasks import lexicon

PARTS = ("fit", "reciprocity", "complementarity", "border", "freshness")
MOST_QUESTIONS = 1000
LEAST_FIT = 0.5
"""The fit keeps at least this weight: without it the order would be arbitrary."""

if TYPE_CHECKING:
    from numpy.typing import NDArray

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Gathered:
    """Examples with their parts; `keys` are the candidates of each, `outcomes` the introductions behind."""

    parts: tuple[str, ...]
    examples: tuple[Asked, ...]
    keys: tuple[tuple[str, ...], ...]
    outcomes: int


def partners_by_asker() -> dict[str, set[str]]:
    """{asker: partners with whom something may have become of it}, the latest askers first. Two queries."""
    rows = Introduction.objects.filter(state__in=MUTUAL).order_by("-agreed_at", "-id")
    told = list(rows.values_list("pk", "asker__key", "partner__key"))
    last = dict(
        Outcome.objects.filter(introduction__in=rows).order_by("id").values_list("introduction_id", "kind")
    )
    found: dict[str, set[str]] = {}
    for pk, asker, partner in told:
        if last.get(pk) != OutcomeKind.NOTHING:
            found.setdefault(asker, set()).add(partner)
    return dict(list(found.items())[:MOST_QUESTIONS])


def gather(index: Index, past: Past | None, outcomes: int, today: str, progress: Progress) -> Gathered:
    """The examples from all introductions whose two sides are in the index today."""
    wanted = partners_by_asker()
    plain = without_history(index)
    parts = (*PARTS, *(PAST_PARTS if past is not None else ()))
    examples: list[Asked] = []
    keys: list[tuple[str, ...]] = []
    for done, (asker, partners) in enumerate(wanted.items(), start=1):
        if asker in plain:
            found, values = _rated(plain, asker, parts, past, today)
            if found:
                keys.append(found)
                partner = np.array([key in partners for key in found])
                examples.append(Asked(values, partner, *_groups(plain, found, past)))
        progress(done, len(wanted))
    return Gathered(parts, tuple(examples), tuple(keys), outcomes)


def without_history(index: Index) -> Index:
    """The index as if nobody had ever been introduced."""
    return Index.build(
        replace(entry, profile=replace(entry.profile, partners=(), introductions=0, answer_rate=None))
        for entry in index.entries()
    )


def _groups(
    index: Index, keys: Sequence[str], past: Past | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who has a past, and who is new or a small firm: as the search tells them apart."""
    numbers = past.numbers if past is not None else {}
    known = np.array([key in numbers and past is not None and past.counts[numbers[key]] > 0 for key in keys])
    small = np.array([index.profile(key)[0].is_sme for key in keys])
    return known, ~known | small


def fit(gathered: Gathered, *, seed: int) -> Ranking:
    """Two rows of weights where both groups have found enough partners and both rows hold on questions that
    they had not seen, else one. Raises InvalidInput where there are too few partners for one.
    """
    return fit_what_holds(gathered.parts, gathered.examples, seed=seed)


def rows_of(ranking: Ranking) -> Rows:
    """What a search counts with by a fit."""
    small = Weights(**weights_of_fit(ranking.small)) if ranking.small else None
    return Rows(Weights(**weights_of_fit(ranking.known)), small, ranking.share)


def _rated(
    index: Index, asker: str, parts: Sequence[str], past: Past | None, today: str
) -> tuple[tuple[str, ...], Any]:
    audiences = (Audience.PUBLIC, Audience.MEMBERS)
    query = Query(organisation=asker, audiences=audiences, today=today)
    try:
        keys, scores = rated(index, query, lexicon=lexicon(), past=past)
    except InvalidInput:
        # It has written nothing that could ask, or is alone in the directory.
        return (), np.zeros((0, len(parts)))
    zero = np.zeros(len(keys))
    return keys, np.stack([scores.values.get(part, zero) for part in parts], axis=1)


def weights_of_fit(fitted: Fitted) -> dict[str, float]:
    """All weights of a search: the learned ones brought to the sum that the usual ones of these parts have,
    so that parts which are not learned keep their say.
    """
    usual = asdict(Weights())
    learned = {row.part: row.weight for row in fitted.rows}
    total = sum(learned.values())
    before = sum(usual[part] for part in learned)
    scaled = {part: weight * before / total if total else usual[part] for part, weight in learned.items()}
    scaled["fit"] = max(scaled["fit"], LEAST_FIT)
    return usual | {part: round(weight, 4) for part, weight in scaled.items()}


def bias_of(gathered: Gathered, rows: Rows, index: Index) -> dict[str, list[dict[str, Any]]]:
    """For countries, sizes and newcomers: shares of candidates, of partners, and of the first places by the
    usual and by the learned weights.
    """
    profiles = {key: index.profile(key)[0] for keys in gathered.keys for key in keys}
    partners = [
        [key for key, is_partner in zip(keys, example.partner, strict=True) if is_partner]
        for keys, example in zip(gathered.keys, gathered.examples, strict=True)
    ]
    usual = _first_places(gathered, Rows())
    learned = _first_places(gathered, rows)
    report = {}
    for name, group in GROUPS.items():
        groups = {key: group(profile) for key, profile in profiles.items()}
        before = {share.group: share for share in group_shares(groups, partners, usual)}
        report[name] = [_row(share, before[share.group]) for share in group_shares(groups, partners, learned)]
    return report


GROUPS: dict[str, Callable[[Profile], str]] = {
    "country": lambda profile: profile.country,
    "size": lambda profile: str(profile.size),
    "newcomer": lambda profile: "known" if profile.introductions else "new",
}


def _first_places(gathered: Gathered, rows: Rows) -> list[list[str]]:
    return [
        [keys[number] for number in _order(gathered.parts, asked, rows)[:FIRST]]
        for keys, asked in zip(gathered.keys, gathered.examples, strict=True)
    ]


def _order(parts: Sequence[str], asked: Asked, rows: Rows) -> list[int]:
    first = _by(asked, parts, rows.known)
    if rows.small is None:
        return first
    other = [number for number in _by(asked, parts, rows.small) if asked.small[number]]
    return interleaved([number for number in first if asked.known[number]], other, rows.share)


def _by(asked: Asked, parts: Sequence[str], weights: Weights) -> list[int]:
    columns = np.array([getattr(weights, part) for part in parts])
    order: list[int] = np.argsort(-np.round(asked.values @ columns, 9), kind="stable").tolist()
    return order


def _row(learned: GroupShare, usual: GroupShare) -> dict[str, Any]:
    shares: Iterable[tuple[str, float]] = (
        ("candidates", learned.candidates),
        ("partners", learned.partners),
        ("usual", usual.suggested),
        ("learned", learned.suggested),
    )
    return {"group": learned.group} | {name: round(value, 4) for name, value in shares}
