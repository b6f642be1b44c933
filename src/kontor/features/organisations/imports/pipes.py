"""A large upload read by processes of its own, for reading and checking a row takes as long as writing it.

Each helper opens the file, takes every n-th batch of its rows and writes the spool's lines of it to a pipe.
Order and lines are those of one process reading alone. What no helper delivers, be it that one died or that
the file breaks off, is read here: so an error is met, and told in the reader's language, as it always was.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

import orjson

from kontor.features.organisations.imports.reading import Manner, lines
from kontor.features.organisations.imports.tables import Table

log = logging.getLogger("kontor.imports")
BATCH: Final = 500
# Bytes that say how long a batch is.
LENGTH: Final = 4
# Below so many rows a helper takes longer to start than it saves.
LARGE: Final = 8_000
MOST_HELPERS: Final = 4
_READER: Final = "kontor.features.organisations.imports.reader"


@dataclass(frozen=True, slots=True)
class Job:
    """What a helper is told: the upload, how its table is found in it, and which batches are its own."""

    path: str
    sheet: str
    encoding: str
    manner: Manner
    number: int
    count: int
    size: int = BATCH

    def to_json(self) -> dict[str, Any]:
        manner = {**asdict(self.manner), "columns": list(self.manner.columns.items())}
        return {**asdict(self), "manner": manner}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        manner = data.pop("manner")
        return cls(**data, manner=Manner(**{**manner, "columns": dict(manner["columns"])}))


def read_lines(
    path: Path, table: Table, manner: Manner, *, helpers: int | None = None, size: int = BATCH
) -> Generator[bytes, None, None]:
    """The spool's line of every row in order. `helpers` None: as many as file and machine are worth.
    `size`: rows in a batch.

    Raises KontorError where the file cannot be read to its end. Close the iterator to end the helpers early.
    """
    count = worthwhile(table.estimate) if helpers is None else helpers
    read = 0
    with ExitStack() as stack:
        jobs = (Job(str(path), table.sheet, table.encoding, manner, at, count, size) for at in range(count))
        try:
            pipes = [stack.enter_context(_Helper(job)) for job in jobs]
        except OSError as problem:
            # the machine has no memory or no process to spare: those that began are ended with the stack
            log.warning("no helpers: %s", problem)
            pipes = []
        while pipes:
            batch = pipes[read // size % count].batch()
            if batch is None:
                log.warning("a helper stopped after %s rows: reading on without", read)
                break
            if not batch:
                return
            yield from batch
            read += len(batch)
    yield from lines(table, manner, skip=read)


def worthwhile(rows: int) -> int:
    """How many helpers a file of so many rows is worth on this machine."""
    cores = _cores()
    return min(cores, MOST_HELPERS) if cores > 1 and rows >= LARGE else 0


def _cores() -> int:
    """Those this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Helper:
    """A reading process. Leaving the context ends it, whatever it is doing."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __enter__(self) -> Self:
        command = [sys.executable, "-P", "-m", _READER]
        self.process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of this package
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        # A helper that is dead before it heard its job is noticed where its first batch is missing.
        with suppress(BrokenPipeError), _pipe(self.process.stdin) as stdin:
            stdin.write(orjson.dumps(self.job.to_json()))
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        _pipe(self.process.stdout).close()

    def batch(self) -> list[bytes] | None:
        """The next lines; [] after the last ones, None where the process ended before."""
        stdout = _pipe(self.process.stdout)
        length = stdout.read(LENGTH)
        if len(length) < LENGTH:
            return None
        content = stdout.read(int.from_bytes(length, "big"))
        if len(content) < int.from_bytes(length, "big"):
            return None
        return content.splitlines(keepends=True)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the helper has no such pipe")
    return pipe
