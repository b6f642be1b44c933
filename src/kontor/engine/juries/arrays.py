"""A problem as arrays: what the rules leave of the pairs, and bounds on rows and columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.lots import lot
from kontor.engine.juries.model import SCALE, Params, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = tuple[str, tuple[str, ...]]
"""A rule's name and whom it binds there."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """`units[a, e]`: fit in whole ten-thousandths. `allowed[a, e]`: no rule forbids the pair.

    `need_lo[a]`, `need_hi[a]`: reviews of an application; `load_lo[e]`, `load_hi[e]`: of an expert.
    `forced[a, e]`: fixed pairs. `wants`: (application, row of `competent`), one per required field;
    `competent[f, e]`: the expert has the field.
    """

    units: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    forced: NDArray[np.bool_]
    need_lo: NDArray[np.int64]
    need_hi: NDArray[np.int64]
    load_lo: NDArray[np.int64]
    load_hi: NDArray[np.int64]
    wants: NDArray[np.int64]
    competent: NDArray[np.bool_]

    def only(self, rows: NDArray[np.int64]) -> Arrays:
        """A part of the applications with all experts, who need not reach their least load by these alone."""
        place = np.full(len(self.units), -1)
        place[rows] = np.arange(len(rows))
        wants = self.wants[np.isin(self.wants[:, 0], rows)].copy()
        wants[:, 0] = place[wants[:, 0]]
        return replace(
            self,
            units=self.units[rows],
            allowed=self.allowed[rows],
            forced=self.forced[rows],
            need_lo=self.need_lo[rows],
            need_hi=self.need_hi[rows],
            load_lo=np.zeros_like(self.load_lo),
            wants=wants,
        )


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same problem in an order drawn by lot: the order of a file decides nothing between equals."""
    rows = sorted(range(len(problem.applications)), key=lambda a: lot(seed, problem.applications[a].key))
    columns = sorted(range(len(problem.experts)), key=lambda e: lot(seed, problem.experts[e].key))
    return Problem(
        applications=tuple(problem.applications[a] for a in rows),
        experts=tuple(problem.experts[e] for e in columns),
        fit=problem.fit[np.ix_(rows, columns)],
        conflicts=problem.conflicts,
        fixed=problem.fixed,
        bids=problem.bids,
        previous=problem.previous,
    )


def units_of(problem: Problem, params: Params) -> NDArray[np.int64]:
    """Fit and bids in whole ten-thousandths."""
    fit = problem.fit
    if params.bid_weight and problem.bids:
        fit = fit.copy()
        for bid in problem.bids:
            at = problem.application_at[bid.application], problem.expert_at[bid.expert]
            fit[at] = min(1.0, max(0.0, fit[at] + params.bid_weight * bid.value))
    units: NDArray[np.int64] = np.rint(fit * SCALE).astype(np.int64)
    return units


def arrays_of(
    problem: Problem,
    params: Params,
    *,
    off: Collection[Place] = frozenset(),
    without: Collection[str] = (),
) -> Arrays:
    """The problem with the rules in `off` (single places) and `without` (whole rules) left out."""
    kept = _Kept(frozenset(off), frozenset(without))
    fields = sorted({name for each in problem.applications for name in each.fields})
    wants = [
        (a, fields.index(name))
        for a, each in enumerate(problem.applications)
        for name in each.fields
        if kept("field", each.key, name)
    ]
    count = len(problem.applications)
    return Arrays(
        units=units_of(problem, params),
        allowed=_allowed(problem, kept),
        forced=_forced(problem, kept),
        need_lo=np.array(
            [a.reviews if kept("reviews", a.key) else 0 for a in problem.applications], np.int64
        ),
        need_hi=np.array(
            [a.most if kept("reviews_max", a.key) else len(problem.experts) for a in problem.applications],
            np.int64,
        ),
        load_lo=np.array(
            [e.load_min if e.available and kept("load_min", e.key) else 0 for e in problem.experts], np.int64
        ),
        load_hi=np.array(
            [e.load_max if kept("load_max", e.key) else count for e in problem.experts], np.int64
        ),
        wants=np.array(wants, np.int64).reshape(-1, 2),
        competent=np.array(
            [[name in e.fields for e in problem.experts] for name in fields], np.bool_
        ).reshape(len(fields), len(problem.experts)),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    off: frozenset[Place]
    without: frozenset[str]

    def __call__(self, rule: str, *subject: str) -> bool:
        return rule not in self.without and (rule, subject) not in self.off


def _allowed(problem: Problem, kept: _Kept) -> NDArray[np.bool_]:
    allowed = np.ones(problem.fit.shape, np.bool_)
    for e, expert in enumerate(problem.experts):
        if not expert.available and kept("availability", expert.key):
            allowed[:, e] = False
    reads = {
        language: np.array([language in e.languages for e in problem.experts], np.bool_)
        for language in {a.language for a in problem.applications if a.language}
    }
    for a, application in enumerate(problem.applications):
        if application.language and kept("language", application.key):
            allowed[a] &= reads[application.language]
    for conflict in problem.conflicts:
        if not conflict.waived_by and kept("conflict", conflict.expert, conflict.application):
            allowed[problem.application_at[conflict.application], problem.expert_at[conflict.expert]] = False
    return allowed


def _forced(problem: Problem, kept: _Kept) -> NDArray[np.bool_]:
    forced = np.zeros(problem.fit.shape, np.bool_)
    for pair in problem.fixed:
        if kept("fixed", pair.expert, pair.application):
            forced[problem.application_at[pair.application], problem.expert_at[pair.expert]] = True
    return forced
