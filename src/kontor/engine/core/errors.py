"""Refused input: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class InvalidInput(ValueError):
    """Input that an engine cannot work with.

    `path` names the field (`statements[2].trl`), `message` says what is wrong with it, `remedy` what to do.
    """

    def __init__(self, path: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {message} {remedy}".strip())
        self.path = path
        self.message = message
        self.remedy = remedy

    def under(self, prefix: str) -> InvalidInput:
        """The same refusal seen from the object that holds the field."""
        joined = self.path if self.path.startswith("[") else f".{self.path}"
        return InvalidInput(f"{prefix}{joined}" if prefix else self.path, self.message, self.remedy)

    def as_json(self) -> dict[str, str]:
        return {"path": self.path, "message": self.message, "remedy": self.remedy}


@contextmanager
def inside(prefix: str) -> Iterator[None]:
    """Prefixes the path of every refusal raised in the block."""
    try:
        yield
    except InvalidInput as refusal:
        raise refusal.under(prefix) from refusal


class OutOfTime(Exception):
    """The time allowed was over before an engine found anything."""
