"""A fault of a programme file, and what finds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from kontor.programmes.lines import Path
from kontor.programmes.schema import Programme

#: Where in the file, what is wrong, what to do.
Fault = tuple[Path, str, str]
Check = Callable[[Programme], Iterable[Fault]]


def unknown(path: Path, value: str, known: Collection[str], table: str) -> Iterator[Fault]:
    """A fault where `value` names none of the entries of `[[table]]`."""
    if value and value not in known:
        remedy = f"Take one of {', '.join(known)}." if known else f"Add a [[{table}]] of that key."
        yield path, f"is {value!r}.", remedy
