"""HiGHS without a word."""

from __future__ import annotations

import math

import highspy
import numpy as np

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.programme import Programme


def quiet(seed: int, stop: Stop) -> highspy.Highs:
    """On one thread, ended by the caller's clock. Raises OutOfTime where it is over already."""
    if stop.left() <= 0:
        raise OutOfTime
    highs = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.9}
    for option, setting in {**settings, "random_seed": seed % (1 << 31)}.items():
        highs.setOptionValue(option, setting)
    if math.isfinite(stop.left()):
        highs.setOptionValue("time_limit", stop.left())
    return highs


def load(highs: highspy.Highs, programme: Programme, *, whole: bool = False) -> list[float]:
    """The relaxation with rows scaled to coefficients of at most 1, or `whole`; answers the scales."""
    count = len(programme.values)
    scale = [float(max((abs(c) for c in row.coefs.values()), default=1) or 1) for row in programme.rows]
    if whole:
        scale = [1.0] * len(programme.rows)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(programme.rows)
    model.col_cost_ = -np.array(programme.values, np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.array(programme.upper, np.float64)
    pairs = list(zip(programme.rows, scale, strict=True))
    model.row_lower_ = np.array([-np.inf if row.low is None else row.low / s for row, s in pairs])
    model.row_upper_ = np.array([np.inf if row.high is None else row.high / s for row, s in pairs])
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.coefs) for row in programme.rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([j for row in programme.rows for j in row.coefs], np.int32)
    model.a_matrix_.value_ = np.array([c / s for row, s in pairs for c in row.coefs.values()], np.float64)
    highs.passModel(model)
    return scale
