"""The format `kontor-pitches/1`: see docs/formats/pitches.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kontor.engine.core.errors import inside
from kontor.engine.core.records import Schema, file_schema, list_of, listed, read_object, record, schema_of
from kontor.engine.juries.pitches.model import DAY, Frame, Gap, Juror, Pitch, PitchDay, minutes

FORMAT = "kontor-pitches/1"
FRAME = ("begin", "end", "pitch", "questions", "change", "breaks", "quorum")


@dataclass(frozen=True, slots=True)
class _Frame:
    begin: str
    end: str
    pitch: int = 10
    questions: int = 10
    change: int = 0
    breaks: tuple[tuple[str, ...], ...] = ()
    quorum: int = 1


@dataclass(frozen=True, slots=True)
class _Pitch:
    key: str
    arrives: str = ""
    leaves: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class _Juror:
    key: str
    arrives: str = ""
    leaves: str = ""
    conflicts: tuple[str, ...] = ()
    must_hear: tuple[str, ...] = ()


def read_pitches(path: Path) -> PitchDay:
    """A pitch day; times are written as 09:30. Raises InvalidInput with the place and the remedy."""
    content = read_object(path, FORMAT, ["title", *FRAME, "pitches", "jurors", "gaps"])
    frame = record(_Frame, {name: content[name] for name in FRAME if name in content}, "")
    return PitchDay(
        _frame(frame),
        tuple(_pitch(each, f"pitches[{n}]") for n, each in enumerate(listed(_Pitch, content, "pitches"))),
        tuple(_juror(each, f"jurors[{n}]") for n, each in enumerate(listed(_Juror, content, "jurors"))),
        listed(Gap, content, "gaps"),
    )


def _frame(given: _Frame) -> Frame:
    breaks = []
    for number, pause in enumerate(given.breaks):
        times = [minutes(text, f"breaks[{number}]") for text in pause]
        breaks.append((times[0], times[-1]))
    begin, end = minutes(given.begin, "begin"), minutes(given.end, "end")
    return Frame(begin, end, given.pitch, given.questions, given.change, tuple(breaks), given.quorum)


def _window(arrives: str, leaves: str) -> tuple[int, int]:
    return (
        minutes(arrives, "arrives") if arrives else 0,
        minutes(leaves, "leaves") if leaves else DAY,
    )


def _pitch(given: _Pitch, path: str) -> Pitch:
    with inside(path):
        slot = minutes(given.slot, "slot") if given.slot else None
        return Pitch(given.key, *_window(given.arrives, given.leaves), slot)


def _juror(given: _Juror, path: str) -> Juror:
    with inside(path):
        window = _window(given.arrives, given.leaves)
        return Juror(given.key, *window, given.conflicts, given.must_hear)


def pitches_schema() -> Schema:
    """Draft 2020-12."""
    lists = {"pitches": list_of(_Pitch), "jurors": list_of(_Juror), "gaps": list_of(Gap)}
    frame = schema_of(_Frame)["properties"]
    properties = {"title": {"type": "string"}, **frame, **lists}
    return file_schema("Pitch day", FORMAT, properties, ("begin", "end", "pitches"))
