"""What the composer answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kontor.engine.core.explanation import Reason
from kontor.engine.core.result import Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule on one team. `rule` is its id, or `competence:KEY`, `fixed:KEY`, `excluded:KEY`."""

    rule: str
    text: str
    kept: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the objective: `value` in its own unit, times `weight`, is `points`."""

    name: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Price:
    """The best team without one member, and how many points less it has.

    `team` is empty where none exists without it. `lost` is exact where `status` is optimal, else at least
    `objective - bound` of the two teams and at most `lost`.
    """

    status: Status
    team: tuple[str, ...]
    objective: float | None
    bound: float | None
    lost: float | None


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team and what it brings: sentences, and the points that go if it simply leaves."""

    key: str
    brings: tuple[Reason, ...]
    points: float
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team that keeps every rule. `bound` is what no team under the same conditions can exceed."""

    status: Status
    lead: str
    members: tuple[Member, ...]
    parts: tuple[Part, ...]
    objective: float
    bound: float
    verdicts: tuple[Verdict, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(member.key for member in self.members)


@dataclass(frozen=True, slots=True)
class Change:
    """One rule to change: `field` of it from `before` to `after` (None: drop it)."""

    rule: str
    text: str
    field: str
    before: str
    after: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Correction:
    """A smallest set of rules whose change makes a team possible: changing fewer of them does not.

    `team` is such a team.
    """

    changes: tuple[Change, ...]
    weight: float
    team: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.rule for change in self.changes))


@dataclass(frozen=True, slots=True)
class Result:
    """`teams`, best first, or where there is none `corrections`, the lightest first.

    `complete`: no further team keeps the distance, or no further correction exists. `out_of_time`: the time
    ended before everything asked for was found. `figures` counts what was looked at.
    """

    status: Status | None
    teams: tuple[Team, ...] = ()
    corrections: tuple[Correction, ...] = ()
    complete: bool = True
    out_of_time: bool = False
    figures: Mapping[str, int] | None = None

    @property
    def objective(self) -> float | None:
        return self.teams[0].objective if self.teams else None

    @property
    def bound(self) -> float | None:
        return self.teams[0].bound if self.teams else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate for a gap: joining adds `gain` to the objective, and `closes` and `breaks` these rules."""

    key: str
    gain: float
    closes: tuple[str, ...]
    breaks: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A competence that is missing or a rule that is broken (`rule` as in Verdict), and who could help."""

    rule: str
    text: str
    reason: Reason
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A partly built team: the light of every rule, and proposals for every gap."""

    verdicts: tuple[Verdict, ...]
    gaps: tuple[Gap, ...]
    objective: float
    parts: tuple[Part, ...]
