"""What the matchmaker answers."""

from __future__ import annotations

from dataclasses import dataclass

from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score:

    `value` 0 to 1, `weight` its share of all weights that apply, `contribution` the product.
    """

    name: str
    value: float
    weight: float

    @property
    def contribution(self) -> float:
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class FoundBy:
    """`method` is `words`, `codes` or `meaning`; `rank` counts from 1 among all organisations that were
    compared.::
    """

    method: str
    rank: int


@dataclass(frozen=True, slots=True)
class Match:
    """One suggested partner. `score` is 0 to 1, the sum of the contributions of `parts`.

    `anonymous`: the match rests on a teaser. Whoever shows it must show nothing of `key` but the evidence,
    the country and `statement`, the key of the teaser's statement. `reserved`: lifted into the list by the
    newcomers' share, or by a place that is kept for newcomers and small firms; then `shared` is set, and the
    parts are weighed by `Query.small_weights`.
    """

    key: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    doubt: Reason
    found_by: tuple[FoundBy, ...]
    statement: str = ""
    anonymous: bool = False
    newcomer: bool = False
    reserved: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How many organisations break one condition, and how many break no other."""

    condition: str
    reason: Reason
    count: int
    alone: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A smallest set of conditions whose dropping brings `count` organisations back."""

    conditions: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. `considered`: organisations with anything to find; `kept`: those that meet all conditions.

    `status`: `optimal` when every kept organisation was compared in full, `feasible` when a scan of short
    codes chose which (`bound`: no other can score more), `infeasible` when the conditions exclude
    everybody; then `relaxations` say what to drop. `notes` tell what a reader should know about the
    question: recognised language, text that was cut.
    """

    status: Status
    matches: tuple[Match, ...]
    considered: int
    kept: int
    exclusions: tuple[Exclusion, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    notes: tuple[Reason, ...] = ()
    language: str = ""
    bound: float | None = None

    @property
    def objective(self) -> float | None:
        """Score of the first match."""
        return self.matches[0].score if self.matches else None
