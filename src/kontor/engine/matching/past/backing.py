"""What the past says about one organisation, in projects and names that a person can check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.past.evidence import PastEvidence
from kontor.engine.matching.past.graph import Cooperation, Past
from kontor.engine.matching.past.resembling import Namesake, alike_to, kin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_NAMED = 2
CLOSE = 0.1
"""Closeness from which an earlier project is called close to a question."""


@dataclass(frozen=True, slots=True)
class Link:
    """A partner of the askers that it has worked with: its key, its name, and the latest project of both."""

    partner: str
    label: str
    project: Cooperation


@dataclass(frozen=True, slots=True)
class Backing:
    """`close` is how many near projects it took part in, `nearest` the nearest of them.

    `direct`: projects that it was in with those who ask, the latest first. `through`: partners of the askers
    that it has worked with. `named`: the question names its country. `count`: projects known of it. `kin` and
    `alike`: whom somebody without a project near the question resembles by name.
    """

    close: int = 0
    nearest: tuple[Cooperation, ...] = ()
    direct: tuple[Cooperation, ...] = ()
    through: tuple[Link, ...] = ()
    named: bool = False
    count: int = 0
    kin: Namesake | None = None
    alike: Namesake | None = None


NO_BACKING = Backing()


def backing_of(evidence: PastEvidence, key: str) -> Backing:
    """Nothing for an organisation that the past does not know."""
    past = evidence.past
    number = past.numbers.get(key)
    if number is None:
        return NO_BACKING
    own = past.projects_of(number)
    near = sorted((p for p in own if evidence.near[p] >= CLOSE), key=lambda p: (-evidence.near[p], p))
    asked = np.unique(past.project[np.isin(past.member, evidence.askers)])
    together = np.intersect1d(own, asked)
    return Backing(
        close=len(near),
        nearest=tuple(past.projects[p] for p in near[:MOST_NAMED]),
        direct=_latest(past, together)[:MOST_NAMED],
        through=_links(past, number, own, asked, evidence.askers),
        named=bool(evidence.values["named"][number]),
        count=len(own),
        kin=None if near else kin_of(evidence, number),
        alike=None if near else alike_to(evidence, number),
    )


def _links(
    past: Past,
    number: int,
    own: NDArray[np.int64],
    asked: NDArray[np.int64],
    askers: tuple[int, ...],
) -> tuple[Link, ...]:
    """Partners in common, those with the fewest projects first: the more somebody does, the less it says."""
    partners = set(past.member[np.isin(past.project, asked)].tolist()) - {*askers, number}
    met = set(past.member[np.isin(past.project, own)].tolist())
    known = [n for n in partners & met if past.labels[n]]
    first = sorted(known, key=lambda n: (int(past.counts[n]), past.labels[n]))[:MOST_NAMED]
    return tuple(
        Link(
            past.organisations[n],
            past.labels[n],
            _latest(past, np.intersect1d(own, past.projects_of(n)))[0],
        )
        for n in first
    )


def _latest(past: Past, numbers: NDArray[np.int64]) -> tuple[Cooperation, ...]:
    found = sorted((past.projects[n] for n in numbers.tolist()), key=lambda each: each.key)
    return tuple(sorted(found, key=lambda each: each.started, reverse=True))
