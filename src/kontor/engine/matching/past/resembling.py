"""Who among those with a past has a name like somebody without one, and the project that says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kontor.engine.matching.past.evidence import PastEvidence
from kontor.engine.matching.past.graph import Cooperation
from kontor.engine.matching.stems import TOKEN, fold
from kontor.engine.matching.stopwords import STOPWORDS

LEAST_ALIKE = 0.1
"""Value of `alike` below which nothing is said of a name."""

SHORTEST_WORD = 4
_SAYS_NOTHING = frozenset().union(*STOPWORDS.values())


@dataclass(frozen=True, slots=True)
class Namesake:
    """An organisation with a past: its key, its name, its project nearest to the question.

    `words` of the newcomer's name are in its name too.
    """

    elder: str
    label: str
    project: Cooperation
    words: tuple[str, ...] = ()


def kin_of(evidence: PastEvidence, number: int) -> Namesake | None:
    """The relative by name from which this organisation inherits; None where it inherits nothing."""
    if not evidence.values["kin"][number]:
        return None
    likeness = evidence.past.likeness
    mine = np.flatnonzero(likeness.younger == number)
    inherited = likeness.cosine[mine] * evidence.values["projects"][likeness.elder[mine]]
    elders = likeness.elder[mine][np.argsort(-inherited, kind="stable")]
    return _first(evidence, number, [(int(elder), ()) for elder in elders])


def alike_to(evidence: PastEvidence, number: int) -> Namesake | None:
    """The one near the question whose name has most in common with this one's, in words that can be read."""
    if evidence.values["alike"][number] < LEAST_ALIKE:
        return None
    past = evidence.past
    terms = list(past.names.columns.values())
    mine = past.likeness.row == number
    shared = np.zeros(len(past.organisations))
    for term, weight in zip(past.likeness.term[mine], past.likeness.weight[mine], strict=True):
        rows, weights = terms[term]
        shared[rows] += weight * weights
    strength = shared * evidence.values["projects"]
    elders = np.flatnonzero(strength)
    order = elders[np.argsort(-strength[elders], kind="stable")]
    named = ((int(elder), _words_in_common(past.labels[number], past.labels[elder])) for elder in order[:50])
    return _first(evidence, number, [(elder, words) for elder, words in named if words])


def _first(evidence: PastEvidence, number: int, elders: list[tuple[int, tuple[str, ...]]]) -> Namesake | None:
    """The first of them, neither itself nor an asker, that was in a project near the question."""
    past = evidence.past
    for elder, words in elders:
        own = past.projects_of(elder)
        if elder != number and elder not in evidence.askers and evidence.near[own].any():
            nearest = int(own[np.argmax(evidence.near[own])])
            return Namesake(past.organisations[elder], past.labels[elder], past.projects[nearest], words)
    return None


def _words_in_common(name: str, other: str) -> tuple[str, ...]:
    theirs = {fold(word) for word in TOKEN.findall(other)}
    told = {fold(word): word for word in TOKEN.findall(name) if len(word) >= SHORTEST_WORD}
    return tuple(word for key, word in told.items() if key in theirs and key not in _SAYS_NOTHING)
