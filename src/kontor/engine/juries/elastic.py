"""The fewest single changes to some rules that make an assignment possible: a mixed-integer programme."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.juries.model import Problem
from kontor.engine.juries.programme import quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

Subject = tuple[str, ...]
FREE = 1e9
IMPOSSIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
"""Costs are not negative, so nothing is unbounded."""


@dataclass(frozen=True, slots=True)
class Change:
    """`rule` gives way to `subject` by `amount`."""

    rule: str
    subject: Subject
    amount: int


@dataclass(slots=True)
class _Draft:
    """Columns with upper bound and cost, rows with bounds; columns that stand for a change know which."""

    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    meaning: dict[int, list[tuple[str, Subject]]] = field(default_factory=dict)
    rows: list[tuple[float, float, NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=list)

    def column(self, upper: float, *changes: tuple[str, Subject]) -> int:
        self.upper.append(upper)
        self.cost.append(float(len(changes)))
        if changes:
            self.meaning[len(self.upper) - 1] = list(changes)
        return len(self.upper) - 1

    def row(self, low: float, high: float, entries: dict[int, float]) -> None:
        index = np.fromiter(entries, np.int64, len(entries))
        self.rows.append((low, high, index, np.fromiter(entries.values(), float, len(entries))))


def fewest_changes(
    problem: Problem, loose: frozenset[str], *, seed: int, stop: Stop
) -> tuple[list[Change], bool] | None:
    """The fewest changes to the rules named in `loose`, and whether they are proven to be the fewest.

    None where even without these rules nothing is possible. Raises OutOfTime where that stays open.
    """
    draft = _Draft()
    pairs = _pairs(problem, loose, draft)
    _experts(problem, loose, draft, pairs)
    _applications(problem, loose, draft, pairs)
    for pair in problem.fixed:
        at = problem.application_at[pair.application], problem.expert_at[pair.expert]
        entries = {pairs[at]: 1.0} if at in pairs else {}
        if "fixed" in loose:
            entries[draft.column(1, ("fixed", (pair.expert, pair.application)))] = 1.0
        draft.row(1, 1, entries)
    return _solved(draft, seed, stop)


def _pairs(problem: Problem, loose: frozenset[str], draft: _Draft) -> dict[tuple[int, int], int]:
    """A column for every pair that is allowed, or would be after changes, which it then costs."""
    barred = {(c.expert, c.application) for c in problem.conflicts if not c.waived_by}
    found = {}
    for a, application in enumerate(problem.applications):
        for e, expert in enumerate(problem.experts):
            changes: list[tuple[str, Subject]] = []
            pair = (expert.key, application.key)
            if pair in barred:
                changes.append(("conflict", pair))
            if application.language and application.language not in expert.languages:
                changes.append(("language", (application.key, expert.key)))
            if all(rule in loose for rule, _ in changes) and (expert.available or "availability" in loose):
                found[a, e] = draft.column(1, *changes)
    return found


def _experts(
    problem: Problem, loose: frozenset[str], draft: _Draft, pairs: dict[tuple[int, int], int]
) -> None:
    held: list[dict[int, float]] = [{} for _ in problem.experts]
    for (_a, e), column in pairs.items():
        held[e][column] = 1.0
    for e, expert in enumerate(problem.experts):
        most = dict(held[e])
        if "load_max" in loose:
            most[draft.column(FREE, ("load_max", (expert.key,)))] = -1.0
        draft.row(-FREE, expert.load_max, most)
        if expert.available and expert.load_min:
            least = dict(held[e])
            if "load_min" in loose:
                least[draft.column(expert.load_min, ("load_min", (expert.key,)))] = 1.0
            draft.row(expert.load_min, FREE, least)
        if not expert.available and "availability" in loose:
            free = draft.column(1, ("availability", (expert.key,)))
            draft.row(-FREE, 0, {**held[e], free: -float(len(problem.applications))})


def _applications(
    problem: Problem, loose: frozenset[str], draft: _Draft, pairs: dict[tuple[int, int], int]
) -> None:
    held: list[dict[int, float]] = [{} for _ in problem.applications]
    for (a, _e), column in pairs.items():
        held[a][column] = 1.0
    for a, application in enumerate(problem.applications):
        least, most = dict(held[a]), dict(held[a])
        if "reviews" in loose:
            least[draft.column(application.reviews, ("reviews", (application.key,)))] = 1.0
        if "reviews_max" in loose:
            most[draft.column(FREE, ("reviews_max", (application.key,)))] = -1.0
        draft.row(application.reviews, FREE, least)
        draft.row(-FREE, application.most, most)
        for name in application.fields:
            able = {
                pairs[a, e]: 1.0
                for e, expert in enumerate(problem.experts)
                if name in expert.fields and (a, e) in pairs
            }
            if "field" in loose:
                able[draft.column(1, ("field", (application.key, name)))] = 1.0
            draft.row(1, FREE, able)


def _solved(draft: _Draft, seed: int, stop: Stop) -> tuple[list[Change], bool] | None:
    count = len(draft.upper)
    if not count:
        return ([], True) if all(low <= 0 <= high for low, high, *_ in draft.rows) else None
    highs = quiet(seed, stop)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(draft.rows)
    model.col_cost_, model.col_lower_ = np.array(draft.cost), np.zeros(count)
    model.col_upper_ = np.array([min(each, 1e6) for each in draft.upper])
    model.row_lower_ = np.array([-np.inf if low <= -FREE else low for low, *_ in draft.rows])
    model.row_upper_ = np.array([np.inf if high >= FREE else high for _, high, *_ in draft.rows])
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(index) for _, _, index, _ in draft.rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([index for _, _, index, _ in draft.rows]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([value for *_, value in draft.rows])
    highs.passModel(model)
    highs.run()
    status = highs.getModelStatus()
    if status in IMPOSSIBLE:
        return None
    if highs.getInfo().primal_solution_status != 2:
        raise OutOfTime
    x = np.rint(np.array(highs.getSolution().col_value)).astype(int)
    changes = [
        Change(rule, subject, int(x[column]))
        for column, meant in draft.meaning.items()
        if x[column]
        for rule, subject in meant
    ]
    return sorted(
        changes, key=lambda each: (each.rule, each.subject)
    ), status == highspy.HighsModelStatus.kOptimal
