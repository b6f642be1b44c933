"""What a batch of suggestions is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kontor.engine.matching.model import Weights
from kontor.engine.matching.model.checks import in_range


@dataclass(frozen=True, slots=True)
class SuggestParams:
    """How suggestions are made.

    `top`: places per organisation. `across`: only partners in another country. `pool`: statements that the
    scan takes for each asking statement by meaning, `pool_words` by words and codes. `keep`: partners per
    organisation that go into the allotment, `keep_newcomers` besides them. `twins`: places that one and the
    same text may take. `likeness`: what a partner loses that says exactly what a better one says.
    `newcomer_share`: part of the places for those nobody was introduced to yet, if they fit at least
    `newcomer_floor`. Nobody is suggested more often than `cap` times, nor to more than `cap_share` of the
    organisations, but `cap_least` times are always allowed. `block`: organisations between two checkpoints.
    """

    top: int = 20
    across: bool = True
    pool: int = 100
    pool_words: int = 30
    keep: int = 60
    keep_newcomers: int = 15
    twins: int = 2
    likeness: float = 0.1
    newcomer_share: float = 0.2
    newcomer_floor: float = 0.25
    floor: float = 0.1
    cap: int = 60
    cap_share: float = 0.5
    cap_least: int = 5
    block: int = 256
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        for name in ("top", "pool", "keep", "twins", "cap", "block"):
            in_range(getattr(self, name), 1, 100_000, name)
        for name in ("pool_words", "keep_newcomers", "cap_least"):
            in_range(getattr(self, name), 0, 100_000, name)
        for name in ("likeness", "newcomer_share", "newcomer_floor", "floor", "cap_share"):
            in_range(getattr(self, name), 0, 1, name)

    def capacity(self, organisations: int) -> int:
        """How often one organisation may be suggested in a directory of this size."""
        return max(self.cap_least, min(self.cap, int(self.cap_share * organisations)))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`partner` for an organisation. `score` is between 0 and 1, `rank` counts from 1.

    `direction` tells what was compared: `need` (it answers your need), `offer` (you answer its need) or
    `alike` (you do related things). `statement` is the asking statement's key, `answer` the partner's; both
    are empty for a summary. `reasons` are codes, the strongest first: `need`, `offer`, `alike`, `mutual`,
    `meaning`, `words`, `codes`, `new`. `reserved`: it owes its place to the newcomers' share.
    """

    partner: str
    rank: int
    score: float
    fit: float
    direction: str
    statement: str
    answer: str
    reasons: tuple[str, ...]
    newcomer: bool
    reserved: bool


class Suggested(NamedTuple):
    """An organisation and what is suggested to it, best first."""

    organisation: str
    suggestions: tuple[Suggestion, ...]
