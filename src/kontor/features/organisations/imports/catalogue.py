"""The columns an import understands and an export writes, read from fields.toml. Pure.

A column is named by its technical name: `name`, `staff_2024`, `name_de`, `contact_2_email`, `offer_1`,
`offer_1_trl`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kontor.features.organisations.names import folded

# Languages whose spellings of headers are recognised; an export writes headers in one of the first four.
HEADER_LANGUAGES: Final = ("en", "de", "nl", "fr", "it", "es")
STATEMENT_KINDS: Final = ("offer", "need", "competence")
TRANSLATED: Final = ("name", "summary")
FIGURES: Final = ("staff", "turnover", "balance")
# A group repeats at most this often in a row that is exported; an import takes up to 99. More would make a
# table
# wider than what is read. Contacts and statements beyond are left alone by an import, so nothing is lost.
MOST_IN_GROUP: Final = 20
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(rf"(contact|{'|'.join(STATEMENT_KINDS)})_([1-9]\d?)(?:_([a-z_]+))?")
_YEARLY = re.compile(rf"({'|'.join(FIGURES)})_((?:19|20)\d\d)")
_TRANSLATION = re.compile(rf"({'|'.join(TRANSLATED)})_([a-z]{{2,3}})")


@dataclass(frozen=True, slots=True)
class Target:
    """What a column holds. `kind` names its parser, `limit` the most characters (0: none).

    `group`, `number` and `part` are set for contacts and statements, `year` for figures of one year,
    `language` for translations.
    """

    name: str
    field: str
    kind: str
    limit: int = 0
    group: str = ""
    number: int = 0
    part: str = ""
    year: str = ""
    language: str = ""


@cache
def _catalogue() -> dict[str, Any]:
    text = files(__package__).joinpath("fields.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def choices(field: str) -> dict[str, list[str]]:
    """Accepted spellings of a field with choices: {stored word: spellings}."""
    found: dict[str, list[str]] = _catalogue()["choices"][field]
    return found


@cache
def plain_fields() -> tuple[str, ...]:
    """Fields that stand once in a row, in the order of an export."""
    return tuple(_catalogue()["fields"])


@cache
def target(name: str) -> Target | None:
    """The column of that technical name; None where there is none."""
    fields = _catalogue()["fields"]
    if name in fields:
        return Target(name, name, fields[name]["kind"], fields[name].get("limit", 0))
    if match := _YEARLY.fullmatch(name):
        return Target(name, match[1], "figure", year=match[2])
    if match := _TRANSLATION.fullmatch(name):
        spec = fields[match[1]]
        return Target(name, match[1], spec["kind"], spec["limit"], language=match[2])
    if match := _NUMBERED.fullmatch(name):
        return _numbered(name, match[1], int(match[2]), match[3] or "")
    return None


def _numbered(name: str, group: str, number: int, part: str) -> Target | None:
    if group in STATEMENT_KINDS and not part:
        return Target(name, group, "long", 20_000, group, number, "text")
    spec = _parts(group).get(part)
    return Target(name, group, spec["kind"], spec.get("limit", 0), group, number, part) if spec else None


def _parts(group: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        _catalogue()["groups"]["contact"]["parts"] if group == "contact" else _catalogue()["statement"]
    )
    return found


def part_names(group: str) -> tuple[str, ...]:
    """The columns of one group beside the statement's text itself, in the order of an export."""
    return tuple(_parts(group))


def label(name: str, language: str) -> str:
    """The header an export writes: in English, German, Dutch or French; English for other languages.

    Raises KeyError for a name that is no column.
    """
    column = target(name)
    if column is None:
        raise KeyError(name)
    language = language if language in HEADER_LANGUAGES[:4] else "en"
    if column.group:
        group = _catalogue()["groups"][column.group][language][0]
        part = "" if column.part == "text" else _parts(column.group)[column.part][language][0]
        return f"{group} {column.number}: {part}" if part else f"{group} {column.number}"
    word: str = _catalogue()["fields"][column.field][language][0]
    if column.year:
        return f"{word} {column.year}"
    return f"{word} ({column.language})" if column.language else word


def normal(header: str) -> str:
    """A header as it is compared: folded words only, "E-Mail (Kontakt)" -> "e mail kontakt"."""
    return " ".join(_NOT_WORD.sub(" ", folded(header)).split())


@cache
def spellings() -> dict[str, str]:
    """{normal header: technical name}; `#` stands for a number in both, `@` for a year."""
    found: dict[str, str] = {}
    for name, spec in _catalogue()["fields"].items():
        for text in (name, *_texts(spec)):
            found.setdefault(normal(text), name)
            if name in FIGURES:
                found.setdefault(f"{normal(text)} @", f"{name}_@")
    for text, name in _group_spellings():
        found.setdefault(text, name)
    return found


def _texts(spec: dict[str, Any]) -> Iterator[str]:
    for language in HEADER_LANGUAGES:
        yield from spec.get(language, ())


def _group_spellings() -> Iterator[tuple[str, str]]:
    for group, spec in _catalogue()["groups"].items():
        words = [normal(text) for text in (group, *_texts(spec))]
        alone = f"{group}_#" if group in STATEMENT_KINDS else f"{group}_#_name"
        for word in words:
            yield word, alone
            yield f"{word} #", alone
        for part, part_spec in _parts(group).items():
            yield from _part_spellings(f"{group}_#_{part}", words, part, part_spec)


def _part_spellings(
    name: str, words: list[str], part: str, spec: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    for text in (normal(text) for text in (part, *_texts(spec))):
        for word in words:
            yield f"{word} # {text}", name
            yield f"{word} {text}", name
            yield f"{text} {word}", name
            yield f"{text} {word} #", name
        if spec.get("alone"):
            yield text, name
            yield f"{text} #", name
