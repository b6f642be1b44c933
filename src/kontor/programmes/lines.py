"""On which line of a TOML file a key stands: the standard parser forgets it, and people need it."""

from __future__ import annotations

import re
from typing import Protocol

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


def written(path: Path) -> str:
    """The path as people read it, counted from one: `product[2].trl`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


class Places(Protocol):
    """Where in the file a value stands."""

    def of(self, path: Path) -> int:
        """The line, from 1."""

    def origin(self, path: Path) -> Path:
        """The path as the file has it, which differs for values that a variant inherits."""


class Lines:
    """Line numbers, from 1, of the tables and keys of a TOML text that parses."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}
        self._table: Path = ()
        self._open_quote = ""
        self._depth = 0
        for number, line in enumerate(text.splitlines(), start=1):
            self._read(number, line)

    def of(self, path: Path) -> int:
        """Line of the key, or of the nearest thing around it that has a line of its own."""
        while path not in self._found:
            path = path[:-1]
        return self._found[path]

    def origin(self, path: Path) -> Path:
        return path

    def _read(self, number: int, line: str) -> None:
        if not self._open_quote and not self._depth:
            if header := _HEADER.match(line):
                self._enter(header[1] == "[[", _parts(header[2]), number)
                return
            if key := _KEY.match(line):
                self._note(self._table + _parts(key[1]), number)
                line = line[key.end() :]
        self._skip(line)

    def _enter(self, many: bool, parts: Path, number: int) -> None:
        path: Path = ()
        for at, part in enumerate(parts):
            path += (part,)
            last = at == len(parts) - 1
            if last and many:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path += (self._counts[path],)
        self._table = path
        self._note(path, number)

    def _note(self, path: Path, number: int) -> None:
        for length in range(1, len(path) + 1):
            self._found.setdefault(path[:length], number)

    def _skip(self, line: str) -> None:
        """Follow texts and lists that go on over several lines."""
        if self._open_quote:
            _, closed, line = line.partition(self._open_quote)
            if not closed:
                return
            self._open_quote = ""
        for quote in ('"""', "'''"):
            before, opened, rest = line.partition(quote)
            if opened and quote not in rest:
                self._open_quote = quote
                line = before
        bare = _QUOTED.sub("", line)
        self._depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
