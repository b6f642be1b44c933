"""Which column of a file holds what: guessed from its header in six languages, then from what stands in it.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz, process

from kontor import codes
from kontor.features.organisations import identity
from kontor.features.organisations.imports import words
from kontor.features.organisations.imports.catalogue import TRANSLATED, normal, spellings, target
from kontor.features.organisations.imports.tables import Row, column_letter

How = Literal["exact", "similar", "content", "none"]
# How alike (0 to 100) a header must be to a known one; below, "Kunde" would become "Kurzname".
ALIKE = 88
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
_WEBSITE = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)
_VAT = re.compile(r"[A-Z]{2}[ .]?[0-9A-Z][0-9A-Z .\-]{6,}")
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{3}")
_PIC = re.compile(r"[89]\d{8}")


@dataclass(frozen=True, slots=True)
class Guess:
    """`target` is a technical name, "" for a column that is not imported. `samples`: up to three values."""

    index: int
    header: str
    letter: str
    target: str
    how: How
    samples: tuple[str, ...]


def is_known(header: str) -> bool:
    """Whether this text is the header of a column that an import understands."""
    return bool(_by_header(header))


def guess(headers: Sequence[str], rows: Sequence[Row]) -> list[Guess]:
    """One guess for each column that has a header or a value. A target is given to one column only: the
    surest.
    """
    values = [_values(rows, index) for index in range(len(headers))]
    found: dict[int, tuple[str, How]] = {}
    taken: set[str] = set()
    for how, finder in _finders(headers, values):
        for index in range(len(headers)):
            if index in found:
                continue
            name = finder(index)
            if name and name not in taken:
                found[index] = (name, how)
                taken.add(name)
    return [
        Guess(
            index,
            headers[index],
            column_letter(index),
            *found.get(index, ("", "none")),
            tuple(values[index][:3]),
        )
        for index in range(len(headers))
        if headers[index] or values[index]
    ]


def _finders(headers: Sequence[str], values: list[list[str]]) -> list[tuple[How, Callable[[int], str]]]:
    return [
        ("exact", lambda index: _by_header(headers[index])),
        ("similar", lambda index: _by_likeness(headers[index])),
        ("content", lambda index: _by_content(values[index])),
    ]


def _values(rows: Iterable[Row], index: int) -> list[str]:
    """Different values of a column, in order, at most 100."""
    cells = (row.cells[index] for row in rows if index < len(row.cells))
    texts = (f"{cell:g}" if isinstance(cell, float) else cell.strip() for cell in cells)
    return list(dict.fromkeys(text for text in texts if text))[:100]


@lru_cache(maxsize=4096)
def _by_header(header: str) -> str:
    header = header.strip()
    if not header:
        return ""
    if target(header.lower()) is not None:
        return header.lower()
    text = normal(header)
    if text in spellings() and "#" not in text:
        return spellings()[text].replace("#", "1")
    return _translated(text) or _numbered(text)


def _translated(text: str) -> str:
    """ "name de" and "beschreibung englisch" name the text in another language."""
    head, _space, tail = text.rpartition(" ")
    field = spellings().get(head, "")
    language = words.language(tail)
    return f"{field}_{language}" if field in TRANSLATED and language else ""


def _numbered(text: str) -> str:
    year = number = ""
    parts = text.split()
    for index, part in enumerate(parts):
        if re.fullmatch(r"(19|20)\d\d", part):
            year, parts[index] = part, "@"
        elif re.fullmatch(r"[1-9]\d?", part):
            number, parts[index] = part, "#"
    name = spellings().get(" ".join(parts), "") if year or number else ""
    name = name.replace("@", year).replace("#", number or "1")
    return name if name and target(name) is not None else ""


def _by_likeness(header: str) -> str:
    text = normal(header)
    if len(text) < 5:
        return ""
    hit = process.extractOne(text, _plain_spellings(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return spellings()[hit[0]].replace("#", "1") if hit else ""


@lru_cache(maxsize=1)
def _plain_spellings() -> tuple[str, ...]:
    return tuple(text for text in spellings() if len(text) >= 5 and "#" not in text and "@" not in text)


def _by_content(values: list[str]) -> str:
    """What nearly all of at least two values look like."""
    if len(values) < 2:
        return ""
    for name, test, share in _TESTS:
        if sum(1 for value in values if test(value)) >= share * len(values):
            return name
    return ""


def _is_vat(text: str) -> bool:
    try:
        return bool(_VAT.fullmatch(text)) and identity.vat_number("", text) is not None
    except identity.IdentityProblem:
        return False


def _is_nace(text: str) -> bool:
    return "." in text and codes.scheme("nace").canonical(text) is not None


def _is_country(text: str) -> bool:
    return len(text) > 1 and words.country(text) is not None


_TESTS: tuple[tuple[str, Callable[[str], bool], float], ...] = (
    ("contact_1_email", lambda text: bool(_EMAIL.fullmatch(text)), 0.8),
    ("website", lambda text: bool(_WEBSITE.fullmatch(text)), 0.8),
    ("vat", _is_vat, 0.7),
    ("country", _is_country, 0.9),
    ("nuts3", lambda text: bool(_NUTS.fullmatch(text)) and codes.scheme("nuts").valid(text), 0.8),
    ("nace", _is_nace, 0.8),
    ("pic", lambda text: bool(_PIC.fullmatch(text)), 0.95),
)
