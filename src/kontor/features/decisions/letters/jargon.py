"""What in a letter its reader may not understand: jargon, long sentences, abbreviations without
explanation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

WORDS = Path(__file__).with_name("jargon.toml")
#: Words in a sentence, from which on it is hard to follow (How to write clearly, European Commission
#: 2016: 20 on
#: average; the check speaks where it is well above).
LONGEST = 28
#: Abbreviations that everybody knows.
KNOWN = frozenset({"EU", "EUR", "PDF", "DE", "NL", "AT", "SI", "FR", "CH", "IT", "GmbH", "KMU", "MKB", "SME"})
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]+)*")


@dataclass(frozen=True, slots=True)
class Finding:
    """`text[start:end]` may be hard to understand; `advice` says what to do, in the reader's language."""

    start: int
    end: int
    quote: str
    advice: str


def jargon_in(text: str, language: str, allowed: frozenset[str] = frozenset()) -> list[Finding]:
    """In the order of the text. `allowed` are names (numbers, programmes) that are no abbreviations."""
    found = [*_words(text, language), *_long(text), *_abbreviations(text, allowed)]
    return sorted(found, key=lambda one: (one.start, one.end))


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    told: dict[str, dict[str, str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(word.rstrip('*'))}{_ending(word)}", re.IGNORECASE), plain)
        for word, plain in told.get(language, {}).items()
    )


def _ending(word: str) -> str:
    return r"\w*" if word.endswith("*") else r"(?!\w)"


def _words(text: str, language: str) -> Iterator[Finding]:
    for pattern, plain in _patterns(language):
        for hit in pattern.finditer(text):
            advice = _("Better: “{plain}”.").format(plain=plain) if plain else _("Leave it out.")
            yield Finding(hit.start(), hit.end(), hit.group(), advice)


def _long(text: str) -> Iterator[Finding]:
    for hit in _SENTENCE.finditer(text):
        count = len(hit.group().split())
        if count > LONGEST:
            quote = " ".join(hit.group().split()[:6]) + " …"
            advice = _("The sentence has {count} words. Make two of it.").format(count=count)
            yield Finding(hit.start(), hit.end(), quote, advice)


def _abbreviations(text: str, allowed: frozenset[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    names = {part for name in allowed for part in re.findall(r"\w+", name)}
    for hit in _ABBREVIATION.finditer(text):
        word = hit.group()
        explained = f"({word})" in text or f"{word} (" in text
        if word in KNOWN or word in names or word in seen or explained or word.isdigit():
            continue
        seen.add(word)
        yield Finding(hit.start(), hit.end(), word, _("Write out what it stands for."))
