"""Languages a profile or statement may be in, by name in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# The Union's 24, and those of neighbours whose clusters take part.
CODES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv"),
    *("mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
    *("bs", "ca", "eu", "gl", "is", "lb", "mk", "nb", "nn", "no", "rm", "sq", "sr", "tr", "uk"),
)


def language_name(code: str, reader: str | None = None) -> str:
    """ "Dutch" for nl; the code itself where it is unknown."""
    return dict(language_choices(reader)).get(code, code)


def language_choices(reader: str | None = None) -> tuple[tuple[str, str], ...]:
    """(code, name) sorted by name, in the reader's language (the active one where none is given)."""
    return _choices((reader or get_language() or "en").split("-")[0])


@lru_cache(maxsize=32)
def _choices(reader: str) -> tuple[tuple[str, str], ...]:
    locale = Locale.parse(reader)
    named = [(code, Locale.parse(code).get_language_name(locale.language) or code) for code in CODES]
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))
