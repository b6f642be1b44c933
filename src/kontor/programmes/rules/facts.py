"""What is known of a team before anybody writes an application; None always means: not known yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from kontor.engine.core.errors import InvalidInput
from kontor.programmes.messages import message as _

KINDS: Final = ("firm", "research", "public", "cluster", "buyer", "other")
SIZES: Final = ("micro", "small", "medium", "sme", "large")
SME_SIZES: Final = frozenset({"micro", "small", "medium", "sme"})
FIRM_KINDS: Final = frozenset({"firm", "buyer"})

#: Countries that NUTS writes otherwise than ISO 3166.
_NUTS_WRITES: Final = {"GR": "EL", "GB": "UK"}

#: How rules name partners: kinds, and firms by size.
TYPES: Final = ("sme", "large-firm", *KINDS)


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner. `size` follows Recommendation 2003/361/EC; money is in the programme's currency.

    `identifiers` are register or VAT numbers, `clusters` the keys of clusters it belongs to, `led_before`
    whether it led an earlier project of the programme, `new` whether it takes part for the first time.
    """

    key: str
    name: str = ""
    country: str | None = None
    nuts: str | None = None
    nuts_version: str = "2024"
    kind: str | None = None
    size: str | None = None
    cost: Decimal | None = None
    grant: Decimal | None = None
    lead: bool = False
    clusters: tuple[str, ...] | None = None
    identifiers: tuple[str, ...] | None = None
    led_before: bool | None = None
    new: bool | None = None
    in_difficulty: bool | None = None

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, KINDS)
        _one_of("size", self.size, SIZES)
        _not_negative("cost", self.cost)
        _not_negative("grant", self.grant)
        if self.nuts and self.country and country_of(self.nuts) != self.country:
            told = _("{region} does not lie in {country}.", region=self.nuts, country=self.country)
            raise InvalidInput("nuts", told, _("Correct one of both."))

    @property
    def label(self) -> str:
        return self.name or self.key

    @property
    def land(self) -> str | None:
        """The country, taken from the region where only that is known."""
        return self.country or (country_of(self.nuts) if self.nuts else None)

    @property
    def region(self) -> str | None:
        """The NUTS code, of the whole country where only that is known."""
        return self.nuts or (_NUTS_WRITES.get(self.country, self.country) if self.country else None)

    def is_type(self, name: str) -> bool | None:
        """Whether the partner is one of TYPES; None where its kind or size is not known."""
        if name not in ("sme", "large-firm"):
            return None if self.kind is None else self.kind == name
        if self.kind is not None and self.kind not in FIRM_KINDS:
            return False
        if self.size is None:
            return None
        fits = (self.size in SME_SIZES) == (name == "sme")
        return fits if self.kind is not None or not fits else None

    def type_unknown(self) -> tuple[str, ...]:
        """The fields that stand in the way of telling the type."""
        firm = self.kind is None or self.kind in FIRM_KINDS
        return tuple(
            name
            for name, absent in (("kind", self.kind is None), ("size", firm and self.size is None))
            if absent
        )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Partners of the projects approved so far, and how many of them are new to the programme."""

    partners: int
    new: int

    def __post_init__(self) -> None:
        if not 0 <= self.new <= self.partners:
            told = _("is {new} of {partners}.", new=self.new, partners=self.partners)
            raise InvalidInput("new", told, _("Give 0 to all of them."))


@dataclass(frozen=True, slots=True)
class Team:
    """Partners around one project. `cost` and `grant` are totals, known before they are divided among
    partners; `kets` are codes of the list of key enabling technologies, `themes` keys of the programme's
    themes.
    """

    partners: tuple[Partner, ...] = ()
    themes: tuple[str, ...] | None = None
    kets: tuple[str, ...] | None = None
    months: int | None = None
    cost: Decimal | None = None
    grant: Decimal | None = None
    portfolio: Portfolio | None = None

    def __post_init__(self) -> None:
        for key, times in Counter(partner.key for partner in self.partners).items():
            if times > 1:
                told = _("{key} stands {times} times.", key=repr(key), times=times)
                raise InvalidInput("partners", told, _("Name each partner once."))
        if sum(partner.lead for partner in self.partners) > 1:
            raise InvalidInput("partners", _("More than one partner leads."), _("Mark one partner as lead."))
        _not_negative("cost", self.cost)
        _not_negative("grant", self.grant)
        for name in ("cost", "grant"):
            self._check_total(name)

    @property
    def lead(self) -> Partner | None:
        return next((partner for partner in self.partners if partner.lead), None)

    def known(self, name: str) -> tuple[Decimal, tuple[Partner, ...]]:
        """The total of `cost` or `grant` as far as it is known, and the partners it still lacks."""
        total: Decimal | None = getattr(self, name)
        if total is not None:
            return total, ()
        values = {partner.key: getattr(partner, name) for partner in self.partners}
        lacking = tuple(partner for partner in self.partners if values[partner.key] is None)
        return sum((value for value in values.values() if value is not None), Decimal(0)), lacking

    def _check_total(self, name: str) -> None:
        total: Decimal | None = getattr(self, name)
        parts = [getattr(partner, name) for partner in self.partners]
        known = sum((part for part in parts if part is not None), Decimal(0))
        if total is not None and (known > total or (parts and None not in parts and known != total)):
            told = _("is {total}, but the partners' add up to {known}.", total=total, known=known)
            raise InvalidInput(name, told, _("Correct one of both."))


#: What may be known of a partner, beyond who it is.
PARTNER_FACTS: Final = tuple(field.name for field in fields(Partner) if field.name not in ("key", "name"))


def country_of(nuts: str) -> str:
    """ISO 3166 code of the country a NUTS code lies in."""
    return next((country for country, code in _NUTS_WRITES.items() if code == nuts[:2]), nuts[:2])


def _one_of(path: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        remedy = _("Give one of {keys}, or leave it out.", keys=", ".join(known))
        raise InvalidInput(path, _("is {value}.", value=repr(value)), remedy)


def _not_negative(path: str, value: Decimal | None) -> None:
    if value is not None and (value < 0 or value != value.quantize(Decimal("0.01"))):
        remedy = _("Give an amount of at least 0 with at most two decimals.")
        raise InvalidInput(path, _("is {value}.", value=value), remedy)
