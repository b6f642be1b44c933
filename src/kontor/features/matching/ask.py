"""What a person asks the matchmaker, as it stands in an address, in a saved search and in the API."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

PAST = "past"
"""Stands for all parts that are known from earlier projects: they are weighed together."""

WEIGHTS = ("fit", "reciprocity", "complementarity", "border", "freshness", "answer_rate", "novelty", PAST)
LONGEST_ADDRESS = 4_000


@dataclass(frozen=True)
class Ask:
    """`text` is the need, idea or challenge; `organisation`, `statement` or `product` may ask instead.

    `origin`: country of the asker (ISO 3166-1). `across`: only partners beyond its border. `codes` are
    `scheme:code`, `area` NUTS prefixes, `weights` only those that differ from the default, `team` the keys of
    organisations that are already together, `excluded` of those not wanted. `read_codes`: whether codes are
    read from the text; `wrong_codes` are those of them that somebody took out.
    """

    text: str = ""
    language: str = ""
    kind: str = "need"
    organisation: str = ""
    statement: str = ""
    product: str = ""
    origin: str = ""
    across: bool = False
    countries: tuple[str, ...] = ()
    sme: bool = False
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    trl_min: int | None = None
    trl_max: int | None = None
    area: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    read_codes: bool = True
    wrong_codes: tuple[str, ...] = ()
    top: int = 20
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.organisation or self.statement or self.product or self.codes)

    def as_dict(self) -> dict[str, Any]:
        """Only what differs from the default: short addresses and saved rows that survive new fields."""
        blank = asdict(Ask())
        return {name: value for name, value in asdict(self).items() if value != blank[name]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Ask:
        """Reads a saved search; names it does not know are of a newer version and are left out."""
        known = {f.name: f for f in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        return cls(**values)

    def query_string(self) -> str:
        """The address's part after the question mark: the search form's fields."""
        values = self.as_dict()
        weights = values.pop("weights", {})
        values["q"] = values.pop("text", "")
        given = values.pop("codes", ())
        values["theme"] = [code.removeprefix("theme:") for code in given if code.startswith("theme:")]
        values["code"] = " ".join(code for code in given if not code.startswith("theme:"))
        values["read_codes"] = "" if values.get("read_codes", True) else "no"
        for name in ("area", "team", "excluded", "wrong_codes"):
            values[name] = " ".join(values.get(name, ()))
        pairs = [
            (name, "on" if item is True else item)
            for name, value in values.items()
            for item in (value if isinstance(value, (tuple, list)) else [value])
            if item not in ("", None, False)
        ]
        return urlencode(pairs + [(f"w_{name}", f"{value:g}") for name, value in weights.items()])

    def without(self, name: str, item: str = "") -> Ask:
        """The same question with one condition, or one value of it, taken out."""
        value = getattr(self, name)
        if isinstance(value, tuple) and item:
            changes: dict[str, Any] = {name: tuple(v for v in value if v != item)}
        else:
            changes = {name: getattr(Ask(), name)}
        return replace(self, **changes)
