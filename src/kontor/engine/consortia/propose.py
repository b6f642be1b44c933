"""Why a candidate is proposed for a gap, and what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

from kontor.engine.consortia.explain import FITS, GOOD_PAIR, NEW_TIES, percent
from kontor.engine.consortia.score import Score
from kontor.engine.consortia.tables import Tables
from kontor.engine.core.explanation import Reason, gettext_noop

HAS = gettext_noop("Has %(competence)s at level %(have)s.")
HELPS = gettext_noop("Helps with: %(rule)s.")
BREAKS = gettext_noop("Would break: %(rule)s.")
WORKED = gettext_noop("Has worked with %(names)s.")
CLOSEST = gettext_noop("Is the closest there is; little is known of it.")


def reasons_for(
    tables: Tables, score: Score, rows: Sequence[int], row: int, closes: Sequence[str], breaks: Sequence[str]
) -> tuple[Reason, ...]:
    """Competences that close gaps, rules, ties to the team, fit, and what it would break. Never empty."""
    made = [
        *_closing(tables, row, closes),
        *_ties(tables, score, rows, row),
        *(Reason("breaks", BREAKS, {"rule": _text(tables, name)}) for name in breaks),
    ]
    return tuple(made) or (Reason("closest", CLOSEST),)


def _closing(tables: Tables, row: int, closes: Sequence[str]) -> list[Reason]:
    made = []
    for name in closes:
        kind, _, key = name.partition(":")
        if kind == "competence" and key:
            column, competence = next(
                (n, each) for n, each in enumerate(tables.problem.competences) if each.key == key
            )
            level = int(tables.levels[row, column])
            made.append(Reason("has", HAS, {"competence": competence.label, "have": level}))
        else:
            made.append(Reason("helps", HELPS, {"rule": _text(tables, name)}))
    return made


def _ties(tables: Tables, score: Score, rows: Sequence[int], row: int) -> list[Reason]:
    people = tables.problem.candidates
    inside = set(rows)
    worked = {
        *(tie.b for tie in tables.problem.ties if tie.cooperated and tie.a == people[row].key),
        *(tie.a for tie in tables.problem.ties if tie.cooperated and tie.b == people[row].key),
    }
    made = []
    known = tuple(people[each].label for each in rows if people[each].key in worked)
    if known:
        made.append(Reason("worked", WORKED, {"names": known}))
    team = sorted({*inside, row})
    new = _others(score.new_ties(team), row)
    if new:
        names = tuple(people[each].label for each in new)
        made.append(Reason("new_ties", NEW_TIES, {"names": names}))
    suits = _others([(pair.i, pair.j) for pair in score.pairs(team) if pair.points > 0], row)
    if suits:
        made.append(Reason("pairs", GOOD_PAIR, {"names": tuple(people[each].label for each in suits)}))
    if people[row].affinity > 0:
        made.append(Reason("fits", FITS, {"have": percent(people[row].affinity)}))
    return made


def _others(pairs: Sequence[tuple[int, int]], row: int) -> list[int]:
    return [j if i == row else i for i, j in pairs if row in (i, j)]


def _text(tables: Tables, name: str) -> str:
    rule = next((rule for rule in tables.problem.rules if rule.id == name), None)
    return name if rule is None else rule.text or rule.id
