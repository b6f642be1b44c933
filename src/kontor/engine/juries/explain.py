"""Why this expert and not that one."""

from __future__ import annotations

from collections import Counter

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.juries.arrays import units_of
from kontor.engine.juries.model import SCALE, Pair, Params, Problem, Result
from kontor.engine.juries.rules import BY_NAME

FULL = gettext_noop(
    "%(expert)s would suit %(application)s with %(fit)s, but is full (applications: %(count)s)."
)
BALANCE = gettext_noop(
    "%(expert)s would suit %(application)s with %(fit)s; another choice serves the whole better."
)
LESS = gettext_noop("%(expert)s suits %(application)s with %(fit)s, less than everybody assigned.")
IN = gettext_noop("%(expert)s assesses %(application)s (%(fit)s).")


def why_not(problem: Problem, result: Result, pair: Pair, params: Params | None = None) -> Reason:
    """Why an expert does not assess an application: a rule by name, a full load, or a better choice."""
    forbidden = _forbidden(problem, pair)
    if forbidden is not None:
        return forbidden
    params = params or Params()
    at = problem.application_at[pair.application], problem.expert_at[pair.expert]
    fit = int(units_of(problem, params)[at]) / SCALE
    values = {"expert": pair.expert, "application": pair.application, "fit": f"{fit:.2f}"}
    chosen = [each for each in result.assigned if each.application == pair.application]
    if any(each.expert == pair.expert for each in chosen):
        return Reason("jury.in", IN, values)
    if fit < min((each.fit for each in chosen), default=0):
        return Reason("jury.less", LESS, values)
    load = Counter(each.expert for each in result.assigned)[pair.expert]
    if load >= problem.experts[at[1]].load_max:
        return Reason("jury.full", FULL, {**values, "count": load})
    return Reason("jury.balance", BALANCE, values)


def _forbidden(problem: Problem, pair: Pair) -> Reason | None:
    application = problem.applications[problem.application_at[pair.application]]
    expert = problem.experts[problem.expert_at[pair.expert]]
    broken: list[tuple[str, tuple[str, ...]]] = []
    if not expert.available:
        broken.append(("availability", (expert.key,)))
    if application.language and application.language not in expert.languages:
        broken.append(("language", (application.key,)))
    broken.append(("conflict", (expert.key, application.key)))
    for rule, subject in broken:
        values = dict(BY_NAME[rule].places(problem)).get(subject)
        if values is not None:
            return BY_NAME[rule].reason(values)
    return None


def passed_over(problem: Problem, result: Result, params: Params | None = None) -> dict[str, Reason]:
    """For each application that missed its best expert: who that is, and why."""
    units = units_of(problem, params or Params())
    chosen: dict[str, set[str]] = {each.key: set() for each in problem.applications}
    for each in result.assigned:
        chosen[each.application].add(each.expert)
    found = {}
    for a, application in enumerate(problem.applications):
        best = min(range(len(problem.experts)), key=lambda e: (-units[a, e], problem.experts[e].key))
        if problem.experts[best].key not in chosen[application.key]:
            pair = Pair(problem.experts[best].key, application.key)
            found[application.key] = why_not(problem, result, pair, params)
    return found
