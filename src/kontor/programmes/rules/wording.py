"""The rules' sentences in the languages Kontor speaks: one file each, so that they need no web framework.

A place is `{name}`; `{name:one|many}` takes the first form where the value is 1 or empty; `{name:many-or}`
names kinds of organisations in the plural. Values are put into the reader's language: money, percentages,
countries, regions, partner types, fields.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from kontor import codes
from kontor.programmes.schema.texts import Texts

_FILES = files("kontor.programmes.rules") / "wording"
_FALLBACK = "en"
#: Thousands and decimal marks.
_MARKS = {"en": (",", "."), "de": (".", ","), "nl": (".", ",")}
#: A number as answers store it.
_STORED = re.compile(r"(-?)(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Term:
    """A code that is shown by its label: `kind` is `country`, `nuts`, `ket`, `type`, `field` ...; `of` is
    whose it is.
    """

    kind: str
    code: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number without a unit, written with the language's marks."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Percent:
    value: Decimal


def languages() -> tuple[str, ...]:
    """Languages that have a file of sentences."""
    return tuple(sorted(entry.name[:-5] for entry in _FILES.iterdir() if entry.name.endswith(".toml")))


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of a language by dotted key."""
    return dict(_flat(tomllib.loads((_FILES / f"{language}.toml").read_text(encoding="utf-8"))))


def sentence(key: str, values: Mapping[str, object], language: str) -> str:
    """The sentence in `language`, else in English. KeyError for a key that no file has."""
    spoken = language if language in languages() else _FALLBACK
    return _Formatter(spoken).vformat(catalogue(spoken)[key], (), values)


def amount(value: Decimal, language: str) -> str:
    """`1,500,000` or `165,000.50` as the language writes it; cents only where there are some."""
    thousands, decimal = _MARKS.get(language, _MARKS[_FALLBACK])
    whole = value == value.to_integral_value()
    text = f"{value:,.0f}" if whole else f"{value:,.2f}"
    return text.translate(str.maketrans(",.", thousands + decimal))


def exact(value: Decimal, language: str) -> str:
    """`165,000.00` as the language writes it: always to the cent, for columns that add up."""
    thousands, decimal = _MARKS.get(language, _MARKS[_FALLBACK])
    return f"{value:,.2f}".translate(str.maketrans(",.", thousands + decimal))


def typed(text: str, language: str, *, grouped: bool = False) -> str:
    """A stored number as people of the language type it, every digit kept; other text as it is."""
    found = _STORED.fullmatch(text)
    if found is None:
        return text
    thousands, decimal = _MARKS.get(language, _MARKS[_FALLBACK])
    sign, whole, decimals = found.groups()
    shown = f"{int(whole):,}".replace(",", thousands) if grouped else whole
    return f"{sign}{shown}{decimal}{decimals}" if decimals else f"{sign}{shown}"


def share(value: Decimal, language: str) -> str:
    """A percentage without needless zeros."""
    _, decimal = _MARKS.get(language, _MARKS[_FALLBACK])
    return f"{value.quantize(Decimal('0.01')).normalize():f}".replace(".", decimal) + " %"


class _Formatter(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if (len(value) if isinstance(value, tuple) else value) in (1, "") else many
        if format_spec == "low":
            return _low(self._show(value, "and"))
        if format_spec == "many-or" and isinstance(value, tuple):
            kinds = tuple(replace(one, kind="types") if isinstance(one, Term) else one for one in value)
            return self._show(kinds, "or")
        if format_spec == "up":
            shown = self._show(value, "and")
            return shown[:1].upper() + shown[1:]
        return self._show(value, format_spec.removeprefix("many-") or "and")

    def _show(self, value: object, joined: str) -> str:
        match value:
            case tuple():
                return self._list([self._show(item, joined) for item in value], joined)
            case Term():
                return self._term(value)
            case Money():
                return f"{amount(value.amount, self.language)} {value.currency}"
            case Number():
                return amount(value.value, self.language)
            case Percent():
                return share(value.value, self.language)
            case Texts():
                return value.best(self.language)
        says = getattr(value, "text", None)
        return str(says(self.language)) if callable(says) else str(value)

    def _list(self, items: list[str], joined: str) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {catalogue(self.language)[f'word.{joined}']} {items[-1]}"

    def _term(self, term: Term) -> str:
        if term.kind in codes.SCHEMES:
            return codes.label(term.kind, term.code, self.language).text
        words = catalogue(self.language)
        label = words[f"{term.kind}.{term.code}"]
        return words["word.of"].format(label=label, of=term.of) if term.of else label


def _low(text: str) -> str:
    """A name inside a sentence: its first letter small, unless the word is written in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(value, f"{above}{key}.") if isinstance(value, dict) else [(f"{above}{key}", value)]
    return found
