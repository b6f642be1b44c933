"""Lists of fillings as a programme: one of each envelope, agreeing on open columns; its relaxed prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.portfolio.agreeing import OPEN, Lists
from kontor.engine.portfolio.decomposed import Filled


@dataclass(frozen=True, slots=True)
class Tie:
    """An open column, as (envelope, place) in two envelopes that share it."""

    one: tuple[int, int]
    other: tuple[int, int]


def ties_of(lists: Lists) -> Iterator[Tie]:
    """Every open column in every envelope that has it and in the one before."""
    last: dict[int, tuple[int, int]] = {}
    for number, columns in enumerate(lists.columns):
        for place in np.flatnonzero(lists.state[columns] == OPEN).tolist():
            column = int(columns[place])
            if column in last:
                yield Tie(last[column], (number, place))
            last[column] = number, place


def model_of(found: Filled, lists: Lists, ties: list[Tie], *, whole: bool) -> highspy.HighsLp:
    """One filling of each envelope; of an open column as much in the one as in the other."""
    starts = np.cumsum([0, *(len(each) for each in lists.loss)])
    rows = [(np.arange(a, b), np.ones(b - a), 1.0) for a, b in pairwise(starts)]
    for tie in ties:
        one, other = (starts[n] + np.flatnonzero(lists.taking[n][:, p]) for n, p in (tie.one, tie.other))
        value = np.concatenate((np.ones(len(one)), -np.ones(len(other))))
        rows.append((np.concatenate((one, other)), value, 0.0))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = lists.size, len(rows)
    model.col_cost_ = np.concatenate(lists.loss) / found.scale
    model.col_lower_, model.col_upper_ = np.zeros(lists.size), np.full(lists.size, 1.0 if whole else np.inf)
    model.row_lower_ = model.row_upper_ = np.array([end for _, _, end in rows])
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * lists.size
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(index) for index, _, _ in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([index for index, _, _ in rows]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([value for _, value, _ in rows])
    return model


def reprice(found: Filled, lists: Lists, highs: highspy.Highs) -> bool:
    """Moves losses between envelopes by the prices of the relaxation; False where not even shares agree.
    Raises OutOfTime.
    """
    ties = list(ties_of(lists))
    highs.passModel(model_of(found, lists, ties, whole=False))
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return False
    if status != highspy.HighsModelStatus.kOptimal:
        raise OutOfTime
    prices = highs.getSolution().row_dual[len(lists.loss) :]
    for tie, price in zip(ties, prices, strict=True):
        moved = round(price * found.scale)
        for (number, place), sign in ((tie.one, -1), (tie.other, 1)):
            lists.loss[number] = lists.loss[number] + sign * moved * lists.taking[number][:, place]
    return True
