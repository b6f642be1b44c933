"""Suggestions for everyone: how long, beside the bare matrix product of the same pairs in the same run.

    python benchmarks/suggest.py [PROFILES] [--processes 2]

Profiles are invented from a seed: each has an offer, half a competence besides, nine of ten a need (2.4
statements); 20 words drawn by Zipf's law, and a vector near one of some hundred topics, as real statements
lie. The bare product multiplies the very vectors that the scan multiplies, block by block, with as many
processes, and neither looks at the products nor keeps any.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np

from kontor.engine.matching.encoder import DIMENSIONS, quantised
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Profile, Statement
from kontor.engine.matching.suggest import SuggestParams, suggest
from kontor.engine.matching.suggest.layout import table_of
from kontor.engine.matching.suggest.table import Table

VOCABULARY = [f"w{number:05d}" for number in range(30_000)]
CUMULATED = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))
COUNTRIES = (
    ["DE"] * 5 + ["FR"] * 4 + ["IT"] * 3 + ["ES"] * 3 + ["NL", "NL", "BE", "AT", "PL", "PL", "DK", "SI"]
)
TOPICS = 150


class Topical:
    """Hands out vectors around topics, so that finding is timed and not encoding."""

    name = "topical"
    languages = frozenset({"en"})
    english = None

    def __init__(self) -> None:
        self.generator = np.random.default_rng(5)
        self.topics = self.generator.standard_normal((TOPICS, DIMENSIONS)).astype(np.float32)

    def encode(self, texts: list[str]) -> np.ndarray:
        drawn = self.topics[self.generator.integers(0, TOPICS, len(texts))]
        own = self.generator.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)
        return quantised(drawn + 1.2 * own + 0.4)


def profiles_of(count: int) -> Iterator[Profile]:
    rng = random.Random(1)
    for number in range(count):
        kinds = ["offer", *["competence"] * (rng.random() < 0.5), *["need"] * (rng.random() < 0.9)]
        said = tuple(
            Statement(
                f"s{number}-{place}",
                kind,
                " ".join(rng.choices(VOCABULARY, cum_weights=CUMULATED, k=20)),
                "en",
                confirmed_on="2026-05-01",
            )
            for place, kind in enumerate(kinds)
        )
        yield Profile(
            f"f{number:07d}",
            f"Firm {number}",
            country=rng.choice(COUNTRIES),
            introductions=rng.choice([0, 0, 1, 2, 5, 25]),
            statements=said,
        )


def products(folder: Path, number: int, of: int) -> None:
    """The bare products of every `of`-th block, in chunks as large as a block."""
    table = Table.load(folder)
    able, needs = (table.needs, table.able_shown), (0, table.needs_shown)
    for first, last in table.blocks(SuggestParams().block)[number::of]:
        rows = np.flatnonzero((table.owner >= first) & (table.owner < last))
        country = table.country[first]
        needy = np.unique(table.owner[rows[rows < table.needs]])
        asks_able = rows[rows >= table.needs]
        alone = asks_able[~np.isin(table.owner[asks_able], needy)]
        for asks, (start, end) in ((rows[rows < table.needs], able), (asks_able, needs), (alone, able)):
            abroad = table.country[table.owner[start:end]] != country
            bounds = np.flatnonzero(np.diff(abroad.astype(int), prepend=0, append=0)).reshape(-1, 2) + start
            for left, right in bounds:
                for at in range(left, right, 4096):
                    table.directions[asks] @ table.directions[at : min(at + 4096, right)].T


def bare(table: Table, processes: int) -> float:
    """Seconds by the wall clock."""
    with tempfile.TemporaryDirectory() as place:
        table.save(Path(place))
        command = [sys.executable, __file__, "--products", place]
        started = time.perf_counter()
        running = [
            subprocess.Popen([*command, str(number), str(processes)], env=ONE_THREAD)
            for number in range(processes)
        ]
        for each in running:
            if each.wait():
                raise SystemExit("the bare product failed")
        return time.perf_counter() - started


ONE_THREAD = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def processor() -> float:
    """Seconds of processor time of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="?", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--products", nargs=3, metavar=("FOLDER", "NUMBER", "OF"))
    options = parser.parse_args()
    if options.products:
        folder, number, of = options.products
        products(Path(folder), int(number), int(of))
        return
    index = Index.build(encode_profiles(profiles_of(options.profiles), Lexicon(), Topical()))
    steps: dict[str, float] = {}
    started, worked = time.perf_counter(), processor()

    def note(done: int, total: int, step: str) -> None:
        steps.setdefault(step, time.perf_counter() - started)

    found = list(suggest(index, progress=note, processes=options.processes, today="2026-11-01"))
    seconds, work = time.perf_counter() - started, processor() - worked
    table = table_of(index)
    worked = processor()
    product = bare(table, options.processes)
    bare_work = processor() - worked
    asked = Counter(told.partner for each in found for told in each.suggestions)
    lists = [len(each.suggestions) for each in found]
    newcomers = [sum(told.newcomer for told in each.suggestions) / 20 for each in found]
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{options.profiles:,} profiles, {len(table.owner):,} statements, {options.processes} processes")
    print(f"suggestions for everyone: {seconds:.0f} s; the bare product of the same pairs: {product:.0f} s")
    print(
        f"processor time of all processes: {work:.0f} s and {bare_work:.0f} s, ratio {work / bare_work:.2f}"
    )
    marks = ", ".join(f"{step} from {steps[step]:.0f} s" for step in ("compare", "allot"))
    print(f"ratio: {seconds / product:.2f}; {marks}; {peak / 1024:.0f} MB at most")
    share = sum(newcomers) / len(lists)
    print(f"places: {sum(lists) / len(lists):.2f} on average, at least {min(lists)}")
    print(f"newcomers: {share:.2f} of the places on average, at least {min(newcomers):.2f}")
    print(f"most often suggested: {max(asked.values())} times; {len(asked):,} are suggested at all")


if __name__ == "__main__":
    main()
