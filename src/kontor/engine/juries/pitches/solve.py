"""The running order: all rules kept, jurors sent out and called in as seldom as can be; proven by CP-SAT."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from kontor.engine.core.conflict import smallest_conflict
from kontor.engine.core.errors import OutOfTime
from kontor.engine.core.lots import lot
from kontor.engine.core.result import Status
from kontor.engine.core.stop import NoLimit, Stop
from kontor.engine.juries.pitches.model import Order, PitchDay, Placed
from kontor.engine.juries.pitches.rules import BY_NAME, RULES, hears, pairs_too_close

NOLIMIT = NoLimit()
PlaceOf = tuple[str, tuple[str, ...]]


def order(day: PitchDay, *, stop: Stop = NOLIMIT, seed: int = 0) -> Order:
    """An order that keeps every rule with the fewest comings and goings of jurors in conflict.

    Infeasible with the rules that cannot be kept together. Raises OutOfTime when the time was over before
    anything was found.
    """
    places = [(rule.name, subject) for rule in RULES for subject, _ in rule.places(day)]
    draft = _Draft(day, frozenset(places), seed)
    draft.fewest_changes()
    status = draft.run(stop)
    if status == cp_model.INFEASIBLE:

        def possible(kept: Sequence[PlaceOf]) -> bool:
            return bool(_Draft(day, frozenset(kept), seed).run(stop) != cp_model.INFEASIBLE)

        blocked = smallest_conflict(places, possible)
        return Order(Status.INFEASIBLE, blocked=tuple(BY_NAME[rule].named(day, at) for rule, at in blocked))
    if status == cp_model.UNKNOWN:
        raise OutOfTime
    changes, bound = draft.solver.objective_value, draft.solver.best_objective_bound
    proven = Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE
    return Order(proven, draft.placed(), round(changes), math.ceil(bound - 1e-6))


class _Draft:
    """`at[p][s]`: pitch p has slot s. Only the rules in `kept` are stated."""

    def __init__(self, day: PitchDay, kept: frozenset[PlaceOf], seed: int) -> None:
        self.day, self.kept, self.seed = day, kept, seed
        self.slots = day.frame.slots()
        self.model, self.solver = cp_model.CpModel(), cp_model.CpSolver()
        self.pitches = sorted(day.pitches, key=lambda each: lot(seed, each.key))
        self.at: dict[tuple[str, int], Any] = {
            (pitch.key, s): self.model.new_bool_var("")
            for pitch in self.pitches
            for s in range(len(self.slots))
        }
        for s in range(len(self.slots)):
            self.model.add_at_most_one(self.at[pitch.key, s] for pitch in self.pitches)
        for pitch in self.pitches:
            row = [self.at[pitch.key, s] for s in range(len(self.slots))]
            self.model.add_at_most_one(row)
            if ("placed", (pitch.key,)) in kept:
                self.model.add_bool_or(row)
        self._windows()
        self._gaps()

    def _windows(self) -> None:
        """Slots that a rule forbids a pitch."""
        day = self.day
        for rule in ("travel", "promised", "quorum", "hearing"):
            for pitch in self.pitches:
                for s, time in enumerate(self.slots):
                    if any((rule, at) in self.kept for at in BY_NAME[rule].broken(day, {pitch.key: time})):
                        self.model.add(self.at[pitch.key, s] == 0)

    def _gaps(self) -> None:
        for gap in self.day.gaps:
            if ("gap", (gap.first, gap.second)) in self.kept:
                for one, two in pairs_too_close(self.day, gap.first, gap.second):
                    for a, b in ((one, two), (two, one)):
                        self.model.add_at_most_one(self.at[gap.first, a], self.at[gap.second, b])

    def fewest_changes(self) -> None:
        """A juror goes out when the next pitch is one of theirs and comes in after it."""
        moves = []
        for juror in self.day.jurors:
            if not juror.conflicts:
                continue
            out = [sum(self.at[key, s] for key in juror.conflicts) for s in range(len(self.slots))]
            for before, after in zip([0, *out], [*out, 0], strict=True):
                move = self.model.new_bool_var("")
                self.model.add(move >= after - before)
                self.model.add(move >= before - after)
                moves.append(move)
        self.model.minimize(sum(moves))

    def run(self, stop: Stop) -> Any:
        left = stop.left()
        if left <= 0:
            raise OutOfTime
        parameters = self.solver.parameters
        parameters.num_workers, parameters.random_seed = 1, self.seed % (1 << 31)
        if math.isfinite(left):
            parameters.max_time_in_seconds = left
        return self.solver.solve(self.model)

    def placed(self) -> tuple[Placed, ...]:
        found = []
        for s, time in enumerate(self.slots):
            for pitch in self.pitches:
                if self.solver.boolean_value(self.at[pitch.key, s]):
                    present = tuple(j.key for j in self.day.jurors if hears(j, pitch.key, time))
                    out = tuple(j.key for j in self.day.jurors if pitch.key in j.conflicts)
                    found.append(Placed(pitch.key, *time, present, out))
        return tuple(found)
