"""One question at 10,000, 100,000 and 1,000,000 profiles on one core, beside the bare libraries.

    python -m benchmarks.million [PROFILES ...] [--queries N]

As `single_query.py`, whose profiles, questions and vectors it uses, but a directory above 100,000 repeats the
texts of the first 100,000, each copy with a key and a vector of its own: so it is built in a minute. Each
size runs in its own process with one thread. The invented words mean nothing to an encoder, so in the rows
`whole` each question has one of the 146 real needs of `instances/matching`, in eighteen languages, read by
both encoders besides. Where other work runs on the machine, processor time is what to
look at: it is what the wall would show on a free core.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.single_query import ONE_THREAD, Given, profiles_of, questions, resident, texts_of
from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.engine.matching.encoder import DIMENSIONS, quantised, sign_codes
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index, Place, Segment
from kontor.engine.matching.index.postings import Postings
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Conditions, Query
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.solve import search

INSTANCES = Path(__file__).parents[1] / "instances" / "matching"
NEEDS = ("pairs.json", "pairs-60.json", "pairs-92.json")
WRITTEN = 100_000
CHUNK = 50_000


def repeated(segment: Segment, times: int) -> Segment:
    """The segment `times` over, with keys and vectors of their own."""
    if times == 1:
        return segment
    count, passages = len(segment.row_keys), segment.passages
    keys = tuple(f"{key}-{copy}" for copy in range(times) for key in segment.row_keys)
    vectors = np.empty((count * times, DIMENSIONS), dtype=np.int8)
    generator = np.random.default_rng(8)
    for start in range(0, len(vectors), CHUNK):
        drawn = generator.standard_normal((CHUNK, DIMENSIONS), dtype=np.float32)
        vectors[start : start + CHUNK] = quantised(drawn[: len(vectors) - start])
    codes = np.concatenate([sign_codes(part) for part in np.array_split(vectors, 20)])
    columns = all_of(segment.columns, times)
    shown = all_of(passages, times, without={"vectors", "signs"})
    rows = np.arange(count * times)
    return dataclasses.replace(
        segment,
        numbers={key: number for number, key in enumerate(keys)},
        keys=keys,
        row_keys=keys,
        row_entries=rows.astype(np.int32),
        teasers=segment.teasers * times,
        records=segment.records * times,
        columns=dataclasses.replace(segment.columns, **columns),
        passages=dataclasses.replace(
            passages,
            **{**shown, "row": rows.astype(np.int32)},
            vectors=vectors,
            signs=np.ascontiguousarray(codes.T),
        ),
        starts=np.arange(count * times + 1),
        entry_starts=np.arange(count * times + 1),
        postings=repeated_postings(segment.postings, times),
    )


def all_of(columns: object, times: int, without: frozenset[str] | set[str] = frozenset()) -> dict:
    names = [field.name for field in dataclasses.fields(columns) if field.name not in without]
    return {name: np.concatenate([getattr(columns, name)] * times) for name in names}


def repeated_postings(postings: Postings, times: int) -> Postings:
    shift = np.arange(times)[:, None] * postings.passages
    bounds = list(zip(postings.offsets[:-1], postings.offsets[1:], strict=True))
    rows = [(postings.rows[first:last] + shift).ravel().astype(np.int32) for first, last in bounds]
    impacts = [np.tile(postings.impacts[first:last], times) for first, last in bounds]
    return dataclasses.replace(
        postings,
        rows=np.concatenate(rows),
        impacts=np.concatenate(impacts),
        offsets=postings.offsets * times,
        passages=postings.passages * times,
    )


def timed(work: Callable[[str], object], asked: list[str]) -> dict[str, float]:
    """Milliseconds: p50 and p99 by the wall clock and of processor time."""
    work(asked[0])
    walls, cpus = [], []
    for question in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        work(question)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return {
        f"{name}{rank}": float(np.percentile(values, rank))
        for name, values in (("wall", walls), ("cpu", cpus))
        for rank in (50, 99)
    }


class Reading(Given):
    """Has a real need read by the real encoders before it hands out the prepared vector.

    The encoders remember nothing between questions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reader = Reader(shipped.load(), installed.load())
        pairs = [pair for name in NEEDS for pair in json.loads((INSTANCES / name).read_text())["pairs"]]
        self.needs = itertools.cycle([pair["need"] for pair in pairs])
        for _ in pairs:
            self.read()

    def read(self) -> None:
        language, text = next(self.needs)
        self.reader.vector(text, language)

    def encode(self, texts: list[str]) -> np.ndarray:
        self.read()
        return super().encode(texts)


def measure(count: int, queries: int) -> dict[str, object]:
    texts = texts_of(min(count, WRITTEN))
    asked = questions(texts, queries)
    lexicon, encoder, reading = Lexicon(), Given(), Reading()
    before = resident()
    segment = Segment.build(list(encode_profiles(profiles_of(texts), lexicon, encoder)))
    segment = repeated(segment, count // len(texts))
    gc.collect()
    places = {key: Place(0, number) for number, key in enumerate(segment.keys)}
    index = Index((segment,), (np.ones(count, dtype=np.bool_),), places, encoder.name)
    memory = resident() - before
    rows = by_kontor(index, lexicon, {"": encoder, "whole: ": reading}, asked)
    rows["kontor, top 20 explained"]["memory"] = memory
    rows["encoding alone"] = timed(lambda _: reading.read(), asked)
    vectors, signs = segment.passages.vectors, segment.passages.signs
    del index, segment, places
    return {"profiles": count, "rows": {**rows, **bare(vectors, signs, asked)}}


def by_kontor(
    index: Index, lexicon: Lexicon, encoders: dict[str, Given], asked: list[str]
) -> dict[str, dict[str, float]]:
    """By each encoder, whose name goes before that of the row."""
    two = {"conditions": Conditions(countries_excluded=("DE",), sme_only=True)}

    def ask(encoder: Given, **more: object) -> Callable[[str], object]:
        return lambda text: search(
            index, Query(text=text, language="en", **more), lexicon=lexicon, encoder=encoder
        )

    rows = {}
    for name, encoder in encoders.items():
        rows[f"{name}kontor, top 20 explained"] = timed(ask(encoder), asked)
        rows[f"{name}kontor, top 20, two conditions"] = timed(ask(encoder, **two), asked)
    return rows


def bare(vectors: np.ndarray, signs: np.ndarray, asked: list[str]) -> dict[str, dict[str, float]]:
    import faiss

    faiss.omp_set_num_threads(1)
    given, found = Given(), {}
    codes = np.ascontiguousarray(signs.T).view(np.uint8)
    binary = faiss.IndexBinaryFlat(DIMENSIONS)
    binary.add(codes)
    found["faiss binary flat (signs only)"] = {
        **timed(lambda _: binary.search(sign_codes(given.encode([""])).view(np.uint8), 20), asked),
        "memory": codes.nbytes / 2**20,
    }
    flat = faiss.IndexFlatIP(DIMENSIONS)
    floats = np.empty((len(vectors), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(vectors), CHUNK):
        floats[start : start + CHUNK] = vectors[start : start + CHUNK]
        flat.add(floats[start : start + CHUNK])
    size = {"memory": floats.nbytes / 2**20}
    asking = asked[:20]

    def by_numpy(_: str) -> object:
        return np.argpartition(floats @ given.encode([""])[0].astype(np.float32), -20)[-20:]

    by_faiss = timed(lambda _: flat.search(given.encode([""]).astype(np.float32), 20), asking)
    found["faiss flat (vectors only)"] = {**by_faiss, **size}
    found["numpy (vectors only)"] = {**timed(by_numpy, asking), **size}
    return found


def table(result: dict) -> str:
    lines = [
        f"### {result['profiles']:,} profiles",
        "",
        "| | processor p50 ms | p99 ms | wall p50 ms | p99 ms | memory MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, row in result["rows"].items():
        memory = f"{row['memory']:.0f}" if "memory" in row else ""
        times = " | ".join(f"{row[key]:.1f}" for key in ("cpu50", "cpu99", "wall50", "wall99"))
        lines.append(f"| {name} | {times} | {memory} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--one", action="store_true", help="measure one size in this process and print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.profiles[0], options.queries)))
        return
    for count in options.profiles:
        command = [
            sys.executable,
            "-m",
            "benchmarks.million",
            str(count),
            "--queries",
            str(options.queries),
            "--one",
        ]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ONE_THREAD)
        print(table(json.loads(done.stdout)), flush=True)


if __name__ == "__main__":
    main()
