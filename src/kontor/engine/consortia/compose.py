"""The best team, and the best under further conditions, on a core of candidates.

Method and proofs are in docs/engines/consortia.md: one linear relaxation bounds every candidate; a small
choice is solved exactly; whoever's bound lies below what was found can be in no better team.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kontor.engine.consortia.choose import TOLERANCE, Found, choose
from kontor.engine.consortia.dominance import undominated
from kontor.engine.consortia.grow import Answer, Grower
from kontor.engine.consortia.improve import Exchange
from kontor.engine.consortia.linear import Relaxed, relax
from kontor.engine.consortia.model import Candidate, LargestShare, Problem
from kontor.engine.consortia.rows import INF, Builder, Model, Row
from kontor.engine.consortia.rules import judge_people
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.shares import shared
from kontor.engine.consortia.tables import Flags, Floats, Rows, Tables
from kontor.engine.consortia.tree import Judge, Question
from kontor.engine.core.lots import lot
from kontor.engine.core.stop import Stop

FIRST_CORE = 100
WIDER = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """`rows` of the best team found (empty: none). `proven`: nothing better exists, or nothing at all."""

    rows: tuple[int, ...]
    objective: float
    bound: float
    proven: bool


class Composer:
    """Answers questions about one problem. `seed` draws lots between candidates whose bounds are equal."""

    def __init__(self, problem: Problem, seed: int, stop: Stop, *, first_core: int = FIRST_CORE) -> None:
        self.tables = Tables(problem)
        self.score = Score(self.tables)
        self._builder = Builder(self.tables)
        self._seed, self._stop = seed, stop
        self._first_core = first_core
        self.relaxed = self._relaxed()
        self.largest_core = 0
        self._lean = True
        self._synergy = any(pair.points > 0 for pair in self.tables.pairs)
        self._order = self._by_bound()
        self._grower = None if self._synergy else self._planted()

    def _relaxed(self) -> Relaxed:
        """Once without pairs; where some bring points, again with these shared out by the first bounds."""
        model = self._builder.relaxed()
        found = relax(model, self.tables.allowed, self.tables.pinned)
        self._first = np.zeros(0, dtype=np.intp)
        if any(pair.points > 0 for pair in self.tables.pairs) and self.tables.allowed.any():
            self._first = np.argsort(-found.upper, kind="stable")[: 2 * self._first_core]
            model.points = model.points + shared(self.tables, model, found.upper)
            found = relax(model, self.tables.allowed, self.tables.pinned)
        return found

    def best(self, *, without: Sequence[int] = (), apart: Sequence[Rows] = (), differ: int = 1) -> Outcome:
        """The best team without some, with at least `differ` members outside of each team of `apart`."""
        usable = self.tables.allowed.copy()
        usable[list(without)] = False
        if not usable.any() or not usable[self.tables.pinned].all():
            return Outcome((), -INF, -INF, True)
        best = Outcome((), -INF, self.relaxed.bound, False)
        answer = self._by_tree(without, apart, differ)
        if answer:
            best = Outcome(answer.team, answer.points, answer.bound, answer.proven)
            if not answer.given_up:
                return best
        order = self._order[usable[self._order]]
        core = np.union1d(order[: self._first_core], np.intersect1d(self._first, order))
        while True:
            core = self._ordered(np.concatenate([core, np.array(best.rows, dtype=np.intp)]))
            found = self._solve(core, order, apart, differ, best.objective)
            if found.rows and found.objective > best.objective:
                small = self._synergy and not apart and len(core) < len(order)
                best = self._exchanged(found, usable) if small else found
            if not found.proven:
                return Outcome(best.rows, best.objective, max(found.bound, best.objective), False)
            needed = order[self.relaxed.upper[order] >= best.objective - TOLERANCE]
            if not len(np.setdiff1d(needed, core)):
                return Outcome(best.rows, best.objective, best.objective, True)
            core = needed if len(needed) <= WIDER * len(core) else order[: WIDER * len(core)]

    def _planted(self) -> Grower | None:
        if not len(self._order):
            return None
        judge = Judge(self.tables.problem.largest, self.score.objective, self._cuts)
        return Grower(self._builder, self.relaxed, self._order, 2 * self._first_core, judge, self._stop)

    def _by_tree(self, without: Sequence[int], apart: Sequence[Rows], differ: int) -> Answer | None:
        """None where pairs bring points. A tree that grew too large is left to the cores from then on."""
        if self._grower is None:
            return None
        teams = tuple(tuple(team.tolist()) for team in apart)
        answer = self._grower.best(Question(frozenset(without), teams, differ))
        self.largest_core = max(self.largest_core, self._grower.opened)
        if answer.given_up:
            self._grower = None
        return answer

    def _exchanged(self, found: Outcome, usable: Flags) -> Outcome:
        """With pairs a small core misses much: exchanges over all candidates find some of it."""
        team = Exchange(self.tables, self.score, usable, self._stop, self._seed).better(found.rows)
        objective = self.score.objective(team)
        return Outcome(team, objective, max(found.bound, objective), found.proven)

    def people(self, rows: Sequence[int]) -> list[Candidate]:
        return [self.tables.problem.candidates[row] for row in rows]

    def _solve(self, core: Rows, order: Rows, apart: Sequence[Rows], differ: int, above: float) -> Outcome:
        """A core solved exactly: by a lean model, whose answer often is the answer, else by the full one."""
        taken = np.unique(np.concatenate([*apart])) if len(apart) else np.zeros(0, dtype=np.intp)
        kept = undominated(self.tables, core, taken)
        self.largest_core = max(self.largest_core, len(kept))
        beyond = float(self.relaxed.upper[np.setdiff1d(order, core)].max(initial=-INF))
        for lean in (True, False) if self._lean else (False,):
            model = self._builder.exact(kept, lean=lean)
            found = self._sound(model, apart, differ, above, beyond)
            if not lean or not found.rows or not found.proven or found.bound <= found.objective + TOLERANCE:
                return found
        self._lean = False
        return found

    def _sound(
        self, model: Model, apart: Sequence[Rows], differ: int, above: float, beyond: float
    ) -> Outcome:
        """Cuts are added until the team keeps every rule to the cent. `bound` may lie above a lean team."""
        extra = [_apart(model, team, differ) for team in apart]
        pinned = np.isin(model.chosen, self.tables.pinned)
        while True:
            found = choose(model, pinned, extra, self._stop, self._seed, above=above, presolve=self._synergy)
            if found.chosen is None:
                return Outcome((), -INF, self._above(found, beyond), found.proven)
            rows = model.chosen[found.chosen]
            cuts = self._cuts(model, rows)
            if cuts is None:
                break
            extra += cuts
        team = tuple(sorted(rows.tolist()))
        objective = self.score.objective(team)
        bound = found.bound if found.proven else self._above(found, beyond)
        return Outcome(team, objective, max(bound, objective), found.proven)

    def _above(self, found: Found, beyond: float) -> float:
        """What no team exceeds: neither inside the core nor outside of it."""
        return min(max(found.bound, beyond), self.relaxed.bound)

    def _cuts(self, model: Model, rows: Rows) -> list[Row] | None:
        """What a team that the solver took for sound breaks: single shares, or a cent below its tolerance."""
        problem = self.tables.problem
        broken = {each.rule for each in judge_people(problem, self.people(rows.tolist())) if not each.kept}
        if not broken:
            return None
        shares = [rule for rule in problem.rules if isinstance(rule, LargestShare) and rule.id in broken]
        if shares:
            return [self._builder.single_share(model, rule, self._largest(rule.of, rows)) for rule in shares]
        inside = np.isin(model.chosen, rows)
        return [Row(np.where(inside, 1.0, -1.0), {}, -INF, len(rows) - 1.0)]

    def _largest(self, of: str, rows: Rows) -> int:
        amounts, _unit = self._builder.units(of, whole=True)
        return int(rows[np.argmax(amounts[rows])])

    def _ordered(self, core: Rows) -> Rows:
        """With the fixed members, by bound, so that equal ones are met in the order of their lots."""
        inside = np.zeros(len(self.tables), dtype=np.bool_)
        inside[core] = inside[self.tables.pinned] = True
        ordered: Rows = self._order[inside[self._order]]
        return ordered

    def _by_bound(self) -> Rows:
        upper = self.relaxed.upper
        rows = np.flatnonzero(self.tables.allowed)
        order = rows[np.argsort(-upper[rows], kind="stable")]
        return _lots_drawn(order, upper, self.tables.keys, self._seed)


def _lots_drawn(order: Rows, upper: Floats, keys: Sequence[str], seed: int) -> Rows:
    """Runs of equal bounds put in the order of their lots."""
    made = order.tolist()
    if not made:
        return order
    bounds = upper[order]
    starts = np.flatnonzero(np.diff(bounds, prepend=np.nan))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(made)], strict=True):
        if end - start > 1:
            made[start:end] = sorted(made[start:end], key=lambda row: lot(seed, keys[row]))
    return np.array(made, dtype=np.intp)


def _apart(model: Model, team: Rows, differ: int) -> Row:
    outside: Flags = ~np.isin(model.chosen, team)
    return Row(outside.astype(float), {}, float(differ), INF)
