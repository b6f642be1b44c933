"""The batch from beginning to end: lay out, compare block by block, allot.

What a block found is a file in a folder, so a run that was stopped goes on from there, and two processes can
share the work without talking to each other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Weights
from kontor.engine.matching.suggest.allot import allot
from kontor.engine.matching.suggest.block import CANDIDATE, CODES, MEANING, MUTUAL, WORDS, block_of
from kontor.engine.matching.suggest.exact import Points, exactly
from kontor.engine.matching.suggest.layout import table_of
from kontor.engine.matching.suggest.lots import lots_of_pairs
from kontor.engine.matching.suggest.model import Suggested, Suggestion, SuggestParams
from kontor.engine.matching.suggest.rate import DIRECTIONS, Statements
from kontor.engine.matching.suggest.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULTS = SuggestParams()
POLL = 0.5
PLAN = "plan.json"
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Progress = Callable[[int, int, str], None]
"""Called with how much is done of how much and a word for the step (`read`, `compare`, `score`, `allot`).
Whatever it raises stops the run; what was found until then is kept."""


class WorkerFailed(RuntimeError):
    """A process that compared blocks ended with an error; its message is the text."""


def suggest(
    index: Index,
    *,
    params: SuggestParams = DEFAULTS,
    seed: int = 0,
    excluded: Collection[tuple[str, str]] = (),
    today: str = "",
    progress: Progress | None = None,
    resume_from: Path | None = None,
    processes: int = 1,
    points: Points | None = None,
) -> Iterator[Suggested]:
    """For each organisation, in the order of keys, whom it should meet.

    `excluded`: pairs of keys that must not meet, as those of which one said no; partners of a profile are
    left out too. `resume_from`: folder for what blocks found; a run of the same directory, parameters and
    seed goes on from it, another one starts anew. With `processes` above 1 as many processes of one thread
    each compare blocks. `points` scores the candidates anew, as a search does, before places are given out.
    """
    tell = progress or (lambda done, total, step: None)
    table = table_of(index, excluded, lambda done, total: tell(done, total, "read"))
    with ExitStack() as stack:
        folder = resume_from or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        blocks = table.blocks(params.block)
        _prepare(folder, table, params, seed, today)
        if processes > 1 and len(blocks) > processes:
            _compare_together(folder, table, len(blocks), processes, tell)
        else:
            compare_blocks(folder, table, range(len(blocks)), lambda done: tell(done, len(blocks), "compare"))
        found = np.concatenate(
            [np.zeros(0, CANDIDATE), *(np.load(_file(folder, n)) for n in range(len(blocks)))]
        )
    if points:
        found = exactly(table, found, points, lambda done, total: tell(done, total, "score"))
    tell(0, 1, "allot")
    yield from _lists(table, found, params, seed)
    tell(1, 1, "allot")


def compare_blocks(
    folder: Path, table: Table, numbers: Collection[int] | range, tell: Callable[[int], None]
) -> None:
    """Compares those of the blocks that have no file yet."""
    plan, params = json.loads((folder / PLAN).read_text()), params_of_plan(folder)
    statements, blocks = Statements.of(table), table.blocks(params.block)
    for done, number in enumerate(numbers):
        tell(done)
        if not _file(folder, number).exists():
            found = block_of(
                table, statements, blocks[number], params, seed=plan["seed"], today=plan["today"]
            )
            _write(_file(folder, number), found)
    tell(len(numbers))


def params_of_plan(folder: Path) -> SuggestParams:
    """The parameters of the run that the folder belongs to."""
    values = json.loads((folder / PLAN).read_text())["params"]
    return SuggestParams(**{**values, "weights": Weights(**values["weights"])})


def _file(folder: Path, number: int) -> Path:
    return folder / f"block-{number:06d}.npy"


def _write(path: Path, found: NDArray[np.void]) -> None:
    """All or nothing: a process that dies leaves no half of a file under the name."""
    draft = path.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as file:
        np.save(file, found)
    draft.replace(path)


def _prepare(folder: Path, table: Table, params: SuggestParams, seed: int, today: str) -> None:
    """Empties the folder where it holds another run's blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = {"directory": table.fingerprint(), "params": asdict(params), "seed": seed, "today": today}
    file = folder / PLAN
    if not file.exists() or json.loads(file.read_text()) != plan:
        for old in (*folder.glob("block-*.npy"), *folder.glob("*.part")):
            old.unlink()
        file.write_text(json.dumps(plan))


def _compare_together(folder: Path, table: Table, blocks: int, processes: int, tell: Progress) -> None:
    """Processes instead of threads, because one thread of the matrix product uses a core fully."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        columns = Path(place)
        table.save(columns)
        environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
        command = [sys.executable, "-m", "kontor.engine.matching.suggest.worker", str(folder), str(columns)]
        with ExitStack() as stack:
            workers = []
            for number in range(processes):
                worker = subprocess.Popen(  # noqa: S603  # our own module and folders
                    [*command, str(number), str(processes)],
                    env=environment,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                stack.callback(_end, worker)
                workers.append(worker)
            while any(worker.poll() is None for worker in workers):
                tell(len(list(folder.glob("block-*.npy"))), blocks, "compare")
                time.sleep(POLL)
            for worker in workers:
                if worker.returncode:
                    raise WorkerFailed((worker.stderr.read() if worker.stderr else "")[-2000:])
        tell(blocks, blocks, "compare")


def _end(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    worker.wait()
    if worker.stderr:
        worker.stderr.close()


def _lists(table: Table, found: NDArray[np.void], params: SuggestParams, seed: int) -> Iterator[Suggested]:
    newcomer = (table.introductions[found["partner"]] == 0) & (found["fit"] >= params.newcomer_floor)
    lots = lots_of_pairs(table.keys, found["asker"], found["partner"], seed)
    count = len(table.keys)
    allotted = allot(found["asker"], found["partner"], found["weight"], newcomer, lots, params, count)
    chosen = found[allotted.taken]
    order = np.lexsort((lots[allotted.taken], -chosen["weight"], chosen["asker"]))
    chosen, reserved = chosen[order], allotted.reserved[order]
    bounds = np.searchsorted(chosen["asker"], np.arange(count + 1)).tolist()
    told = list(_suggestions(table, chosen, reserved, bounds))
    for number in np.argsort(table.keys, kind="stable").tolist():
        yield Suggested(str(table.keys[number]), tuple(told[bounds[number] : bounds[number + 1]]))


def _suggestions(
    table: Table, chosen: NDArray[np.void], reserved: NDArray[np.bool_], bounds: Sequence[int]
) -> Iterator[Suggestion]:
    """The rows in words; `bounds` tells where each organisation's begin. Whole columns are looked up at once,
    for there may be millions of rows.
    """
    newcomer = table.introductions[chosen["partner"]] == 0
    ranks = np.arange(len(chosen)) - np.repeat(bounds[:-1], np.diff(bounds)) + 1
    columns = zip(
        table.keys[chosen["partner"]].tolist(),
        ranks.tolist(),
        chosen["score"].tolist(),
        chosen["fit"].tolist(),
        chosen["direction"].tolist(),
        table.names[chosen["ask"]].tolist(),
        table.names[chosen["answer"]].tolist(),
        chosen["marks"].tolist(),
        newcomer.tolist(),
        reserved.tolist(),
        strict=True,
    )
    for partner, rank, score, fit, direction, ask, answer, marks, new, kept in columns:
        reasons = _reasons(direction, marks, new)
        yield Suggestion(partner, rank, score, fit, DIRECTIONS[direction], ask, answer, reasons, new, kept)


@lru_cache(maxsize=256)
def _reasons(direction: int, marks: int, newcomer: bool) -> tuple[str, ...]:
    named = [(MUTUAL, "mutual"), (MEANING, "meaning"), (WORDS, "words"), (CODES, "codes")]
    found = [name for bit, name in named if marks & bit]
    return (DIRECTIONS[direction], *found, *(["new"] if newcomer else []))
