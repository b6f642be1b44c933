"""The rules of a problem with a switch each that lets it be missed, as one whole program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from kontor.engine.consortia.choose import Found, choose
from kontor.engine.consortia.dominance import undominated
from kontor.engine.consortia.model import (
    LARGEST_TEAM,
    Candidate,
    EachMember,
    LargestShare,
    LeadIs,
    Problem,
    Weights,
)
from kontor.engine.consortia.rows import INF, MANY_MEMBERS, Builder, Row
from kontor.engine.consortia.rules import judge_people
from kontor.engine.consortia.tables import Flags, Rows, Tables
from kontor.engine.core.stop import Stop

NO_POINTS = Weights(
    coverage=0, level=0, affinity=0, capacity=0, new_ties=0, pairs=0, partners=0, new_ties_most=0
)
SMALL = 1e-6


class Switches:
    """Names of switches are those of verdicts, and `lead:KEY` for giving up who leads.

    A switch that is on lets the slack of its rule grow: one helper for what is missing below, one for what is
    too much above, shared by all rows of the rule. Firm rules have none.
    """

    def __init__(self, problem: Problem, stop: Stop, seed: int) -> None:
        self._asked, self._stop, self._seed = problem, stop, seed
        needs = tuple(each for each in problem.competences if each.required)
        bare = replace(problem, competences=needs, ties=(), weights=NO_POINTS)
        self._tables = Tables(bare)
        self._builder = Builder(self._tables)
        everybody = np.arange(len(self._tables))
        nobody = np.zeros(0, dtype=np.intp)
        self.chosen = undominated(self._tables, everybody, nobody, need=LARGEST_TEAM, every_rule=True)
        self._model = self._builder.rules_only(self.chosen)
        self._firm = {rule.id for rule in problem.rules if rule.firm}
        self.weights = {rule.id: rule.weight for rule in problem.rules}
        self._columns: dict[str, int] = {}
        self._slacks: dict[tuple[str, bool], int] = {}
        self._add_members()
        self._add_lead()
        self._loosen_all()
        self._levels = self._add_levels()

    def lightest(self, forbidden: Sequence[Sequence[str]]) -> tuple[tuple[str, ...] | None, bool]:
        """Names of the lightest set of switches with which a team exists, or None; and if that is proven."""
        sets = [
            Row(self._model.zeros(), {self._columns[name]: 1.0 for name in names}, -INF, len(names) - 1.0)
            for names in forbidden
        ]
        for name, column in self._columns.items():
            self._model.helpers[column].points = -self.weights.get(name, 1.0)
            self._model.helpers[column].high = 1
        self._value_slacks(0.0)
        while True:
            found = self._solve(sets)
            if found.chosen is None or not found.proven:
                return None, found.proven
            names = tuple(sorted(name for name, column in self._columns.items() if found.helpers[column]))
            if not self._cut(found.chosen, names):
                return names, True

    def nearest(self, names: Sequence[str]) -> list[Candidate]:
        """The team that misses no rules but these, and these by least. Empty where the time was over."""
        for name, column in self._columns.items():
            self._model.helpers[column].points = 0.0
            self._model.helpers[column].high = int(name in names)
        self._value_slacks(1.0)
        while True:
            found = self._solve([])
            if found.chosen is None:
                return []
            if not self._cut(found.chosen, names):
                return [self._asked.candidates[row] for row in self.chosen[found.chosen]]

    def _solve(self, extra: Sequence[Row]) -> Found:
        free: Flags = np.zeros(len(self.chosen), dtype=np.bool_)
        return choose(self._model, free, extra, self._stop, self._seed)

    def _value_slacks(self, worth: float) -> None:
        """What is missed counts as a part of what could be missed, so that rules in unlike units compare."""
        for slack in self._slacks.values():
            helper = self._model.helpers[slack]
            helper.points = -worth * max(SMALL, 1 / helper.high)
        for level in self._levels:
            self._model.helpers[level].points = worth * 0.01

    def _cut(self, chosen: Rows, names: Sequence[str]) -> bool:
        """Adds what the program did not know of rules that this team misses with their switches off."""
        team = [self._asked.candidates[row] for row in self.chosen[chosen]]
        unexpected = missed(self._asked, team, names)
        if not unexpected:
            return False
        shares = [r for r in self._asked.rules if isinstance(r, LargestShare) and r.id in unexpected]
        for rule in shares:
            amounts, _unit = self._builder.units(rule.of, whole=True)
            rows = self.chosen[chosen]
            self._loosen(self._builder.single_share(self._model, rule, int(rows[np.argmax(amounts[rows])])))
        if not shares:
            inside = np.isin(np.arange(len(self.chosen)), chosen)
            self._model.rows.append(Row(np.where(inside, 1.0, -1.0), {}, -INF, len(chosen) - 1.0))
        return True

    def _add_members(self) -> None:
        """Conditions on each member, fixed and excluded ones."""
        for rule in self._asked.rules:
            if isinstance(rule, EachMember):
                failing = ~self._tables.mask(rule.who)[self.chosen]
                self._model.add(failing.astype(float), high=0, of=rule.id)
        for kind, keys in (("fixed", self._asked.pinned), ("excluded", self._asked.excluded)):
            for key in keys:
                row = (self.chosen == self._tables.row[key]).astype(float)
                low, high = (1.0, INF) if kind == "fixed" else (-INF, 0.0)
                self._model.add(row, low, high, of=f"{kind}:{key}")

    def _add_lead(self) -> None:
        """Candidates that break the same conditions on the lead are one: somebody among them may lead."""
        rules = [rule for rule in self._asked.rules if isinstance(rule, LeadIs)]
        if not rules:
            return
        meets = np.array([self._tables.mask(rule.who)[self.chosen] for rule in rules])
        named = self.chosen == self._tables.row.get(self._asked.lead, -1)
        kinds: dict[int, float] = {}
        for pattern in sorted(
            {(*column, bool(who)) for *column, who in zip(*meets.tolist(), named.tolist(), strict=True)}
        ):
            alike = (np.array(pattern[:-1]) == meets.T).all(axis=1) & (named == pattern[-1])
            leads = self._model.helper(0, 1, whole=True)
            kinds[leads] = 1.0
            self._model.add(alike.astype(float), 0, helpers={leads: -1.0})
            broken = [rule.id for rule, kept in zip(rules, pattern, strict=False) if not kept]
            if self._asked.lead and not pattern[-1]:
                broken.append(f"lead:{self._asked.lead}")
            for name in broken:
                self._model.add(self._model.zeros(), high=0, helpers={leads: 1.0}, of=name)
        self._model.add(self._model.zeros(), 1, helpers=kinds)

    def _add_levels(self) -> list[int]:
        """For needed competences that nobody has well enough: the better somebody has them, the nearer."""
        made = []
        levels = self._tables.levels[self.chosen]
        for column, competence in enumerate(self._tables.problem.competences):
            for level in range(1, competence.level):
                reached = self._model.helper(0, 1)
                made.append(reached)
                self._model.add((levels[:, column] >= level).astype(float), 0, helpers={reached: -1.0})
        return made

    def _loosen_all(self) -> None:
        rows = self._model.rows
        self._model.rows = []
        for rule in self._asked.rules:
            if isinstance(rule, LargestShare) and len(self.chosen) > MANY_MEMBERS:
                amounts, _unit = self._builder.units(rule.of, whole=True)
                share = Fraction(rule.most)
                reach = LARGEST_TEAM * float(amounts.max()) * (share.numerator + share.denominator)
                self._slack(rule.id, True, reach)
        for row in rows:
            self._loosen(row)

    def _loosen(self, row: Row) -> None:
        """Lets a rule's row be missed where its switch is on."""
        self._model.rows.append(row)
        if not row.of or row.of in self._firm:
            return
        reach = LARGEST_TEAM * max(1.0, float(np.abs(row.candidates).max(initial=0.0)))
        for above, limit in ((False, row.low), (True, row.high)):
            if abs(limit) < INF:
                row.helpers[self._slack(row.of, above, reach + abs(limit))] = -1.0 if above else 1.0

    def _slack(self, name: str, above: bool, reach: float) -> int:
        if name not in self._columns:
            self._columns[name] = self._model.helper(0, 1, whole=True)
        if (name, above) not in self._slacks:
            slack = self._model.helper(0, reach, whole=True)
            self._slacks[name, above] = slack
            self._model.add(
                self._model.zeros(), high=0, helpers={slack: 1.0, self._columns[name]: -float(int(reach))}
            )
        return self._slacks[name, above]


def missed(problem: Problem, team: Sequence[Candidate], but: Sequence[str]) -> set[str]:
    """Rules that a team breaks, other than those named."""
    if f"lead:{problem.lead}" in but:
        problem = replace(problem, lead="", fixed=problem.pinned)
    return {each.rule for each in judge_people(problem, team) if not each.kept} - set(but)
