"""Who may take part, what they can, and what is between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kontor.engine.consortia.model import checks
from kontor.engine.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Competence:
    """Something the team needs (`required`) or would gain from, from `level` 1 to 3 on.

    `weight` scales its points; 1 is usual.
    """

    key: str
    name: str = ""
    required: bool = True
    level: int = 1
    weight: float = 1.0

    def __post_init__(self) -> None:
        checks.required(self.key, "key")
        checks.whole(self.level, 1, checks.MAX_LEVEL, "level")
        checks.assign(self, "weight", checks.number(self.weight, 0, 1000, "weight"))

    @property
    def label(self) -> str:
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation as the composer sees it.

    `region` is a NUTS code of any depth; `kind` and `size` are free words that the rules use, as `firm`
    and `small`; `competences` maps keys to levels 0 to 3; `amounts` holds money to the cent by name, as
    `cost` and `grant`; `affinity` (how well it fits the idea) and `capacity` (how much time it has) go
    from 0 to 1; `tags` are free marks, as `in-area`, `new`, `was-lead`, `in-difficulty`.
    """

    key: str
    name: str = ""
    country: str = ""
    region: str = ""
    kind: str = ""
    size: str = ""
    competences: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    affinity: float = 0.0
    capacity: float = 0.0
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checks.required(self.key, "key")
        checks.assign(self, "country", checks.country_code(self.country, "country"))
        checks.assign(self, "region", self.region.strip().upper())
        for key, level in self.competences.items():
            checks.whole(level, 0, checks.MAX_LEVEL, f"competences.{key}")
        made = {name: checks.amount(value, f"amounts.{name}") for name, value in self.amounts.items()}
        checks.assign(self, "amounts", made)
        checks.assign(self, "affinity", checks.number(self.affinity, 0, 1, "affinity"))
        checks.assign(self, "capacity", checks.number(self.capacity, 0, 1, "capacity"))
        checks.assign(self, "tags", checks.texts(self.tags, "tags"))

    @property
    def label(self) -> str:
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Tie:
    """What is between two candidates: whether they have worked together, and how well they suit each other.

    `affinity` goes from -1 to 1. Two from different countries without a tie that `cooperated` are a new tie
    across the border when they meet in a team.
    """

    a: str
    b: str
    cooperated: bool = False
    affinity: float = 0.0

    def __post_init__(self) -> None:
        checks.required(self.a, "a")
        checks.required(self.b, "b")
        if self.a == self.b:
            raise InvalidInput("b", f"“{self.b}” is tied to itself.", "Name two candidates.")
        checks.assign(self, "affinity", checks.number(self.affinity, -1, 1, "affinity"))

    @property
    def pair(self) -> tuple[str, str]:
        return (self.a, self.b) if self.a < self.b else (self.b, self.a)
