"""Sentences that a person can check: a template, its values, and the evidence they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(message: str) -> str:
    """Marks an English template for the translation catalogues; whoever shows it translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of text that a statement about a match rests on.

    `quote` is `text[start:end]` of the statement `statement` of organisation `profile`; an empty `profile`
    means the question's own text. `codes` are written `scheme:code`, as in `nace:28.11`. `project` is the
    key of an earlier project; then `quote` is its title.
    """

    profile: str
    statement: str
    start: int
    end: int
    quote: str
    codes: tuple[str, ...] = ()
    project: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """`template` is an English message with `%(name)s` places, `params` fills them, `evidence` proves it.

    `code` is stable and meant for programs, `part` names the part of the score it belongs to. A parameter
    whose name is in `translatable` (`country`, `codes`, `kind`, `size`, `language`, `condition`) holds a
    code or key, which whoever shows it may replace by its label in the reader's language.
    """

    code: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    part: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, its template passed through `translate` first."""
        return translate(self.template) % {name: _plain(value) for name, value in self.params.items()}


def _plain(value: object) -> object:
    return ", ".join(str(item) for item in value) if isinstance(value, tuple | list) else value
