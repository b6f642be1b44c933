"""The whole question: who, what for, under which rules, and what counts how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from kontor.engine.consortia.model import checks
from kontor.engine.consortia.model.candidate import Candidate, Competence, Tie
from kontor.engine.consortia.model.rule import LARGEST_TEAM, AnyRule, TeamSize, amounts_named
from kontor.engine.core.errors import InvalidInput, inside

USUAL_TEAM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Points of each part of the objective; `docs/engines/consortia.md` writes the sum out.

    coverage: an optional competence that somebody has at its level, times the competence's weight.
    level: each level above the one asked for, of the best member, times the competence's weight.
    affinity, capacity: a member with the value 1.
    new_ties: a pair across the border that has not worked together, counted up to `new_ties_most`.
    pairs: a pair with affinity 1; negative affinities take points away.
    partners: taken away for each member.
    """

    coverage: float = 10.0
    level: float = 2.0
    affinity: float = 5.0
    capacity: float = 2.0
    new_ties: float = 1.0
    pairs: float = 3.0
    partners: float = 4.0
    new_ties_most: int = 6

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name != "new_ties_most":
                value = checks.number(getattr(self, field.name), 0, 10_000, field.name)
                checks.assign(self, field.name, value)
        checks.whole(self.new_ties_most, 0, 1000, "new_ties_most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """How much is answered.

    `teams`: how many, the best among them; each has at least `differ` members that a given earlier one has
    not. `prices`: also say what leaving each member out would cost. `corrections`: at most that
    many sets of rules to change where no team exists. `gaps`: candidates for each gap of `fill`.
    """

    teams: int = 1
    differ: int = 2
    prices: bool = True
    corrections: int = 10
    gaps: int = 5

    def __post_init__(self) -> None:
        checks.whole(self.teams, 1, 100, "teams")
        checks.whole(self.differ, 1, LARGEST_TEAM, "differ")
        checks.whole(self.corrections, 1, 1000, "corrections")
        checks.whole(self.gaps, 1, 1000, "gaps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Candidates, needed competences, rules. Keys are unique in their list.

    `fixed` are in every team, `excluded` in none; `lead` is fixed and leads. Without a `team_size` rule a
    team has 1 to 10 members.
    """

    candidates: tuple[Candidate, ...]
    competences: tuple[Competence, ...] = ()
    rules: tuple[AnyRule, ...] = ()
    ties: tuple[Tie, ...] = ()
    fixed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    lead: str = ""
    weights: Weights = Weights()
    title: str = ""

    def __post_init__(self) -> None:
        for name in ("candidates", "competences", "rules", "ties"):
            checks.assign(self, name, tuple(getattr(self, name)))
        for name in ("fixed", "excluded"):
            checks.assign(self, name, checks.texts(getattr(self, name), name))
            _once(getattr(self, name), name)
        if not self.candidates:
            raise InvalidInput("candidates", "The list is empty.", "Name at least one candidate.")
        checks.unique((each.key for each in self.candidates), "candidates", "key")
        checks.unique((each.key for each in self.competences), "competences", "key")
        checks.unique((each.id for each in self.rules), "rules", "id")
        keys = {each.key for each in self.candidates}
        self._check_names(keys)
        self._check_ties(keys)
        self._check_amounts()

    @property
    def smallest(self) -> int:
        return max([1, *(rule.least for rule in self.rules if isinstance(rule, TeamSize) and rule.least)])

    @property
    def largest(self) -> int:
        """The most members a team may have."""
        stated = [rule.most for rule in self.rules if isinstance(rule, TeamSize) and rule.most is not None]
        return min(stated, default=USUAL_TEAM)

    @property
    def pinned(self) -> tuple[str, ...]:
        """Fixed members, the lead among them."""
        return self.fixed if not self.lead or self.lead in self.fixed else (*self.fixed, self.lead)

    def _check_names(self, keys: set[str]) -> None:
        for name in ("fixed", "excluded"):
            for position, key in enumerate(getattr(self, name)):
                _known(key, keys, f"{name}[{position}]")
        if self.lead:
            _known(self.lead, keys, "lead")
        both = sorted(set(self.pinned) & set(self.excluded))
        if both:
            raise InvalidInput("excluded", f"“{both[0]}” is fixed as well.", "Take it from one of the lists.")

    def _check_ties(self, keys: set[str]) -> None:
        seen: set[tuple[str, str]] = set()
        for position, tie in enumerate(self.ties):
            with inside(f"ties[{position}]"):
                _known(tie.a, keys, "a")
                _known(tie.b, keys, "b")
                if tie.pair in seen:
                    raise InvalidInput(
                        "a", f"{tie.a} and {tie.b} are tied twice.", "Keep one tie for a pair."
                    )
            seen.add(tie.pair)

    def _check_amounts(self) -> None:
        """A rule on an amount that no candidate has is a misspelling, not a rule that always holds."""
        known = {name for candidate in self.candidates for name in candidate.amounts}
        for position, rule in enumerate(self.rules):
            name = amounts_named(rule)
            if name and name not in known:
                listed = ", ".join(sorted(known)) or "none"
                raise InvalidInput(
                    f"rules[{position}].of", f"No candidate has the amount “{name}”.", f"There are: {listed}."
                )


def _known(key: str, keys: set[str], path: str) -> None:
    if key not in keys:
        raise InvalidInput(path, f"There is no candidate “{key}”.", "Use the key of a candidate.")


def _once(keys: Iterable[str], path: str) -> None:
    seen: set[str] = set()
    for position, key in enumerate(keys):
        if key in seen:
            raise InvalidInput(f"{path}[{position}]", f"“{key}” stands twice.", "Name each once.")
        seen.add(key)
