"""Weights of the score's parts learned from partnerships that came about.

For each question at least one of its true partners has to stand out among all candidates: a conditional
logit, the usual model of choice, over the chance that the one who is chosen is a partner, with a ridge
against accidents and no weight below zero, so that a part can lose its say but never turn against what it is
named after. That every partner stands out is not asked: those of whom nothing is known would take the say
from all that is known of others. Started from the same place, the same examples give the same weights. They
are proposed only where they hold on questions that they did not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
RIDGE = 1.0
FOLDS = 5
FEWEST = 20
"""Questions below which nothing is learned: their accidents would be taken for a rule."""

SUM = 16.0
"""Learned weights add up to about what the usual ones do, so that both can be read side by side."""

LEAST_FIT = 0.01
FIRST = 10
STEPS = 60
SETTLED = 1e-4
"""Change of all weights below which they are found: far below what a standard error is."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question of the past: `values` candidates by parts, from 0 to 1, and who became a partner."""

    values: NDArray[np.float64]
    partner: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learned:
    """One row of the table: `error` is the standard error of `weight`, 0 where switched off."""

    part: str
    usual: float
    weight: float
    error: float

    @property
    def says(self) -> str:
        """The row in plain words."""
        if self.weight == 0:
            return "no say: it did not help on these questions"
        if self.weight < 2 * self.error:
            return "uncertain: could be nothing"
        return "counts more than usual" if self.weight > self.usual else "counts less than usual"


@dataclass(frozen=True, slots=True)
class Fitted:
    """`learned_hits` and `usual_hits`: share of questions with a true partner among the first ten, each
    question judged by weights that were fitted without its fold; `gain` is their difference with its 95 %
    interval.
    """

    rows: tuple[Learned, ...]
    questions: int
    ridge: float
    seed: int
    learned_hits: float
    usual_hits: float
    gain: tuple[float, float, float]

    @property
    def holds(self) -> bool:
        """Whether the learned weights did no worse where they were not fitted."""
        return self.gain[0] >= 0

    @property
    def weights(self) -> Weights:
        """The learned weights, or the usual ones where the learned did worse on unseen questions.

        Parts that were not among the examples have no say.
        """
        if not self.holds:
            return Weights()
        chosen = dict.fromkeys((field.name for field in fields(Weights)), 0.0)
        chosen |= {row.part: row.weight for row in self.rows}
        return Weights(**chosen | {"fit": max(chosen["fit"], LEAST_FIT)})

    def table(self) -> str:
        """Markdown, for somebody who has to answer for it."""
        lines = ["| part | usual weight | learned weight | standard error | in words |"]
        lines.append("| --- | ---: | ---: | ---: | --- |")
        lines += [
            f"| {row.part} | {row.usual:.2f} | {row.weight:.2f} | {row.error:.2f} | {row.says} |"
            for row in self.rows
        ]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Fitted:
        """Raises InvalidInput where another version wrote it."""
        if content.get("format") != FORMAT:
            raise InvalidInput("format", "The weights were fitted by another version.", "Fit them again.")
        told = {name: value for name, value in content.items() if name != "format"}
        rows = tuple(Learned(**row) for row in told.pop("rows"))
        gain = tuple(told.pop("gain"))
        return cls(rows=rows, gain=(gain[0], gain[1], gain[2]), **told)


def fit_weights(
    parts: Sequence[str], examples: Sequence[Example], *, seed: int = 0, ridge: float = RIDGE
) -> Fitted:
    """Fits all weights, and checks them on FOLDS parts of the questions that each were left out.

    Raises InvalidInput where fewer than FEWEST questions have both a partner and somebody else.
    """
    useful = [each for each in examples if each.partner.any() and not each.partner.all()]
    if len(useful) < FEWEST:
        raise InvalidInput(
            "examples", f"Only {len(useful)} questions have an answer.", f"Gather at least {FEWEST}."
        )
    usual = np.array([getattr(Weights(), part) for part in parts])
    spread = _spread(useful)
    solved = _solve([_scaled(each, spread) for each in useful], ridge)
    errors = _errors([_scaled(each, spread) for each in useful], solved, ridge)
    weights, errors = solved / spread, errors / spread
    scale = SUM / max(float(weights.sum()), 1e-9)
    learned, old = _held_out(useful, usual, ridge, seed)
    return Fitted(
        rows=tuple(
            Learned(part, float(u), round(float(w * scale), 4), round(float(e * scale), 4))
            for part, u, w, e in zip(parts, usual, weights, errors, strict=True)
        ),
        questions=len(useful),
        ridge=ridge,
        seed=seed,
        learned_hits=float(learned.mean()),
        usual_hits=float(old.mean()),
        gain=interval(learned - old, seed),
    )


def _spread(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Standard deviation of each part, so that the ridge presses on all alike."""
    together = np.concatenate([each.values for each in examples])
    deviation: NDArray[np.float64] = together.std(axis=0)
    return np.where(deviation > 1e-9, deviation, 1.0)


def _scaled(example: Example, spread: NDArray[np.float64]) -> Example:
    return Example(example.values / spread, example.partner)


def _solve(examples: Sequence[Example], ridge: float) -> NDArray[np.float64]:
    """Newton's method over the weights that are above zero or want to be."""
    weights = np.full(examples[0].values.shape[1], 0.1)
    for _ in range(STEPS):
        loss = _loss(examples, weights, ridge)
        slopes, curve = _slopes(examples, weights, ridge)
        slope = slopes.sum(axis=0) + ridge * weights
        free = (weights > 0) | (slope < 0)
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], -slope[free])
        moved = _line_search(examples, weights, step, loss, ridge)
        if np.abs(moved - weights).max() < SETTLED:
            return moved
        weights = moved
    return weights


def _line_search(
    examples: Sequence[Example],
    weights: NDArray[np.float64],
    step: NDArray[np.float64],
    loss: float,
    ridge: float,
) -> NDArray[np.float64]:
    """Halves the step until the loss falls; the old weights where it never does."""
    for halvings in range(20):
        moved: NDArray[np.float64] = np.maximum(0, weights + step / 2**halvings)
        if _loss(examples, moved, ridge) <= loss:
            return moved
    return weights


def _loss(examples: Sequence[Example], weights: NDArray[np.float64], ridge: float) -> float:
    loss = ridge * float(weights @ weights) / 2
    for each in examples:
        chance = _chance(each, weights)
        loss -= float(np.log(chance[each.partner].sum()))
    return loss


def _chance(example: Example, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each candidate to be the one who is chosen."""
    scores = example.values @ weights
    powers = np.exp(np.maximum(scores - scores.max(), -300.0))
    chances: NDArray[np.float64] = powers / powers.sum()
    return chances


def _slopes(
    examples: Sequence[Example], weights: NDArray[np.float64], ridge: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The slope for each question, and the curvature of everybody's chance with the ridge in it.

    What the partners' own chances take off that curvature is left out, so that it is never negative.
    """
    slopes = np.zeros((len(examples), len(weights)))
    curve = ridge * np.eye(len(weights))
    for number, each in enumerate(examples):
        chance = _chance(each, weights)
        mean = chance @ each.values
        partners = chance[each.partner]
        slopes[number] = mean - partners / partners.sum() @ each.values[each.partner]
        curve += (each.values * chance[:, None]).T @ each.values - np.outer(mean, mean)
    return slopes, curve


def _errors(examples: Sequence[Example], weights: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    """Standard errors that allow for one question's partners not being independent (a sandwich)."""
    slopes, curve = _slopes(examples, weights, ridge)
    free = weights > 0
    errors = np.zeros_like(weights)
    inverse = np.linalg.inv(curve[np.ix_(free, free)])
    centred = slopes[:, free] - slopes[:, free].mean(axis=0)
    errors[free] = np.sqrt(np.diag(inverse @ (centred.T @ centred) @ inverse))
    return errors


def _held_out(
    examples: Sequence[Example], usual: NDArray[np.float64], ridge: float, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each question whether a partner is among the first: by weights of the other folds, by the usual."""
    order = np.random.default_rng(seed).permutation(len(examples))
    learned, old = np.zeros(len(examples)), np.zeros(len(examples))
    for fold in range(FOLDS):
        left_out = set(order[fold::FOLDS].tolist())
        rest = [each for number, each in enumerate(examples) if number not in left_out]
        spread = _spread(rest)
        weights = _solve([_scaled(each, spread) for each in rest], ridge) / spread
        for number in sorted(left_out):
            learned[number] = _hit(examples[number], weights)
            old[number] = _hit(examples[number], usual)
    return learned, old


def _hit(example: Example, weights: NDArray[np.float64]) -> bool:
    order = np.argsort(-np.round(example.values @ weights, 9), kind="stable")
    return bool(example.partner[order[:FIRST]].any())


def interval(values: NDArray[np.floating[Any]], seed: int = 0) -> tuple[float, float, float]:
    """Mean and the 95 % bootstrap interval of it, over 2,000 draws."""
    draws = np.random.default_rng(seed).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)
