"""Assigning juries: Kontor beside min-cost flow (OR-Tools) and two fair heuristics, on the same instances.

    python -m benchmarks.juries [--only TEXT] [--time SECONDS] [--alone SEEDS]

Processor seconds and both objectives of each way, all in one process on one thread. Conflicts are hard in all
of them. Fails where Kontor's total is below the flow's, or its worst-served application below anybody's.
`--alone 5`: Kontor's fair assignment only, on so many invented juries of each size, in one table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.juries_data import SIZES, Size, fits, problem
from benchmarks.juries_fairflow import fair_flow
from benchmarks.juries_peers import flow, thresholds
from kontor.engine.juries.model import Aim, Params, Problem, Result
from kontor.engine.juries.solve import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray


IGNORED = "least load ignored"


@dataclass(frozen=True)
class Run:
    name: str
    total: float
    worst: float
    cpu: float
    wall: float
    proof: str = ""


class Limit:
    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()


def timed(work: Callable[[], object]) -> tuple[object, float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def kontor(name: str, asked: Problem, aim: Aim, seconds: float) -> Run:
    found, cpu, wall = timed(lambda: solve(asked, params=Params(aim=aim), stop=Limit(seconds)))
    assert isinstance(found, Result)
    assert found.total is not None
    assert found.worst is not None
    proof = str(found.status)
    if found.status != "optimal":
        proof += f" (worst at most {found.worst.bound:.4f})"
    return Run(name, found.total.reached, found.worst.reached, cpu, wall, proof)


def peer(name: str, work: Callable[[], NDArray[np.bool_] | None], units: NDArray[np.int64]) -> Run:
    found, cpu, wall = timed(work)
    if found is None:
        return Run(name, float("nan"), float("nan"), cpu, wall, "found nothing")
    sums = (units * found).sum(axis=1) / 10_000
    return Run(name, float(sums.sum()), float(sums.min()), cpu, wall)


def measure(size: Size, seconds: float) -> list[Run]:
    units, free = fits(size)
    asked = problem(size, units, free)
    least, most = np.full(size.experts, size.load_min), np.full(size.experts, size.load_max)
    given = (units, free, size.reviews, least, most)
    fair = peer("thresholds (PeerReview4All)", lambda: thresholds(*given), units)
    if np.isnan(fair.total):
        loose = (units, free, size.reviews, np.zeros_like(least), most)
        fair = peer(f"thresholds, {IGNORED}", lambda: thresholds(*loose), units)
    return [
        kontor("kontor, worst then total", asked, Aim.FAIR, seconds),
        kontor("kontor, total", asked, Aim.TOTAL, seconds),
        peer("min-cost flow, all pairs", lambda: flow(*given), units),
        fair,
        peer("FairFlow (Kobren et al.)", lambda: fair_flow(*given), units),
    ]


def table(size: Size, runs: list[Run]) -> str:
    lines = [
        f"### {size.name}, {size.reviews} reviews each, load {size.load_min} to {size.load_max}",
        "",
        "| | total | worst | processor s | wall s | times kontor's fair | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for run in runs:
        ratio = run.cpu / runs[0].cpu
        figures = f"{run.total:.4f} | {run.worst:.4f} | {run.cpu:.2f} | {run.wall:.2f} | {ratio:.2f}"
        lines.append(f"| {run.name} | {figures} | {run.proof} |")
    return "\n".join([*lines, ""])


def kept(runs: list[Run]) -> bool:
    """Total and worst at least as good as anybody's who keeps the same rules."""
    fair, total, *others = runs
    close = 1e-9
    same = [other for other in others if IGNORED not in other.name]
    return all(other.total <= total.total + close and other.worst <= fair.worst + close for other in same)


def alone(sizes: list[Size], seeds: int, seconds: float) -> None:
    """Kontor only: proven juries, median and worst processor seconds."""
    print("| | proven | median s | worst s |\n| --- | ---: | ---: | ---: |")
    for size in sizes:
        made = [replace(size, seed=seed) for seed in range(1, seeds + 1)]
        runs = [kontor("fair", problem(each, *fits(each)), Aim.FAIR, seconds) for each in made]
        times = [run.cpu for run in runs]
        proven = [run.proof for run in runs].count("optimal")
        print(f"| {size.name} | {proven} of {seeds} | {median(times):.2f} | {max(times):.2f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="sizes whose name holds this text")
    parser.add_argument("--time", type=float, default=60.0, help="seconds allowed to each of kontor's runs")
    parser.add_argument("--alone", type=int, default=0, help="so many juries of each size, Kontor only")
    options = parser.parse_args()
    solve(problem(SIZES[0], *fits(SIZES[0])))
    if options.alone:
        alone([each for each in SIZES if options.only in each.name], options.alone, options.time)
        return 0
    good = True
    for size in SIZES:
        if options.only in size.name:
            runs = measure(size, options.time)
            print(table(size, runs), flush=True)
            good &= kept(runs)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
