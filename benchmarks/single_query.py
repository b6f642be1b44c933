"""One question at 10,000 and 100,000 profiles: time, build, memory, and the bare libraries beside it.

    python benchmarks/single_query.py [PROFILES ...] [--queries N]

Each size runs in its own process with one thread, all methods in the same run on the same input. Profiles are
invented from a seed: a statement of 25 words drawn by Zipf's law from 30,000 words, a random direction as its
vector; half of the words of a question come from one statement. The real encoder's time is measured apart,
because the bare libraries are given their vectors.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

import numpy as np

from kontor.codes import encoder as installed
from kontor.engine.matching.encoder import DIMENSIONS, quantised
from kontor.engine.matching.entry import Entry, encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Conditions, Profile, Query, Statement
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.solve import search

VOCABULARY = [f"w{number:05d}" for number in range(30_000)]
CUMULATED = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))
LENGTH = 25
ONE_THREAD = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Given:
    """Hands out prepared vectors, so that scanning is timed and not encoding."""

    name = "given"
    languages = frozenset({"en"})
    english = None

    def __init__(self) -> None:
        self.generator = np.random.default_rng(5)

    def encode(self, texts: list[str]) -> np.ndarray:
        return quantised(self.generator.standard_normal((len(texts), DIMENSIONS)).astype(np.float32))


def texts_of(count: int) -> list[str]:
    rng = random.Random(1)
    return [" ".join(rng.choices(VOCABULARY, cum_weights=CUMULATED, k=LENGTH)) for _ in range(count)]


def profiles_of(texts: list[str]) -> Iterator[Profile]:
    rng = random.Random(2)
    for number, text in enumerate(texts):
        yield Profile(
            f"f{number:07d}",
            f"Firm {number}",
            country=rng.choice(["DE", "NL", "FR", "IT", "BE", "AT"]),
            size=rng.choice(["micro", "small", "medium", "large"]),
            statements=(Statement(f"s{number}", "offer", text, "en", confirmed_on="2026-05-01"),),
        )


def questions(texts: list[str], count: int) -> list[str]:
    rng = random.Random(3)
    drawn = [rng.choice(texts).split()[: LENGTH // 2] for _ in range(count)]
    return [
        " ".join([*words, *rng.choices(VOCABULARY, cum_weights=CUMULATED, k=LENGTH // 2)]) for words in drawn
    ]


def timed(work: Callable[[str], object], asked: list[str]) -> dict[str, float]:
    """Milliseconds by the wall clock (p50, p99) and of processor time (cpu, p50)."""
    work(asked[0])
    walls, cpus = [], []
    for question in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        work(question)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return {
        "p50": float(np.percentile(walls, 50)),
        "p99": float(np.percentile(walls, 99)),
        "cpu": float(np.median(cpus)),
    }


def resident() -> float:
    """MB held by this process."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def measure(count: int, queries: int) -> dict[str, object]:
    texts = texts_of(count)
    asked = questions(texts, queries)
    lexicon, encoder = Lexicon(), Given()
    before = resident()
    started = time.process_time()
    entries: list[Entry] = list(encode_profiles(profiles_of(texts), lexicon, encoder))
    prepared = time.process_time() - started
    started = time.process_time()
    index = Index.build(entries)
    built = time.process_time() - started
    del entries
    memory = resident() - before
    matrix = index.segments[0].passages.vectors
    open_question = {"lexicon": lexicon, "encoder": encoder}
    conditions = Conditions(countries_excluded=("DE",), sme_only=True)
    rows = {
        "kontor, top 20 explained": timed(
            lambda text: search(index, Query(text=text, language="en"), **open_question), asked
        ),
        "kontor, top 1": timed(
            lambda text: search(index, Query(text=text, language="en", top=1), **open_question), asked
        ),
        "kontor, top 20, two conditions": timed(
            lambda text: search(
                index, Query(text=text, language="en", conditions=conditions), **open_question
            ),
            asked,
        ),
        **bare_libraries(texts, matrix, asked),
    }
    return {"profiles": count, "prepare": prepared, "build": built, "memory": memory, "rows": rows}


def bare_libraries(texts: list[str], matrix: np.ndarray, asked: list[str]) -> dict[str, dict[str, float]]:
    import bm25s
    import faiss

    faiss.omp_set_num_threads(1)
    floats = matrix.astype(np.float32)
    floats /= np.linalg.norm(floats, axis=1, keepdims=True)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(floats)
    given = Given()
    words = bm25s.BM25()
    words.index([text.split() for text in texts], show_progress=False)
    return {
        "bm25s (words only)": timed(
            lambda text: words.retrieve([text.split()], k=20, show_progress=False, n_threads=0), asked
        ),
        "faiss flat (vectors only)": timed(
            lambda _: flat.search(given.encode([""]).astype(np.float32), 20), asked
        ),
        "numpy (vectors only)": timed(
            lambda _: np.argpartition(floats @ given.encode([""])[0].astype(np.float32), -20)[-20:], asked
        ),
    }


def encoder_alone() -> dict[str, float]:
    reader = Reader(Lexicon(), installed.load())
    return timed(
        lambda text: reader.vector(text, "en"),
        ["We look for heat pumps that work with waste heat of a dairy."] * 50,
    )


def table(result: dict) -> str:
    kontor = result["rows"]["kontor, top 20 explained"]
    lines = [
        f"### {result['profiles']:,} profiles",
        "",
        f"Prepared (words, terms) in {result['prepare']:.1f} s, indexed in {result['build']:.1f} s "
        f"of processor time, {result['memory']:.0f} MB.",
        "",
        "| | p50 ms | p99 ms | processor ms (p50) | kontor takes x times its processor time |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, row in result["rows"].items():
        ratio = kontor["cpu"] / row["cpu"]
        lines.append(f"| {name} | {row['p50']:.1f} | {row['p99']:.1f} | {row['cpu']:.1f} | {ratio:.1f} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--one", action="store_true", help="measure one size in this process and print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.profiles[0], options.queries)))
        return
    for count in options.profiles:
        command = [sys.executable, __file__, str(count), "--queries", str(options.queries), "--one"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=ONE_THREAD)
        print(table(json.loads(done.stdout)), flush=True)
    alone = encoder_alone()
    print(f"Encoding the question itself: p50 {alone['p50']:.1f} ms, processor {alone['cpu']:.1f} ms.")


if __name__ == "__main__":
    main()
