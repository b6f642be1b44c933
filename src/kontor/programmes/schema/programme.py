"""A programme as it stands in its file: frozen, validated, free of any database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kontor.programmes.schema.form import Form
from kontor.programmes.schema.instrument import Instrument
from kontor.programmes.schema.money import Envelope, Financier, Part
from kontor.programmes.schema.place import PROGRAMME_AREA, Area, Side
from kontor.programmes.schema.product import Product
from kontor.programmes.schema.results import Indicator, Reporting, Role
from kontor.programmes.schema.texts import Texts

#: Number of this schema. A file says which one it was written for; later numbers read earlier files.
SCHEMA = 1

#: Which envelopes of themes pay for a case of several: each an equal share, the one named first all of it,
#: the one that the applicant calls the main theme all of it, or each the share that the applicant states.
SEVERAL_THEMES = ("evenly", "first", "main", "stated")


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of the programme with the money set aside for it; `codes` are codes of the theme list."""

    key: str
    name: Texts
    summary: Texts
    codes: tuple[str, ...]
    envelope: Decimal | None


@dataclass(frozen=True, slots=True)
class Default:
    """A value that no document states: `path` in the file, why it was set so, and the neighbour it was
    taken from.
    """

    path: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme. `budget` and envelopes are exact to the cent in `currency`. `several_themes` says whose
    envelope pays for a case of several themes (SEVERAL_THEMES).

    `variants` inherit everything from this one but what they change; each names it in `extends`.
    """

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
    sides: tuple[Side, ...] = ()
    themes: tuple[Theme, ...] = ()
    parts: tuple[Part, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    financing: tuple[Financier, ...] = ()
    roles: tuple[Role, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    forms: tuple[Form, ...] = ()
    products: tuple[Product, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reporting: Reporting | None = None
    defaults: tuple[Default, ...] = ()
    sources: tuple[str, ...] = ()
    several_themes: str = "evenly"
    extends: str = ""
    variants: tuple[Programme, ...] = ()

    def theme(self, key: str) -> Theme:
        """KeyError where the programme has no such theme."""
        return {theme.key: theme for theme in self.themes}[key]

    def product(self, key: str) -> Product:
        """KeyError where the programme has no such product."""
        return {product.key: product for product in self.products}[key]

    def instrument(self, key: str) -> Instrument:
        """KeyError where the programme has no such instrument."""
        return {instrument.key: instrument for instrument in self.instruments}[key]

    def form(self, key: str) -> Form:
        """KeyError where the programme has no such form."""
        return {form.key: form for form in self.forms}[key]

    def indicator(self, key: str) -> Indicator:
        """KeyError where the programme has no such indicator."""
        return {indicator.key: indicator for indicator in self.indicators}[key]

    def contains(self, nuts: str, version: str) -> bool:
        """Whether a region lies in the programme area.

        The area of the same NUTS vintage decides; where the file has none for the country, any vintage that
        lists the code.
        """
        return any(area.contains(nuts) for area in self._areas(PROGRAMME_AREA, nuts, version))

    def within(self, area: str, nuts: str | None, version: str) -> bool | None:
        """Whether a region lies in a named area; None where `nuts` is unknown or too wide to tell."""
        if not nuts:
            return None
        found = self._areas(area, nuts, version)
        if any(one.contains(nuts) for one in found):
            return True
        return None if any(one.may_contain(nuts) for one in found) else False

    def area_name(self, key: str) -> Texts:
        """The name of an area, empty where the file gives it none."""
        return next((area.name for area in self.areas if area.key == key and area.name), Texts())

    def regions(self, key: str) -> tuple[str, ...]:
        """The NUTS codes of an area in its newest vintage."""
        named = [area for area in self.areas if area.key == key]
        return max(named, key=lambda area: area.version).nuts if named else ()

    def unassigned(self) -> Decimal | None:
        """Budget outside the themes' envelopes; None where the programme states no budget."""
        if self.budget is None:
            return None
        return self.budget - sum((t.envelope for t in self.themes if t.envelope is not None), Decimal(0))

    def financed(self, kinds: Collection[str], country: str | None = None) -> Decimal:
        """What financiers of these kinds pay together, of one country only where it is given."""
        paid = (
            financier.amount
            for financier in self.financing
            if financier.kind in kinds and country in (None, financier.country) and financier.amount
        )
        return sum(paid, Decimal(0))

    def _areas(self, key: str, nuts: str, version: str) -> list[Area]:
        """Those of the same vintage that say anything about the country, else those of every vintage."""
        named = [area for area in self.areas if area.key == key]
        same = [area for area in named if area.version == version and area.touches(nuts[:2])]
        return same or named
