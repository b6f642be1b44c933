"""The real projects of the benchmark as questions with known answers."""

from __future__ import annotations

from pathlib import Path

from kontor.engine.matching.partnerships import Source, Task, masked, source_of
from kontor.engine.matching.read import read_cordis, read_keep

__all__ = ["Source", "Task", "cordis", "keep", "masked"]


def cordis(folder: Path) -> Source:
    return source_of("Horizon Europe", read_cordis(folder))


def keep(folder: Path) -> Source:
    return source_of("Interreg", read_keep(folder))
