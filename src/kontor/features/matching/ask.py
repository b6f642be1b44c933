"""What a person asks the matchmaker, as it stands in an address, in a saved search and in the API."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

WEIGHTS = ("fit", "reciprocity", "complementarity", "border", "freshness", "answer_rate", "novelty")
LONGEST_ADDRESS = 4_000


@dataclass(frozen=True)
class Ask:
    """`text` is the need, idea or challenge; `organisation`, `statement` or `product` may ask instead of a text.

    `origin`: country of the asker (ISO 3166-1). `across`: only partners beyond its border. `codes` are `scheme:code`.
    `area`: NUTS prefixes. `weights`: only those that differ from the default. `team`: keys of organisations that are
    already together.
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

    def query_string(self, **changes: Any) -> str:
        """The address's part after the question mark, with `changes` applied (None takes a condition out)."""
        values = {**self.as_dict(), **changes}
        weights = values.pop("weights", None) or {}
        pairs: list[tuple[str, Any]] = []
        for name, value in values.items():
            if value in (None, "", (), False):
                continue
            key = "q" if name == "text" else name
            pairs += [(key, item) for item in (value if isinstance(value, (tuple, list)) else [value])]
        pairs += [(f"w_{name}", f"{value:g}") for name, value in weights.items()]
        return urlencode([(key, "on" if value is True else value) for key, value in pairs])

    def without(self, name: str, item: str = "") -> Ask:
        """The same question with one condition, or one value of it, taken out."""
        value = getattr(self, name)
        if isinstance(value, tuple) and item:
            return replace(self, **{name: tuple(v for v in value if v != item)})
        return replace(self, **{name: getattr(Ask(), name)})
