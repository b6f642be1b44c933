"""A text as the engine reads it:

without mark-up, in sentences and passages that keep their place in the original.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

MAX_CHARACTERS = 20_000
"""Of one statement or question; what follows is not read, and a note says so."""

PASSAGE_CHARACTERS = 320
"""Sentences are joined up to this length: about what the encoder was trained on."""

FRAGMENT = 60
"""A passage shorter than this, a title or a heading, is not left alone: two words are like anything."""

LONGEST_SENTENCE = 480
"""A sentence past this length is cut at a semicolon or a space, where it has none at this length."""

_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z][^<>]{0,500}>|https?://\S+", re.S | re.I
)
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
# A stop before a small letter ends an abbreviation, not a sentence; half of a sentence is no quote.
_END = re.compile(r"[.!?。！？…]+[\"'”»)\]]*\s+(?![a-zß-ÿ])|\n\s*|[•·▪●]\s*")
_BULLETS = "•·▪●"
_LETTER = re.compile(r"[^\W\d_]")

# Languages that the recogniser chooses among: the official languages of the Union and its neighbours, and
# those in scripts of their own that the encoder knows.
_RECOGNISED = [
    "ar",
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "mt",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
    "th",
    "tr",
    "uk",
    "zh",
]
_SAMPLE = 1_000


class Span(NamedTuple):
    """`text[start:end]`."""

    start: int
    end: int


def without_markup(text: str) -> str:
    """The first MAX_CHARACTERS; tags, scripts, addresses and halves of characters blanked out:

    every other character keeps its place.
    """
    whole = _HALF_CHARACTER.sub(" ", text[:MAX_CHARACTERS])
    return _MARKUP.sub(lambda found: " " * len(found.group()), whole)


def sentences(text: str) -> list[Span]:
    """Sentences of `text` that hold at least one letter, in order."""
    cuts = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    spans = [span for start, end in pairwise(cuts) for span in _pieces(text, start, end)]
    return [span for span in spans if _LETTER.search(text, span.start, span.end)]


def passages(text: str) -> list[Span]:
    """Neighbouring sentences joined up to PASSAGE_CHARACTERS, a fragment with what comes after it."""
    joined: list[Span] = []
    for span in sentences(text):
        room = FRAGMENT + LONGEST_SENTENCE if joined and _is_fragment(joined[-1]) else PASSAGE_CHARACTERS
        if joined and span.end - joined[-1].start <= room:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _is_fragment(span: Span) -> bool:
    return span.end - span.start < FRAGMENT


def recognise(text: str) -> str:
    """The likely language of `text`, empty where it holds fewer than three letters.

    Whoever declared a language is believed; this is for texts where nobody did.
    """
    sample = text[:_SAMPLE].strip()
    if len(_LETTER.findall(sample)) < 3:
        return ""
    return str(_identifier().classify(sample)[0])


def _pieces(text: str, start: int, end: int) -> list[Span]:
    pieces = []
    while end - start > LONGEST_SENTENCE:
        halves = (text.rfind(sign, start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE) for sign in "; ")
        cut = next((at + 1 for at in halves if at > 0), start + LONGEST_SENTENCE)
        pieces.append(_stripped(text, start, cut))
        start = cut
    return [*pieces, _stripped(text, start, end)]


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in _BULLETS):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _BULLETS):
        end -= 1
    return Span(start, end)


@cache
def _identifier():  # type: ignore[no-untyped-def]  # py3langid has no types
    """Loaded at the first text without a declared language: it takes 0.8 s and 120 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_RECOGNISED)
    return identifier
