"""A fault of a programme file, and what finds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from kontor.programmes.lines import Path
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Programme

#: Where in the file, what is wrong, what to do.
Fault = tuple[Path, Message, Message]
Check = Callable[[Programme], Iterable[Fault]]


def unknown(path: Path, value: str, known: Collection[str], table: str) -> Iterator[Fault]:
    """A fault where `value` names none of the entries of `[[table]]`."""
    if value and value not in known:
        remedy = _("Add a [[{table}]] of that key.", table=table)
        yield path, _("is {value}.", value=repr(value)), one_of(known) if known else remedy


def one_of(known: Iterable[str]) -> Message:
    """The remedy where a file may say one of these."""
    return _("Take one of {known}.", known=", ".join(known))


def stands_often(key: str, times: int) -> tuple[Message, Message]:
    """What is wrong, and what to do, where a key stands more than once."""
    return _("'{key}' stands {times} times.", key=key, times=times), _("Give each its own key.")
