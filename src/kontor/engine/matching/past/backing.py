"""What the past says about one organisation, in names that a person can check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kontor.engine.matching.past.evidence import PastEvidence

MOST_NAMED = 2
CLOSE = 0.06
"""Closeness from which an earlier project is called close to a question."""


@dataclass(frozen=True, slots=True)
class Backing:
    """`close` is how many near projects it took part in, `titles` the nearest of them.

    `direct`: it was in a project with those who ask. `through`: names of partners of the askers that it has
    worked with. `named`: the question names its country.
    """

    close: int = 0
    titles: tuple[str, ...] = ()
    direct: bool = False
    through: tuple[str, ...] = ()
    named: bool = False


NO_BACKING = Backing()


def backing_of(evidence: PastEvidence, key: str) -> Backing:
    """Nothing for an organisation that the past does not know."""
    past = evidence.past
    number = past.numbers.get(key)
    if number is None:
        return NO_BACKING
    own = past.projects_of(number)
    near = sorted((p for p in own if evidence.near[p] >= CLOSE), key=lambda p: (-evidence.near[p], p))
    asked = np.isin(past.project, past.project[np.isin(past.member, evidence.askers)])
    partners = set(past.member[asked].tolist()) - set(evidence.askers)
    met = set(past.member[np.isin(past.project, own)].tolist()) - {number}
    through = sorted(
        (n for n in partners & met if past.labels[n]), key=lambda n: (int(past.counts[n]), past.labels[n])
    )
    return Backing(
        close=len(near),
        titles=tuple(past.projects[p].title for p in near[:MOST_NAMED]),
        direct=number in partners,
        through=tuple(past.labels[n] for n in through[:MOST_NAMED]),
        named=bool(evidence.values["named"][number]),
    )
