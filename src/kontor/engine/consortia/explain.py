"""What each member brings to a team, in sentences with the points behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kontor.engine.consortia.rules import judge_people
from kontor.engine.core.explanation import Reason, gettext_noop

if TYPE_CHECKING:
    from kontor.engine.consortia.compose import Composer

ALONE = gettext_noop("Alone brings %(competence)s (level %(have)s).")
BEST = gettext_noop("Is the best at %(competence)s (level %(have)s).")
SHARED = gettext_noop("Also brings %(competence)s (level %(have)s).")
RULE = gettext_noop("Without it a rule would be broken: %(rule)s.")
NEW_TIES = gettext_noop("New across the border: %(names)s.")
GOOD_PAIR = gettext_noop("Suits %(names)s.")
FITS = gettext_noop("Fits the idea (%(have)s).")
NOTHING = gettext_noop("Is in the team because it was fixed; without it nothing would be missing.")


class Brings:
    """Answers for the members of one team."""

    def __init__(self, composer: Composer, rows: Sequence[int]) -> None:
        self._composer, self._rows = composer, tuple(rows)
        self._problem = composer.tables.problem
        self._broken = self._broken_by(self._rows)
        self._objective = composer.score.objective(self._rows)

    def points(self, row: int) -> float:
        """What the objective loses when the member leaves and nobody comes."""
        return self._objective - self._composer.score.objective(self._others(row))

    def reasons(self, row: int) -> tuple[Reason, ...]:
        """Competences first, then rules that hang on it, ties, fit. Never empty."""
        candidate = self._problem.candidates[row]
        made = [*self._competences(row), *self._rules(row), *self._ties(row)]
        if candidate.affinity > 0:
            made.append(Reason("fits", FITS, {"have": percent(candidate.affinity)}))
        return tuple(made) or (Reason("nothing", NOTHING),)

    def _others(self, row: int) -> tuple[int, ...]:
        return tuple(each for each in self._rows if each != row)

    def _competences(self, row: int) -> list[Reason]:
        levels = self._composer.tables.levels
        others = levels[list(self._others(row))]
        made = []
        for column, competence in enumerate(self._problem.competences):
            have = int(levels[row, column])
            if have < competence.level:
                continue
            best = int(others[:, column].max(initial=0))
            code, template = (
                ("alone", ALONE)
                if best < competence.level
                else ("best", BEST)
                if have > best
                else ("shared", SHARED)
            )
            made.append(Reason(code, template, {"competence": competence.label, "have": have}))
        return sorted(made, key=lambda reason: ("alone", "best", "shared").index(reason.code))

    def _rules(self, row: int) -> list[Reason]:
        """Rules that would break if it left; competences are told already."""
        hanging = self._broken_by(self._others(row)) - self._broken
        texts = {rule.id: rule.text or rule.id for rule in self._problem.rules}
        return [
            Reason("rule", RULE, {"rule": texts[rule.id]})
            for rule in self._problem.rules
            if rule.id in hanging
        ]

    def _broken_by(self, rows: Sequence[int]) -> set[str]:
        verdicts = judge_people(self._problem, self._composer.people(rows))
        return {verdict.rule for verdict in verdicts if not verdict.kept}

    def _ties(self, row: int) -> list[Reason]:
        score = self._composer.score
        new = self._partners(row, score.new_ties(self._rows))
        suits = self._partners(row, [(p.i, p.j) for p in score.pairs(self._rows) if p.points > 0])
        made = [Reason("new_ties", NEW_TIES, {"names": new})] if new else []
        return made + ([Reason("pairs", GOOD_PAIR, {"names": suits})] if suits else [])

    def _partners(self, row: int, pairs: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        others = [j if i == row else i for i, j in pairs if row in (i, j)]
        return tuple(self._problem.candidates[each].label for each in others)


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"
