"""What is written into a Word file, and what is found in one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class WordError(ValueError):
    """A file that cannot be used. `code` is stable: not-word, protected, damaged, too-large, foreign.

    `message` says what is wrong and `remedy` what to do, both in English; pages translate by the code.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy


#: Behind a question that must be answered.
REQUIRED: Final = " *"
#: Key of the box that says what the file is about; it is no answer.
FACTS: Final = "kontor-facts"


class Shape(StrEnum):
    """How an answer stands in its box."""

    TEXT = "text"  # paragraphs below the question
    PICK = "pick"  # one line for each choice, with a box to tick
    LIST = "list"  # one choice out of a list
    GRID = "grid"  # a row of headings, and rows below
    FIXED = "fixed"  # shown, but not read again


@dataclass(frozen=True, slots=True)
class Identity:
    """Which application at which revision a file holds. `form` names the form and its version."""

    subject: str
    revision: int
    form: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Box:
    """One question with its answer. `key` comes back with the answer.

    `text` is the answer of text, list and fixed boxes; `choices` are the words to choose from and `ticked`
    the positions of those chosen; `columns` the headings of a grid and `rows` its cells, each row as long as
    `columns`; `spare` is the number of empty rows below. `figures` are the positions of columns that hold
    figures, and `sums` the last row of a grid that is only read, empty where nothing adds up. `language` is
    that of a text which is asked in several.
    """

    key: str
    title: str
    hints: tuple[str, ...] = ()
    shape: Shape = Shape.TEXT
    text: str = ""
    choices: tuple[str, ...] = ()
    ticked: frozenset[int] = frozenset()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    spare: int = 0
    figures: frozenset[int] = frozenset()
    sums: tuple[str, ...] = ()
    language: str = ""

    @property
    def name(self) -> str:
        """The question without the mark that it must be answered."""
        return self.title.removesuffix(REQUIRED)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The words of the choices that are ticked."""
        return tuple(self.choices[at] for at in sorted(self.ticked))

    @property
    def heads(self) -> tuple[tuple[str, bool], ...]:
        """Each heading, and whether figures stand below it."""
        return tuple((label, at in self.figures) for at, label in enumerate(self.columns))

    @property
    def labelled(self) -> tuple[tuple[tuple[str, str, bool], ...], ...]:
        """Each row, the sums last, as (heading, cell, whether it is a figure)."""
        rows = (*self.rows, self.sums) if self.sums else self.rows
        return tuple(
            tuple((label, cell, figure) for (label, figure), cell in zip(self.heads, row, strict=True))
            for row in rows
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Boxes under one heading."""

    title: str
    help: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole file. `facts` are (label, value) shown at the top, `notes` say how to fill it in."""

    identity: Identity
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    def texts(self) -> frozenset[str]:
        """Every line that stands outside the boxes, so that what somebody added there can be told apart."""
        lines = list(self.notes)
        for part in self.parts:
            lines += [part.title, *part.help.splitlines()]
        return frozenset(" ".join(line.split()) for line in lines)


@dataclass(frozen=True, slots=True)
class ReadBox:
    """What stands in one box: `text` as lines, and the cells below the headings where it is a grid.

    `pictures` counts what is no text and is left out.
    """

    text: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class WordFile:
    """A file that was read. `outside` are lines beside the boxes, `comments` and `deletions` count remarks in
    the margin and marked deletions: the former are not read, the latter taken as deleted.
    """

    identity: Identity
    boxes: dict[str, ReadBox]
    outside: tuple[str, ...] = ()
    comments: int = 0
    deletions: int = 0
    doubled: tuple[str, ...] = ()
