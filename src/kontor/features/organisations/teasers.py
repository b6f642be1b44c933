"""An anonymous teaser must not say who is behind it. Pure.

Beside whole names, the words of a name that are its alone give it away: "Zoutmaat" of "Zoutmaat
Warmteopslag B.V.". Such a word is at least five letters long, no word of trade or everyday life that the
shipped lexicon knows in any of its languages, and no country, region or the organisation's own town. What is
composed of known words ("Warmteopslag", heat and storage) may be an ordinary word too: it counts only where
the name has nothing more telling, and then only the first one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from kontor import codes
from kontor.codes import lexicon
from kontor.features.organisations.names import name_key, without_legal_form, words

_ADDRESS = re.compile(r"\S+@\S+|https?://|\bwww\.|\b[\w-]+\.(?:com|org|net|eu|[a-z]{2})\b/?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s/().-]{7,}\d")
_SPELT_UMLAUT = re.compile(r"(?<=[aou])e")
# Shorter fragments occur by chance inside other words.
_LETTERS_TO_BE_TELLING = 5
# From here on a word is looked for inside longer ones as well, such as its genitive or a compound.
_LETTERS_TO_BE_FOUND_INSIDE = 6
# Common in names, and missing in the lexicon, which is learned from the labels of products and trades.
_COMMON_IN_NAMES = """
academy agency alliance allianz associates association bureau business center centre centro cluster college
company consult consulting consultancy council development digital engineering enterprise enterprises europa
europe european europeenne federation fondation forum foundation global green group groep gruppe gruppo grupo
holding holdings innovation innovations institut institute instituto instytut international konsortium
laboratory labor manufaktur netwerk network netzwerk partner partners regional research services smart society
solution solutions startup stichting stiftung studio studios system systems systeme technik technologie
technologies technology union universitat universiteit universite university verband verein vereniging werke
werkstatt zentrum
"""
_COMMON = frozenset(_COMMON_IN_NAMES.split())


def revealing_part(
    teaser: str, names: Iterable[str], domain: str = "", *, particulars: Iterable[str] = (), place: str = ""
) -> str | None:
    """What in `teaser` gives the organisation away, as it stands there or as it is known; None where
    nothing does.

    Looks for each of `names` (name, short name, contact persons) and for their telling words however spelt,
    spaced or accented, for the domain, for `particulars` (VAT and register number, street), and for any
    address or telephone number. `place` is the organisation's town, which may be said.
    """
    if found := _ADDRESS.search(teaser) or _NUMBER.search(teaser):
        return found.group().strip()
    said = _plain(teaser)
    for name in (*names, _label(domain)):
        if name and _contains(said, name_key(name).split()):
            return name
        for word in telling_words(name, place):
            if _is_said(said, _SPELT_UMLAUT.sub("", word)):
                return word
    return next((each for each in particulars if each and _tells(said, each)), None)


def telling_words(name: str, place: str = "") -> tuple[str, ...]:
    """The folded words of `name` that are its alone (see the module)."""
    town = set(words(place))
    rare = [
        word
        for word in without_legal_form(words(name))
        if len(word) >= _LETTERS_TO_BE_TELLING and word.isalpha() and word not in town and not _is_known(word)
    ]
    simple = tuple(word for word in rare if not _is_composed(word))
    return simple or tuple(rare[:1])


@lru_cache(maxsize=10_000)
def _is_known(word: str) -> bool:
    if word in _COMMON or word in _area_words():
        return True
    known = lexicon.load()
    return known.is_surface(word) or any(known.knows(word, language) for language in known.languages)


@lru_cache(maxsize=10_000)
def _is_composed(word: str) -> bool:
    known = lexicon.load()
    return any(known.parts_of(word, language) for language in known.languages)


@cache
def _area_words() -> frozenset[str]:
    """The words of the names of countries and regions, as the code lists name them."""
    return frozenset(
        word
        for scheme in ("country", "nuts")
        for code in codes.scheme(scheme).codes()
        for word in words(str(codes.label(scheme, code, "en")))
    )


def _plain(text: str) -> list[str]:
    return [_SPELT_UMLAUT.sub("", word) for word in words(text)]


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
    return len(joined) >= _LETTERS_TO_BE_TELLING and joined in "".join(said)


def _is_said(said: Sequence[str], word: str) -> bool:
    """Whether `word` stands there, alone, inside a longer word, or in pieces: "Z.o.u.t-maat"."""
    if len(word) >= _LETTERS_TO_BE_FOUND_INSIDE and any(word in each for each in said):
        return True
    return any(_joins_to(said[start:], word) for start in range(len(said)))


def _joins_to(pieces: Sequence[str], word: str) -> bool:
    """Whether the first pieces together are `word`, so that no letters of other words are taken for it."""
    joined = ""
    for piece in pieces:
        joined += piece
        if not word.startswith(joined):
            return False
        if joined == word:
            return True
    return False


def _tells(said: Sequence[str], particular: str) -> bool:
    """Whether a number or street stands there: whole, its long figures alone, or a street without its number.

    A street named by ordinary words ("Am Hafen 3") tells only together with its number.
    """
    parts = _plain(particular)
    whole = "".join(parts)
    figures = [each for each in re.findall(r"\d+", whole) if len(each) >= _LETTERS_TO_BE_TELLING]
    text = "".join(said)
    if any(each in text for each in figures) or (
        len(whole) >= _LETTERS_TO_BE_TELLING and _is_said(said, whole)
    ):
        return True
    street = [word for word in words(particular) if not any(letter.isdigit() for letter in word)]
    ordinary = all(len(word) < _LETTERS_TO_BE_TELLING or _is_known(word) for word in street)
    return not ordinary and _is_said(said, _SPELT_UMLAUT.sub("", "".join(street)))
