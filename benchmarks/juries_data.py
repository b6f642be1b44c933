"""Invented juries: fits from a mixture of topics, as texts give them, and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.juries.model import Application, Conflict, Expert, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Size:
    """`focus`, `narrow`: how narrow texts are; `skew`: how unlike topics of experts and applicants are."""

    name: str
    applications: int
    experts: int
    reviews: int
    load_min: int
    load_max: int
    seed: int
    topics: int = 25
    focus: float = 6.0
    skew: float = 0.3
    narrow: float = 0.0


SIZES = (
    Size("118 x 177", 118, 177, 3, 0, 4, seed=1),
    Size("118 x 177, load at least 2", 118, 177, 3, 2, 4, seed=1),
    Size("118 x 177, narrow, load at least 2", 118, 177, 3, 2, 4, seed=3, focus=3.0, narrow=0.35),
    Size("2,000 x 500", 2000, 500, 3, 0, 14, seed=1),
    Size("2,000 x 500, narrow", 2000, 500, 3, 0, 14, seed=1, focus=3.0, narrow=0.2),
    Size("2,623 x 1,373", 2623, 1373, 3, 0, 7, seed=1),
)


def fits(size: Size) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Fit in ten-thousandths, and which pairs are free of conflict."""
    rng = np.random.default_rng(size.seed)
    asked = rng.dirichlet(np.full(size.topics, 2.0))
    known = asked * rng.lognormal(0, size.skew, size.topics)
    first = rng.dirichlet(asked * size.focus + 0.01, size.applications)
    second = rng.dirichlet(known / known.sum() * size.focus + 0.01, size.experts)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second /= np.linalg.norm(second, axis=1, keepdims=True)
    raw = first @ second.T + rng.normal(0, 0.05, (size.applications, size.experts))
    share = np.clip((raw - size.narrow) / (1 - size.narrow), 0, 1)
    return np.rint(share * 10_000).astype(np.int64), rng.random(share.shape) > 0.02


def problem(size: Size, units: NDArray[np.int64], free: NDArray[np.bool_]) -> Problem:
    return Problem(
        tuple(Application(f"a{n:04}", size.reviews) for n in range(size.applications)),
        tuple(Expert(f"e{n:04}", size.load_max, size.load_min) for n in range(size.experts)),
        units / 10_000,
        tuple(Conflict(f"e{e:04}", f"a{a:04}", "same organisation") for a, e in np.argwhere(~free)),
    )
