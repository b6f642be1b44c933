"""The best portfolio under envelopes: Kontor beside plain CP-SAT and plain HiGHS on the same programme.

    python -m benchmarks.portfolio [--time SECONDS] [--only TEXT] [--decision] [--alone SEEDS]

Invented proposals (see portfolio_data), all envelopes tight. Processor and wall seconds, all in one process
on one thread. Fails where a peer has a better value. `--decision` adds Kontor's whole answer, with ties and
ten reserves priced. `--alone 5`: Kontor only, on so many invented calls of each size, in one table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from statistics import median

import highspy
import numpy as np
from ortools.sat.python import cp_model

from benchmarks.portfolio_data import SIZES, Size, invented
from kontor.engine.portfolio.best import draft
from kontor.engine.portfolio.model import Problem
from kontor.engine.portfolio.programme import Programme
from kontor.engine.portfolio.sat import solve_exactly
from kontor.engine.portfolio.solve import solve
from kontor.engine.portfolio.whole import maximise


class Limit:
    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()


def plain_highs(programme: Programme, seconds: float) -> tuple[int, str]:
    highs = highspy.Highs()
    settings = {
        "output_flag": False,
        "threads": 1,
        "time_limit": seconds,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.99,
    }
    for option, value in settings.items():
        highs.setOptionValue(option, value)
    model = highspy.HighsLp()
    count, rows = len(programme.values), programme.rows
    model.num_col_, model.num_row_ = count, len(rows)
    model.col_cost_ = -np.array(programme.values, np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.array(programme.upper, np.float64)
    model.row_lower_ = np.array([-np.inf if row.low is None else row.low for row in rows], np.float64)
    model.row_upper_ = np.array([np.inf if row.high is None else row.high for row in rows], np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.coefs) for row in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([j for row in rows for j in row.coefs], np.int32)
    model.a_matrix_.value_ = np.array([c for row in rows for c in row.coefs.values()], np.float64)
    highs.passModel(model)
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    return round(-highs.getInfo().objective_function_value), status


def plain_cp_sat(programme: Programme, seconds: float) -> tuple[int, str]:
    status, x, value, _bound = solve_exactly(programme, seed=0, stop=Limit(seconds))
    return (value if x else 0), {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible"}.get(
        status, "nothing"
    )


def timed(work: Callable[[], tuple[int, str]]) -> tuple[int, str, float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    value, status = work()
    return value, status, time.process_time() - cpu, time.perf_counter() - wall


def kontor(problem: Problem, seconds: float) -> tuple[int, str]:
    found = maximise(draft(problem).programme, seed=0, stop=Limit(seconds))
    return found.value, "optimal" if found.value == found.bound else f"at most {found.bound / 1e6:.4f}"


def decision(problem: Problem, seconds: float) -> tuple[int, str]:
    result = solve(problem, stop=Limit(seconds))
    return int(result.value * 1_000_000), f"{result.status}, {len(result.ties)} ties" + (
        "" if result.ties_complete else " or more"
    )


def measure(size: Size, seconds: float, *, whole_answer: bool) -> bool:
    problem = invented(size)
    programme = draft(problem).programme
    runs = {
        "kontor": timed(lambda: kontor(problem, seconds)),
        "CP-SAT, plain": timed(lambda: plain_cp_sat(programme, seconds)),
        "HiGHS, plain": timed(lambda: plain_highs(programme, seconds)),
    }
    if whole_answer:
        runs["kontor, with ties and ten reserves priced"] = timed(lambda: decision(problem, 4 * seconds))
    mine = runs["kontor"]
    print(f"### {size.name}\n\n| | value | processor s | wall s | times kontor's | |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, (value, status, cpu, wall) in runs.items():
        print(f"| {name} | {value / 1e6:.4f} | {cpu:.2f} | {wall:.2f} | {cpu / mine[2]:.1f} | {status} |")
    print(flush=True)
    return mine[0] == max(value for value, *_ in runs.values())


def alone(sizes: list[Size], seeds: int, seconds: float) -> None:
    """Kontor only: proven calls, median and worst processor seconds, widest gap in percent of the bound."""
    print("| | proven | median s | worst s | widest gap % |\n| --- | ---: | ---: | ---: | ---: |")
    for size in sizes:
        times, gaps = [], []
        for seed in range(seeds):
            programme = draft(invented(size, seed)).programme
            begin = time.process_time()
            found = maximise(programme, seed=0, stop=Limit(seconds))
            times.append(time.process_time() - begin)
            gaps.append(100 * (found.bound - found.value) / found.bound)
        row = f"{gaps.count(0)} of {seeds} | {median(times):.2f} | {max(times):.2f} | {max(gaps):.4f}"
        print(f"| {size.name} | {row} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=60.0, help="seconds allowed to each")
    parser.add_argument("--only", default="", help="sizes whose name holds this text")
    parser.add_argument("--decision", action="store_true", help="time the whole answer too")
    parser.add_argument("--alone", type=int, default=0, help="so many calls of each size, Kontor only")
    options = parser.parse_args()
    if options.alone:
        alone([each for each in SIZES if options.only in each.name], options.alone, options.time)
        return 0
    good = True
    for size in SIZES:
        if options.only in size.name:
            good &= measure(size, options.time, whole_answer=options.decision)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
