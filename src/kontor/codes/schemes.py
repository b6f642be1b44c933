"""One door to every code list: what a code means, where it stands, whether it exists."""

from __future__ import annotations

import re
from functools import cache
from typing import get_args

from kontor.codes.model import CodesError, Label, SchemeName
from kontor.codes.store import LANGUAGES, Table, table, wording

SCHEMES: tuple[SchemeName, ...] = get_args(SchemeName)

#: Codes the European Union writes otherwise than ISO 3166, and the form kept here.
_COUNTRY_ALIASES = {"EL": "GR", "UK": "GB"}
_COUNTRY_OF_NUTS = {"EL": "GR", "UK": "GB"}
#: In these countries a Latin reading of a region's name is no foreign script.
_OTHER_SCRIPT = {"BG": "bg", "EL": "el", "MK": "mk", "RS": "sr"}


def base_language(language: str) -> str:
    """`de-AT` is looked up as `de`."""
    return re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]


class Scheme:
    """A code list. All members answer from memory after the first call."""

    def __init__(self, name: SchemeName) -> None:
        self.name = name

    @property
    def table(self) -> Table:
        return table(self.name)

    def codes(self, level: int | None = None) -> tuple[str, ...]:
        """All codes in list order, or those of one level (1 is the broadest; NUTS counts from 0, the
        country).
        """
        listed = self.table
        if level is None:
            return listed.codes
        return tuple(c for c, at in zip(listed.codes, listed.levels, strict=True) if at == level)

    def valid(self, code: str) -> bool:
        return code in self.table.position

    def canonical(self, code: str) -> str | None:
        """The code as the list writes it, or None: `0111` is NACE `01.11`, `03111200-1` is CPV `03111200`."""
        text = _CANONICAL[self.name](code.strip())
        return text if self.valid(text) else None

    def level(self, code: str) -> int:
        return self.table.levels[self._at(code)]

    def flags(self, code: str) -> frozenset[str]:
        """Marks of a code: `eu`, `eea`, `efta` of a country, the vintages of a NUTS region, `eu` of a KET."""
        return self.table.flags[self._at(code)]

    def children(self, code: str = "") -> tuple[str, ...]:
        """The codes right below, in list order; of "" the topmost."""
        if code:
            self._at(code)
        return self.table.children.get(code, ())

    def parents(self, code: str) -> tuple[str, ...]:
        """The codes above, nearest first."""
        found = []
        above = self.table.parents[self._at(code)]
        while above:
            found.append(above)
            above = self.table.parents[self._at(above)]
        return tuple(found)

    def languages(self) -> tuple[str, ...]:
        """Languages this list has wording in."""
        return _languages_kept("country" if self.name == "nuts" else self.name)

    def label(self, code: str, language: str) -> Label:
        """The wording in `language`, else in English and marked as such, else the code itself.

        Names of regions are proper names and carry no mark; Bulgarian, Greek, Macedonian and Serbian ones
        are written in Latin letters for readers of other languages.
        """
        asked = base_language(language)
        if self.name == "nuts":
            return _nuts_label(code, asked)
        at = self.table.position.get(code)
        if at is None:
            return Label(code, asked)
        for candidate in (asked, "en"):
            words = wording(self.name, candidate)
            if words and words[at]:
                return Label(words[at], candidate, fallback=candidate != asked)
        return Label(code, asked)

    def _at(self, code: str) -> int:
        try:
            return self.table.position[code]
        except KeyError:
            raise CodesError(
                f"{code!r} is not a code of the list {self.name!r}.",
                remedy="Search with find() or repair with canonical().",
            ) from None


def _nuts_label(code: str, asked: str) -> Label:
    if len(code) == 2:
        return scheme("country").label(_COUNTRY_OF_NUTS.get(code, code), asked)
    at = table("nuts").position.get(code)
    if at is None:
        return Label(code, asked)
    latin = wording("nuts", "latin")[at]
    own_script = _OTHER_SCRIPT.get(code[:2]) == asked
    return Label(latin if latin and not own_script else wording("nuts", "native")[at], asked)


@cache
def _languages_kept(name: SchemeName) -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if wording(name, language))


def _canonical_nace(code: str) -> str:
    bare = re.sub(r"^[A-V](?=\d)|[.\s]", "", code.upper())
    return bare if len(bare) < 3 else f"{bare[:2]}.{bare[2:]}"


def _canonical_cpv(code: str) -> str:
    return re.sub(r"-\d$|\s", "", code)


def _canonical_country(code: str) -> str:
    return _COUNTRY_ALIASES.get(code.upper(), code.upper())


_CANONICAL = {
    "country": _canonical_country,
    "nuts": str.upper,
    "nace": _canonical_nace,
    "cpv": _canonical_cpv,
    "ket": str.lower,
    "theme": str.lower,
}


@cache
def scheme(name: str) -> Scheme:
    """The code list of that name; CodesError when there is none."""
    if name not in SCHEMES:
        raise CodesError(f"There is no code list {name!r}.", remedy=f"Take one of {', '.join(SCHEMES)}.")
    return Scheme(name)


def label(name: str, code: str, language: str) -> Label:
    return scheme(name).label(code, language)


def valid(name: str, code: str) -> bool:
    return scheme(name).valid(code)


def canonical(name: str, code: str) -> str | None:
    return scheme(name).canonical(code)


def children(name: str, code: str = "") -> tuple[str, ...]:
    return scheme(name).children(code)


def parents(name: str, code: str) -> tuple[str, ...]:
    return scheme(name).parents(code)
