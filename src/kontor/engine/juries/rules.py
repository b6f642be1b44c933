"""Rules of an assignment: one function each, one list. All are hard; none is ever relaxed silently.

A rule answers in which places it is broken by a list of pairs. The solver does not use these functions: they
check it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.juries.model import Named, Pair, Problem

Pairs = Sequence[Pair]
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`places`: whom it binds in a problem, with the values of its sentence; `broken`: where pairs break it.

    `change`: what loosening it in one place means, as a sentence with the same values.
    """

    name: str
    template: str
    change: str
    places: Callable[[Problem], Iterator[tuple[Subject, dict[str, object]]]]
    broken: Callable[[Problem, Pairs], Iterator[Subject]]
    level: str = "hard"
    weight: float = 1.0

    def reason(self, values: dict[str, object]) -> Reason:
        return Reason(f"jury.{self.name}", self.template, values)

    def remedy(self, values: dict[str, object]) -> Reason:
        return Reason(f"jury.change.{self.name}", self.change, values)


def reviews_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.applications:
        yield (each.key,), {"application": each.key, "count": each.reviews}


def reviews_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    held = Counter(pair.application for pair in pairs)
    yield from ((a.key,) for a in problem.applications if held[a.key] < a.reviews)


def most_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.applications:
        yield (each.key,), {"application": each.key, "count": each.most}


def most_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    held = Counter(pair.application for pair in pairs)
    yield from ((a.key,) for a in problem.applications if held[a.key] > a.most)


def load_max_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.experts:
        yield (each.key,), {"expert": each.key, "count": each.load_max}


def load_max_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    held = Counter(pair.expert for pair in pairs)
    yield from ((e.key,) for e in problem.experts if held[e.key] > e.load_max)


def load_min_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.experts:
        if each.load_min and each.available:
            yield (each.key,), {"expert": each.key, "count": each.load_min}


def load_min_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    held = Counter(pair.expert for pair in pairs)
    yield from ((e.key,) for e in problem.experts if e.available and held[e.key] < e.load_min)


def availability_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.experts:
        if not each.available:
            yield (each.key,), {"expert": each.key}


def availability_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    busy = {pair.expert for pair in pairs}
    yield from ((e.key,) for e in problem.experts if not e.available and e.key in busy)


def language_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.applications:
        if each.language:
            able = sum(each.language in expert.languages for expert in problem.experts)
            yield (each.key,), {"application": each.key, "language": each.language, "count": able}


def language_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    reads = {expert.key: set(expert.languages) for expert in problem.experts}
    asked = {each.key: each.language for each in problem.applications}
    wrong = {
        p.application for p in pairs if asked[p.application] and asked[p.application] not in reads[p.expert]
    }
    yield from ((key,) for key in sorted(wrong))


def conflict_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.conflicts:
        if not each.waived_by:
            values = {"expert": each.expert, "application": each.application, "reason": each.reason}
            yield (each.expert, each.application), dict(values)


def conflict_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    chosen = {(pair.expert, pair.application) for pair in pairs}
    hit = ((c.expert, c.application) for c in problem.conflicts if not c.waived_by)
    yield from (subject for subject in hit if subject in chosen)


def field_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for each in problem.applications:
        for name in each.fields:
            able = sum(name in expert.fields for expert in problem.experts)
            yield (each.key, name), {"application": each.key, "field": name, "count": able}


def field_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    knows = {expert.key: set(expert.fields) for expert in problem.experts}
    for each in problem.applications:
        held = {name for pair in pairs if pair.application == each.key for name in knows[pair.expert]}
        yield from ((each.key, name) for name in each.fields if name not in held)


def fixed_places(problem: Problem) -> Iterator[tuple[Subject, dict[str, object]]]:
    for pair in problem.fixed:
        yield (pair.expert, pair.application), {"expert": pair.expert, "application": pair.application}


def fixed_broken(problem: Problem, pairs: Pairs) -> Iterator[Subject]:
    chosen = set(pairs)
    yield from ((p.expert, p.application) for p in problem.fixed if p not in chosen)


RULES = (
    Rule(
        "reviews",
        gettext_noop("Reviews of %(application)s: at least %(count)s."),
        gettext_noop("%(application)s makes do with fewer reviews."),
        reviews_places,
        reviews_broken,
    ),
    Rule(
        "reviews_max",
        gettext_noop("Reviews of %(application)s: at most %(count)s."),
        gettext_noop("%(application)s gets more reviews."),
        most_places,
        most_broken,
    ),
    Rule(
        "load_max",
        gettext_noop("Applications of %(expert)s: at most %(count)s."),
        gettext_noop("%(expert)s takes more applications."),
        load_max_places,
        load_max_broken,
    ),
    Rule(
        "load_min",
        gettext_noop("Applications of %(expert)s: at least %(count)s."),
        gettext_noop("%(expert)s gets fewer applications."),
        load_min_places,
        load_min_broken,
    ),
    Rule(
        "availability",
        gettext_noop("%(expert)s is not available."),
        gettext_noop("%(expert)s becomes available."),
        availability_places,
        availability_broken,
    ),
    Rule(
        "language",
        gettext_noop("Whoever assesses %(application)s has to read “%(language)s” (who do: %(count)s)."),
        gettext_noop("Somebody who does not read “%(language)s” assesses %(application)s."),
        language_places,
        language_broken,
    ),
    Rule(
        "conflict",
        gettext_noop("%(expert)s must not assess %(application)s: %(reason)s."),
        gettext_noop("The conflict of %(expert)s with %(application)s is waived (%(reason)s)."),
        conflict_places,
        conflict_broken,
    ),
    Rule(
        "field",
        gettext_noop("%(application)s needs an expert of “%(field)s” (there are: %(count)s)."),
        gettext_noop("%(application)s does without an expert of “%(field)s”."),
        field_places,
        field_broken,
    ),
    Rule(
        "fixed",
        gettext_noop("%(expert)s is fixed for %(application)s."),
        gettext_noop("%(expert)s is no longer fixed for %(application)s."),
        fixed_places,
        fixed_broken,
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}


def broken_rules(problem: Problem, pairs: Pairs) -> list[Named]:
    """Every place in which these pairs break a rule."""
    found = []
    for rule in RULES:
        places = dict(rule.places(problem))
        found += [Named(rule.name, at, rule.reason(places[at])) for at in rule.broken(problem, pairs)]
    return found
