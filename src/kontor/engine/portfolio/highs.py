"""HiGHS without a word."""

from __future__ import annotations

import math

import highspy

from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.stop import Stop


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
