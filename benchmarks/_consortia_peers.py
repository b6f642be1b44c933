"""The consortium problem handed over whole, as one would write it down without further thought."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import highspy
import numpy as np
from ortools.sat.python import cp_model

from benchmarks.consortia_data import SME
from kontor.engine.consortia.model import Problem, Total, all_hold

FINE = 10**6


@dataclass
class Program:
    """Columns 0 or 1 unless `high` says more; rows as pairs of column and factor, all whole numbers."""

    points: list[float] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: list[tuple[list[tuple[int, int]], float, float]] = field(default_factory=list)

    def column(self, points: float = 0.0, high: int = 1) -> int:
        self.points.append(points)
        self.high.append(high)
        return len(self.points) - 1

    def add(self, row: list[tuple[int, int]], low: float = -math.inf, high: float = math.inf) -> None:
        self.rows.append((row, low, high))


@dataclass(frozen=True)
class Answer:
    status: str
    objective: float
    bound: float
    seconds: float
    processor: float


def plain(problem: Problem) -> Program:
    """The default problem of `consortia_data`, pairs with affinity included."""
    weights, people = problem.weights, problem.candidates
    program = Program()
    allowed = ["in-difficulty" not in each.tags for each in people]
    columns = [
        program.column(
            weights.affinity * each.affinity + weights.capacity * each.capacity - weights.partners, int(may)
        )
        for each, may in zip(people, allowed, strict=True)
    ]
    everybody = [(column, 1) for column in columns]
    program.add(everybody, 3, 10)
    _competences(program, problem, columns)
    _rules(program, problem, columns)
    _new_ties(program, problem, columns)
    row = {each.key: column for each, column in zip(people, columns, strict=True)}
    for tie in problem.ties:
        if tie.affinity > 0:
            both = program.column(weights.pairs * tie.affinity)
            program.add([(row[tie.a], 1), (both, -1)], 0)
            program.add([(row[tie.b], 1), (both, -1)], 0)
    return program


def _competences(program: Program, problem: Problem, columns: list[int]) -> None:
    weights = problem.weights
    for competence in problem.competences:
        for level in range(competence.level, 4):
            have = [
                (column, 1)
                for each, column in zip(problem.candidates, columns, strict=True)
                if each.competences.get(competence.key, 0) >= level
            ]
            if level == competence.level and competence.required:
                program.add(have, 1)
                continue
            points = weights.coverage if level == competence.level else weights.level
            reached = program.column(points * competence.weight)
            program.add([*have, (reached, -1)], 0)


def _rules(program: Program, problem: Problem, columns: list[int]) -> None:
    people = list(zip(problem.candidates, columns, strict=True))
    small = [(each, column) for each, column in people if all_hold(SME, each)]
    for side in ("DE", "NL"):
        program.add([(column, 1) for each, column in small if each.country == side], 1)
    program.add([(column, 1) for each, column in small if "was-lead" not in each.tags], 1)
    seen = []
    for country in sorted({each.country for each in problem.candidates}):
        present = program.column()
        seen.append((present, 1))
        here = [(column, 1) for each, column in people if each.country == country]
        program.add([*here, (present, -1)], 0)
    program.add(seen, 3)
    costs = [(column, int(each.amounts["cost"]) // 1000) for each, column in people]
    ceiling = next(rule for rule in problem.rules if isinstance(rule, Total)).most or 0
    total = program.column(high=int(ceiling) // 1000)
    program.add([*costs, (total, -1)], 0, 0)
    for column, cost in costs:
        program.add([(column, 5 * cost), (total, -2)], high=0)


def _new_ties(program: Program, problem: Problem, columns: list[int]) -> None:
    """Twice the pairs across the border: n² less the countries' squares."""
    weights = problem.weights
    sizes = [(program.column(), size) for size in range(11)]
    program.add([(column, 1) for column, _size in sizes], 1, 1)
    program.add([*((c, 1) for c in columns), *((c, -size) for c, size in sizes)], 0, 0)
    ties = program.column(weights.new_ties, weights.new_ties_most)
    across = [(ties, -2), *((column, size * size) for column, size in sizes)]
    for country in sorted({each.country for each in problem.candidates}):
        steps = [program.column() for _ in range(10)]
        here = [
            (c, 1) for each, c in zip(problem.candidates, columns, strict=True) if each.country == country
        ]
        program.add([*here, *((step, -1) for step in steps)], 0, 0)
        across += [(step, -(2 * number + 1)) for number, step in enumerate(steps)]
    program.add(across, 0)


def cp_sat(program: Program, seconds: float, level: int | None = None) -> Answer:
    """On two workers, with its own settings unless a level of linearisation is given."""
    started, processor = time.perf_counter(), time.process_time()
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, high, "") for high in program.high]
    for row, low, high in program.rows:
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c, _f in row], [f for _c, f in row])
        if low > -math.inf:
            model.add(total >= int(low))
        if high < math.inf:
            model.add(total <= int(high))
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, [round(p * FINE) for p in program.points]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if level is not None:
        solver.parameters.linearization_level = level
    status = solver.solve(model)
    return Answer(
        solver.status_name(status).lower(),
        solver.objective_value / FINE,
        solver.best_objective_bound / FINE,
        time.perf_counter() - started,
        time.process_time() - processor,
    )


def highs(program: Program, seconds: float) -> Answer:
    started, processor = time.perf_counter(), time.process_time()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.points), len(program.rows)
    model.col_cost_ = -np.array(program.points)
    model.col_lower_ = np.zeros(len(program.points))
    model.col_upper_ = np.array(program.high, dtype=float)
    model.row_lower_ = np.array([low for _row, low, _high in program.rows])
    model.row_upper_ = np.array([high for _row, _low, high in program.rows])
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(program.points)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _l, _h in program.rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([c for row, _l, _h in program.rows for c, _f in row], dtype=np.int32)
    model.a_matrix_.value_ = np.array([f for row, _l, _h in program.rows for _c, f in row], dtype=float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model)
    solver.run()
    info = solver.getInfo()
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Answer(
        "optimal" if done else "unfinished",
        -info.objective_function_value,
        -info.mip_dual_bound,
        time.perf_counter() - started,
        time.process_time() - processor,
    )
