"""An anonymous teaser must not say who is behind it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kontor.features.organisations.names import name_key, words

_ADDRESS = re.compile(r"\S+@\S+|https?://|\bwww\.|\b[\w-]+\.(?:com|org|net|eu|[a-z]{2})\b/?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s/().-]{7,}\d")
# Shorter fragments occur by chance inside other words.
_LETTERS_TO_BE_TELLING = 5


def revealing_part(teaser: str, names: Iterable[str], domain: str = "") -> str | None:
    """What in `teaser` gives the organisation away, as it stands there or as its name; None where
    nothing does.

    Looks for each of `names` (name, short name, contact persons) however spelt, spaced or accented, for the
    domain, and for any address or telephone number.
    """
    if found := _ADDRESS.search(teaser) or _NUMBER.search(teaser):
        return found.group().strip()
    said = name_key(teaser).split()
    for name in (*names, _label(domain)):
        if name and _contains(said, name_key(name).split()):
            return name
    return None


def _label(domain: str) -> str:
    """The telling part of a domain: "shop.mueller-bau.co.uk" -> "mueller-bau"."""
    parts = [part for part in domain.split(".")[:-1] if part not in {"www", "co", "com", "org", "ac"}]
    return parts[-1].replace("-", " ") if parts else ""


def _contains(said: list[str], name: list[str]) -> bool:
    if not name:
        return False
    if any(said[start : start + len(name)] == name for start in range(len(said))):
        return True
    joined = "".join(name)
    return len(joined) >= _LETTERS_TO_BE_TELLING and joined in "".join(words(" ".join(said)))
