"""A programme as it stands in its file: frozen, validated, free of any database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

#: Number of this schema. A file says which one it was written for; later numbers read earlier files.
SCHEMA = 1


class Texts(dict[str, str]):
    """One text in several languages, the programme's main language first."""

    def best(self, language: str) -> str:
        """The text in `language`, else in the first language there is, else ""."""
        return self.get(language) or next(iter(self.values()), "")


@dataclass(frozen=True, slots=True)
class Area:
    """NUTS codes of one vintage (`version`, a year); a code stands for all regions below it."""

    version: str
    nuts: tuple[str, ...]

    def contains(self, code: str) -> bool:
        return any(code.startswith(part) for part in self.nuts)


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of the programme with the money set aside for it; `codes` are codes of the theme list."""

    key: str
    name: Texts
    summary: Texts
    codes: tuple[str, ...]
    envelope: Decimal | None


@dataclass(frozen=True, slots=True)
class Competence:
    """What a team must be able to do. `level` 1 to 3 is the least level a member must have in it."""

    key: str
    text: Texts
    required: bool
    level: int
    nace: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    ket: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def codes(self) -> Iterator[tuple[str, str]]:
        """Pairs of scheme and code."""
        for scheme, codes in (
            ("nace", self.nace),
            ("cpv", self.cpv),
            ("ket", self.ket),
            ("theme", self.themes),
        ):
            yield from ((scheme, code) for code in codes)


@dataclass(frozen=True, slots=True)
class Product:
    """A target product: what the programme wants to see made, what that takes, and the planned TRL."""

    key: str
    theme: str
    name: Texts
    summary: Texts
    demand: Texts
    trl: int
    competences: tuple[Competence, ...]


@dataclass(frozen=True, slots=True)
class Default:
    """A value that no document states: `path` in the file, and why it was set so."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme. `budget` and envelopes are exact to the cent in `currency`."""

    key: str
    version: str
    languages: tuple[str, ...]
    name: Texts
    summary: Texts
    fund: str
    currency: str
    budget: Decimal | None
    starts: date | None
    ends: date | None
    areas: tuple[Area, ...] = ()
    themes: tuple[Theme, ...] = ()
    products: tuple[Product, ...] = ()
    defaults: tuple[Default, ...] = ()
    sources: tuple[str, ...] = field(default=())

    def theme(self, key: str) -> Theme:
        """KeyError where the programme has no such theme."""
        return {theme.key: theme for theme in self.themes}[key]

    def product(self, key: str) -> Product:
        """KeyError where the programme has no such product."""
        return {product.key: product for product in self.products}[key]

    def contains(self, nuts: str, version: str) -> bool:
        """Whether a region lies in the programme area.

        The area of the same NUTS vintage decides; where the file has none, any vintage that lists the code.
        """
        same = [area for area in self.areas if area.version == version]
        return any(area.contains(nuts) for area in same or self.areas)

    def unassigned(self) -> Decimal | None:
        """Budget outside the themes' envelopes; None where the programme states no budget."""
        if self.budget is None:
            return None
        return self.budget - sum((t.envelope for t in self.themes if t.envelope is not None), Decimal(0))
