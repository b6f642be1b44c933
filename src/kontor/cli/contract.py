"""What every solving command prints and how it ends (see the command line contract in ARCHITECTURE.md)."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import EXIT_CODES, EXIT_INVALID, EXIT_OUT_OF_TIME, Status

Json = dict[str, Any]


class OutOfTime(Exception):
    """The time allowed was over before anything was found. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solving command found, and how a person reads it."""

    status: Status
    objective: float | None
    bound: float | None
    solution: Json
    explanation: Json
    text: str


class Clock:
    """Counts the seconds of a command; `check` raises OutOfTime past the limit (0 is no limit)."""

    def __init__(self, limit: float) -> None:
        self._started = time.monotonic()
        self._limit = limit

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def check(self) -> None:
        if self._limit and self.seconds > self._limit:
            raise OutOfTime

    def left(self) -> float:
        """Seconds until the limit, as the engines ask for them."""
        return max(0.0, self._limit - self.seconds) if self._limit else math.inf


def run(solve: Callable[[Clock], Answer], *, seconds: float, as_json: bool, out: Path | None) -> None:
    """Calls `solve`, prints its answer and ends with the exit code that belongs to it."""
    clock = Clock(seconds)
    with refusals(as_json):
        answer = solve(clock)
        record = json.dumps(_record(answer, clock), ensure_ascii=False, indent=2 if out else None)
        if out is not None:
            out.write_text(record + "\n", encoding="utf-8")
            say(f"Written to {out}.")
        if as_json:
            typer.echo(record)
        elif out is None:
            typer.echo(answer.text)
        raise typer.Exit(EXIT_CODES[answer.status])


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """Turns invalid input and a lack of time into message and exit code."""
    try:
        yield
    except InvalidInput as error:
        _refuse(error.as_json(), as_json, EXIT_INVALID)
    except OutOfTime as late:
        remedy = str(late) or (
            "Allow more with --time, or read the directory once without a limit: what was read is kept."
        )
        _refuse(
            {"path": "time", "message": "The time was over before anything was found.", "remedy": remedy},
            as_json,
            EXIT_OUT_OF_TIME,
        )


def _refuse(error: dict[str, str], as_json: bool, code: int) -> None:
    if as_json:
        typer.echo(json.dumps({"error": error}, ensure_ascii=False))
    else:
        typer.echo(f"{error['path']}: {error['message']} {error['remedy']}", err=True)
    raise typer.Exit(code)


def say(message: str) -> None:
    """A line for the person at the terminal, never on standard output."""
    typer.echo(message, err=True)


class Progress:
    """One line on standard error that is written over, at most four times a second and only on a terminal."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._last = label, total, 0.0

    def show(self, done: int) -> None:
        if sys.stderr.isatty() and (time.monotonic() - self._last > 0.25 or done == self._total):
            self._last = time.monotonic()
            end = "\n" if done == self._total else ""
            sys.stderr.write(f"\r{self._label}: {done} of {self._total}{end}")
            sys.stderr.flush()


def _record(answer: Answer, clock: Clock) -> Json:
    return {
        "status": str(answer.status),
        "objective": answer.objective,
        "bound": answer.bound,
        "seconds": round(clock.seconds, 3),
        "solution": answer.solution,
        "explanation": answer.explanation,
    }
