"""Where a programme works: regions, and the sides of a border."""

from __future__ import annotations

from dataclasses import dataclass, field

from kontor.programmes.schema.texts import Texts

#: Key of the area that a programme means when it names none.
PROGRAMME_AREA = "programme"


@dataclass(frozen=True, slots=True)
class Area:
    """NUTS codes of one vintage (`version`, a year); a code stands for all regions below it."""

    version: str
    nuts: tuple[str, ...]
    key: str = PROGRAMME_AREA
    name: Texts = field(default_factory=Texts)

    def contains(self, code: str) -> bool:
        return any(code.startswith(part) for part in self.nuts)

    def touches(self, country: str) -> bool:
        """Whether any code lies in the country, given as NUTS writes it (EL, UK)."""
        return any(part.startswith(country) for part in self.nuts)

    def may_contain(self, code: str) -> bool:
        """Whether `code`, a wider region such as a country, holds a part of the area."""
        return any(part.startswith(code) for part in self.nuts)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a border: whole countries (ISO 3166 codes), regions (NUTS codes of any vintage), or
    both.
    """

    key: str
    name: Texts
    countries: tuple[str, ...] = ()
    nuts: tuple[str, ...] = ()

    def holds(self, country: str | None, nuts: str | None) -> bool | None:
        """Whether a place lies on this side; None where too little is known of the place."""
        if country in self.countries:
            return True
        if not self.nuts:
            return None if country is None else False
        if nuts and any(nuts.startswith(part) for part in self.nuts):
            return True
        wider = nuts or country
        return None if wider is None or any(part.startswith(wider) for part in self.nuts) else False
