"""How severe jurors are, and what that does to a ranking: raw beside adjusted; raw counts by default.

Score = application + juror + noise, applications as fixed and jurors as random effects. The variances come
from restricted maximum likelihood (Patterson and Thompson, Biometrika 1971), the severities are the best
linear unbiased predictions (Henderson 1975): who assessed little is pulled towards no severity at all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.errors import InvalidInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = 1e-9
"""Eigenvalues below this share of the largest are none."""
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Rating:
    """A juror's score of an application, on any scale that all share."""

    juror: str
    application: str
    score: float


@dataclass(frozen=True, slots=True)
class Severity:
    """`effect`: points the juror gives above (or below) others, shrunk; `error`: its standard error.

    `raw_gap`: mean distance from the others' mean of the same applications, not shrunk. `used` is false where
    fewer than the minimum of assessments stand behind it, or none that somebody else made too.
    """

    juror: str
    count: int
    raw_gap: float
    effect: float
    error: float
    used: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Mean score and rank of an application, raw and adjusted; equal scores share the better rank."""

    application: str
    raw: float
    adjusted: float
    raw_rank: int
    adjusted_rank: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """`between`: standard deviation of severities, `noise`: of scores besides."""

    jurors: tuple[Severity, ...]
    applications: tuple[Standing, ...]
    between: float
    noise: float

    @property
    def moved(self) -> tuple[Standing, ...]:
        """Applications whose rank the adjustment would change."""
        return tuple(each for each in self.applications if each.raw_rank != each.adjusted_rank)


def calibrate(ratings: Sequence[Rating], *, minimum: int = 5) -> Calibration:
    """Severities and both rankings. `minimum`: assessments a juror needs before they are adjusted.

    Raises InvalidInput for a score that is no number, and a juror who scored an application twice.
    """
    _check(ratings, minimum)
    jurors = sorted({each.juror for each in ratings})
    applications = sorted({each.application for each in ratings})
    row = np.array([applications.index(each.application) for each in ratings], np.int64)
    column = np.array([jurors.index(each.juror) for each in ratings], np.int64)
    scores = np.array([each.score for each in ratings], np.float64)
    model = _Model.of(row, column, scores, len(applications), len(jurors))
    ratio, noise = model.fit()
    effects, errors = model.predictions(ratio, noise)
    counts = Counter(each.juror for each in ratings)
    used = np.array([counts[j] >= minimum for j in jurors]) & (model.shared > 0)
    applied = np.where(used, effects, 0.0)
    gaps = _raw_gaps(row, column, scores, len(applications), len(jurors))
    severities = tuple(
        Severity(key, counts[key], float(gaps[j]), float(effects[j]), float(errors[j]), bool(used[j]))
        for j, key in enumerate(jurors)
    )
    raw = _means(row, scores, len(applications))
    adjusted = _means(row, scores - applied[column], len(applications))
    standings = tuple(
        Standing(key, float(raw[a]), float(adjusted[a]), _rank(raw, a), _rank(adjusted, a))
        for a, key in enumerate(applications)
    )
    ordered = tuple(sorted(standings, key=lambda each: (each.raw_rank, each.application)))
    return Calibration(severities, ordered, math.sqrt(ratio * noise), math.sqrt(noise))


@dataclass(frozen=True, slots=True)
class _Model:
    """Jurors' effects with the applications' means taken out, in the basis where they are independent.

    `values[k]` eigenvalues of the information on jurors, `basis[:, k]`, `sums[k]` the data in that basis;
    `rest`: sum of squares that no juror explains, on `freedom` degrees; `shared[j]`: information on juror j.
    """

    values: NDArray[np.float64]
    basis: NDArray[np.float64]
    sums: NDArray[np.float64]
    rest: float
    freedom: int
    shared: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        row: NDArray[np.int64],
        column: NDArray[np.int64],
        scores: NDArray[np.float64],
        applications: int,
        jurors: int,
    ) -> _Model:
        seen = np.zeros((applications, jurors))
        seen[row, column] = 1.0
        counts = seen.sum(axis=1)
        centred = scores - _means(row, scores, applications)[row]
        information = np.diag(seen.sum(axis=0)) - seen.T @ (seen / counts[:, None])
        values, basis = np.linalg.eigh(information)
        keep = values > SMALLEST * max(1.0, float(values.max(initial=0.0)))
        values, basis = values[keep], basis[:, keep]
        sums = basis.T @ np.bincount(column, weights=centred, minlength=jurors)
        rest = max(0.0, float(centred @ centred - (sums**2 / values).sum()))
        shared = np.diag(information).round(12).astype(np.float64)
        kept, vectors = np.asarray(values, np.float64), np.asarray(basis, np.float64)
        return cls(kept, vectors, sums.astype(np.float64), rest, len(scores) - applications, shared)

    def noise(self, ratio: float) -> float:
        """Variance of the noise that suits the ratio of variances best."""
        if self.freedom <= 0:
            return 0.0
        explained = float((self.sums**2 / (self.values * (1 + ratio * self.values))).sum())
        return (self.rest + explained) / self.freedom

    def loss(self, ratio: float) -> float:
        """Minus twice the restricted log-likelihood, but for a constant."""
        noise = self.noise(ratio)
        if noise <= 0:
            return -math.inf
        return self.freedom * math.log(noise) + float(np.log1p(ratio * self.values).sum())

    def fit(self) -> tuple[float, float]:
        """Ratio of the jurors' variance to the noise, and the noise: by golden section on the logarithm."""
        if self.freedom <= 0 or not len(self.values) or self.noise(0.0) < 1e-12:
            return 0.0, self.noise(0.0)
        low, high = math.log(1e-6), math.log(1e4)
        for _ in range(80):
            first, second = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
            if self.loss(math.exp(first)) <= self.loss(math.exp(second)):
                high = second
            else:
                low = first
        ratio = math.exp((low + high) / 2)
        ratio = ratio if self.loss(ratio) < self.loss(0.0) else 0.0
        return ratio, self.noise(ratio)

    def predictions(self, ratio: float, noise: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shrunken effects and their standard errors."""
        weights = ratio / (1 + ratio * self.values)
        effects = self.basis @ (weights * self.sums)
        gain = (self.basis**2 * (ratio - weights)).sum(axis=1)
        errors = np.sqrt(np.maximum(noise * (ratio - gain), 0.0))
        return effects, errors


def _check(ratings: Sequence[Rating], minimum: int) -> None:
    if minimum < 1:
        raise InvalidInput("minimum", f"{minimum} is below 1.", "Use 1 or more.")
    seen = set()
    for number, each in enumerate(ratings):
        if not math.isfinite(each.score):
            raise InvalidInput(f"ratings[{number}].score", f"{each.score} is no number.", "Give a number.")
        if (each.juror, each.application) in seen:
            message = f"{each.juror} scored {each.application} twice."
            raise InvalidInput(f"ratings[{number}]", message, "Keep the last score.")
        seen.add((each.juror, each.application))


def _means(row: NDArray[np.int64], scores: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.bincount(row, weights=scores, minlength=count) / np.maximum(
        np.bincount(row, minlength=count), 1
    )
    return found


def _raw_gaps(
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    scores: NDArray[np.float64],
    applications: int,
    jurors: int,
) -> NDArray[np.float64]:
    """Mean of own score less the mean of the others', over applications that others scored too."""
    counts = np.bincount(row, minlength=applications)[row]
    sums = np.bincount(row, weights=scores, minlength=applications)[row]
    both = counts > 1
    gaps = scores[both] - (sums[both] - scores[both]) / (counts[both] - 1)
    totals = np.bincount(column[both], weights=gaps, minlength=jurors)
    found: NDArray[np.float64] = totals / np.maximum(np.bincount(column[both], minlength=jurors), 1)
    return found


def _rank(values: NDArray[np.float64], place: int) -> int:
    """1 is best; differences of rounding do not count."""
    return 1 + int((values > values[place] + 1e-9).sum())
