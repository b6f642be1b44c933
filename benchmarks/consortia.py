"""Proven teams beside CP-SAT and HiGHS that are given the whole model.

python -m benchmarks.consortia [seconds for each peer]

One process, one after the other, on the same problems. Seconds after loading, with the processor's seconds
beside them, since other work on the machine stretches the former.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

from benchmarks._consortia_peers import Answer, cp_sat, highs, plain
from benchmarks.consortia_data import synergy, usual
from kontor.engine.consortia.model import Params, Problem, Result
from kontor.engine.consortia.solve import solve

SEEDS = (1, 2, 3, 4, 5)
HEADER = "| | status | objective | bound | seconds | processor |\n| --- | --- | ---: | ---: | ---: | ---: |"


class Limit:
    """Seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    def left(self) -> float:
        return max(0.0, self._end - time.perf_counter())


def kontor(problem: Problem, params: Params, seconds: float = 600) -> tuple[Answer, Result]:
    started, processor = time.perf_counter(), time.process_time()
    result = solve(problem, stop=Limit(seconds), params=params)
    wall, used = time.perf_counter() - started, time.process_time() - processor
    return Answer(str(result.status), result.objective or 0, result.bound or 0, wall, used), result


def line(name: str, answer: Answer) -> str:
    return (
        f"| {name} | {answer.status} | {answer.objective:.3f} | {answer.bound:.3f} | "
        f"{answer.seconds:.2f} | {answer.processor:.2f} |"
    )


def one_team(seconds: float) -> None:
    print(f"### One team of 20,000, {len(SEEDS)} problems\n\n{HEADER}")
    own: list[Answer] = []
    for seed in SEEDS:
        answer, _result = kontor(usual(seed=seed, ties=0), Params(prices=False))
        own.append(answer)
        print(line(f"Kontor, problem {seed}", answer), flush=True)
    peers: tuple[tuple[str, Callable[..., Answer]], ...] = (
        ("CP-SAT", cp_sat),
        ("CP-SAT, linearisation 2", lambda program, limit: cp_sat(program, limit, 2)),
        ("HiGHS", highs),
    )
    program = plain(usual(seed=SEEDS[0], ties=0))
    ratios = []
    for name, peer in peers:
        answer = peer(program, seconds)
        print(line(f"{name}, problem {SEEDS[0]}", answer), flush=True)
        processor, wall = answer.processor / own[0].processor, answer.seconds / own[0].seconds
        ratios.append(f"{name} takes {processor:.1f} times the processor and {wall:.1f} times the time.")
    print("\nOn problem 1: " + " ".join(ratios))
    middle = statistics.median(answer.seconds for answer in own)
    used = statistics.median(answer.processor for answer in own)
    print(f"Kontor's median: {middle:.2f} s, processor {used:.2f} s.\n")


def more_teams() -> None:
    print(f"### Ten teams that differ in two, and the price of each member\n\n{HEADER}")
    problem = usual(seed=2)
    answer, result = kontor(problem, Params(teams=10, differ=2, prices=False))
    print(line(f"ten teams ({len(result.teams)} found)", answer), flush=True)
    answer, _result = kontor(problem, Params())
    print(line("one team with all prices", answer), "\n", flush=True)


def pairs(seconds: float) -> None:
    for points in (3.0, 9.0):
        pairs_worth(points, seconds)


def pairs_worth(points: float, seconds: float) -> None:
    problem = synergy(points=points)
    print(f"### Synergy: 2,000 candidates, 10,000 ties of up to {points:g} points\n\n{HEADER}")
    alone, _result = kontor(synergy(ties=0), Params(prices=False))
    print(line("without synergy", alone))
    answer, _result = kontor(problem, Params(prices=False), 30)
    print(line("Kontor, 30 s", answer), flush=True)
    program = plain(problem)
    for name, peer in (("CP-SAT", cp_sat), ("HiGHS", highs)):
        print(line(f"{name}, {seconds:.0f} s", peer(program, seconds)), flush=True)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    print(f"OR-Tools {version('ortools')}, HiGHS {version('highspy')}\n")
    one_team(seconds)
    more_teams()
    pairs(seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
