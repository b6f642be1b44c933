"""What the past says about each organisation for one question: twelve numbers between 0 and 1.

All of it is counted from earlier cooperations, the name and the country of an organisation. Nothing is
hidden in a learned vector, so each number can be told in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.past.graph import Past
from kontor.engine.matching.past.named import countries_named

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 80
"""Earlier projects that a question is compared with; the others have no say."""

POPULAR = 50
"""From so many projects on, further ones count no more."""

PAST_PARTS = (
    "projects",
    "works",
    "ties",
    "popularity",
    "lands",
    "beside",
    "regions",
    "home",
    "named",
    "name",
    "alike",
    "kin",
)


@dataclass(frozen=True, slots=True)
class PastEvidence:
    """Each array holds a value from 0 to 1 per organisation of `past`.

    `projects`: took part in earlier projects near the question. `works`: all its projects and its own words,
    taken as one text, hold the question's words. `ties`: knows the askers, directly or
    through common partners. `popularity`: took part in many projects, capped at POPULAR. `lands`: how often
    its country is in projects near the question, `beside`: in projects with the askers' country; .5 is as
    often as usual. `regions`: both together for its NUTS 2 region. `home`: it is in the askers' region.
    `named`: the question names its country. `name`: words of its name are in the question. `alike`: its name
    resembles those who took part near the question. `kin`: an organisation of its country with nearly the
    same name took part near it. `near` holds the closeness of each project, 0 beyond the NEAREST.
    """

    past: Past
    near: NDArray[np.float64]
    askers: tuple[int, ...]
    values: Mapping[str, NDArray[np.float64]]

    def strength(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """The parts together, as these weights see them; 0 for those about whom the past says nothing."""
        summed = sum((weights.get(name, 0.0) * values for name, values in self.values.items()), start=0.0)
        known = np.any([self.values[name] > 0 for name in ("projects", "ties", "name", "kin")], axis=0)
        total = sum(weights.get(name, 0.0) for name in self.values)
        return np.where(known, summed / total if total else 0.0, 0.0)


def evidence_of(
    past: Past, terms: Mapping[str, float], text: str, askers: Iterable[str] = (), origin: str = ""
) -> PastEvidence:
    """`terms` and `text` are the question's; keys of `askers` that the past does not know are passed over."""
    close = past.words.closeness(terms)
    near = _nearest(close)
    known = tuple(sorted(past.numbers[key] for key in set(askers) if key in past.numbers))
    share = past.per_member(near / max(float(near.sum()), 1e-12))
    projects = np.sqrt(np.clip(share, 0, 1))
    region = next((past.regions.names[past.regions.of[n]] for n in known if past.regions.of[n] >= 0), "")
    values = {
        "projects": projects,
        "works": past.works.closeness(terms),
        "ties": _ties(past, known),
        "popularity": np.minimum(1, np.log1p(past.counts) / np.log1p(POPULAR)),
        "lands": past.lands.spread(past.lands.near(near)),
        "beside": past.lands.spread(past.lands.beside(origin)),
        "regions": past.regions.spread(past.regions.near(near) + past.regions.beside(region)),
        "home": past.regions.shared(known),
        "named": np.isin(past.countries, sorted(countries_named(text))).astype(np.float64),
        "name": np.clip(2 * past.names.closeness(terms), 0, 1),
        "alike": past.likeness.alike(share),
        "kin": past.likeness.inherited(projects),
    }
    return PastEvidence(past, near, known, {name: np.round(each, 6) for name, each in values.items()})


def _nearest(close: NDArray[np.float64]) -> NDArray[np.float64]:
    """Closeness of the nearest projects and of all that are equal to the last of them."""
    if len(close) <= NEAREST:
        return close
    least = np.partition(close, -NEAREST)[-NEAREST]
    return np.where(close >= least, close, 0.0)


def _ties(past: Past, askers: tuple[int, ...]) -> NDArray[np.float64]:
    """Two steps through the graph, from the askers' partners to theirs; whoever is in everything, and
    whatever has very many members, passes on less.
    """
    if not askers or not len(past.projects):
        return np.zeros(len(past.organisations))
    asking = np.zeros(len(past.organisations))
    asking[list(askers)] = 1
    together = past.per_member((past.per_project(asking) > 0).astype(np.float64))
    together[list(askers)] = 0
    damping = np.sqrt(1 + past.counts)
    strength = past.per_project(together / damping) / np.log(2 + past.sizes)
    reached = past.per_member(strength) / damping
    return np.where(asking > 0, 0.0, reached / (1 + reached))
