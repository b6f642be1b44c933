"""The best portfolio under envelopes: Kontor beside plain CP-SAT and plain HiGHS on the same programme.

    python -m benchmarks.portfolio [--time SECONDS]

Invented proposals with money to the cent and scores in half points; each draws on one envelope, or half of
them on two, all envelopes tight. Processor and wall seconds, all in one process on one thread. Fails where a
peer has a better value, or where Kontor proves no optimum though each proposal draws on one envelope.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import highspy
import numpy as np
from ortools.sat.python import cp_model

from kontor.engine.portfolio.best import draft
from kontor.engine.portfolio.model import Envelope, Problem, Proposal, Rule
from kontor.engine.portfolio.solve import solve
from kontor.engine.portfolio.whole import Programme, maximise, solve_exactly

SIZES = ((2000, 30, 0.0), (5000, 30, 0.0), (500, 30, 0.5), (5000, 30, 0.5))


class Limit:
    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()


def invented(count: int, envelopes: int, both: float) -> Problem:
    """A third of the money asked for is there; a share `both` of the proposals draws on two envelopes."""
    rng = random.Random(count)
    kinds = [f"envelope{n}" for n in range(envelopes)]
    asked = dict.fromkeys(kinds, 0)
    proposals = []
    for number in range(count):
        amount = rng.randint(2_000_000, 30_000_000)
        draws = {rng.choice(kinds): amount}
        if rng.random() < both:
            draws[rng.choice(kinds)] = amount
        for key, cents in draws.items():
            asked[key] += cents
        proposals.append(
            Proposal(
                f"p{number:04}",
                Decimal(rng.randint(100, 198)) / 2,
                {key: Decimal(cents) / 100 for key, cents in draws.items()},
            )
        )
    return Problem(
        tuple(Envelope(key, Decimal(cents // 3) / 100) for key, cents in asked.items()),
        tuple(proposals),
        Rule.BEST,
        min_score=Decimal(60),
    )


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


def measure(count: int, envelopes: int, both: float, seconds: float) -> bool:
    problem = invented(count, envelopes, both)
    programme = draft(problem).programme
    runs = {
        "kontor, optimum proven": timed(lambda: kontor(problem, seconds)),
        "kontor, with ties and ten reserves priced": timed(lambda: decision(problem, 4 * seconds)),
        "CP-SAT, plain": timed(lambda: plain_cp_sat(programme, seconds)),
        "HiGHS, plain": timed(lambda: plain_highs(programme, seconds)),
    }
    mine = runs["kontor, optimum proven"]
    title = f"{count:,} proposals, {envelopes} envelopes, {both:.0%} draw on two"
    print(f"### {title}\n\n| | value | processor s | wall s | times kontor's | |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, (value, status, cpu, wall) in runs.items():
        print(f"| {name} | {value / 1e6:.4f} | {cpu:.2f} | {wall:.2f} | {wall / mine[3]:.2f} | {status} |")
    print(flush=True)
    best = max(value for value, *_ in runs.values())
    return mine[0] == best and (mine[1] == "optimal" or both > 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=60.0, help="seconds allowed to each")
    options = parser.parse_args()
    good = True
    for size in SIZES:
        good &= measure(*size, options.time)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
