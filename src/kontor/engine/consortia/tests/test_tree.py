"""The search tree against looking at every team: small layers and choices, questions in a row, giving up."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia import grow, tree
from kontor.engine.consortia.compose import Composer, Outcome
from kontor.engine.consortia.model import Candidate, Competence, Problem, TeamSize, Weights
from kontor.engine.consortia.tests.brute import problems, sound_teams
from kontor.engine.core.stop import NoLimit

CLOSE = 2e-5
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


Team = frozenset[str]


def questions(problem: Problem) -> Iterator[tuple[Outcome, Team, dict[Team, float]]]:
    """Answers with their members and with the worth of every team that each could have been: three teams,
    each two members apart from those before, then the best without each member of the first.
    """
    composer = Composer(problem, 0, NoLimit(), first_core=1)
    sound = {frozenset(keys): worth for keys, worth in sound_teams(problem).items()}
    keys = composer.tables.keys
    earlier: list[tuple[Outcome, Team]] = []
    while len(earlier) < 3 and all(team for _found, team in earlier):
        rows = [np.array(found.rows, dtype=np.intp) for found, _team in earlier]
        found = composer.best(apart=rows, differ=2)
        team = frozenset(keys[row] for row in found.rows)
        yield (
            found,
            team,
            {each: sound[each] for each in sound if all(len(each - t) >= 2 for _f, t in earlier)},
        )
        earlier.append((found, team))
    for row in earlier[0][0].rows:
        if keys[row] not in problem.pinned:
            found = composer.best(without=(row,))
            team = frozenset(keys[row] for row in found.rows)
            yield found, team, {each: sound[each] for each in sound if keys[row] not in each}


@pytest.mark.parametrize("choice", [1, grow.CHOICE], ids=["choices-that-must-grow", "layers-of-two"])
@SLOW
@given(problem=problems())
def test_questions_one_after_the_other_have_the_best_answers(
    monkeypatch: pytest.MonkeyPatch, choice: int, problem: Problem
) -> None:
    monkeypatch.setattr(grow, "CHOICE", choice)
    for found, team, possible in questions(problem):
        assert found.proven
        assert found.objective == pytest.approx(max(possible.values(), default=-np.inf), abs=CLOSE)
        assert team in possible or not (team or possible)


def test_a_tree_given_up_leaves_the_question_to_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(3)
    problem = Problem(
        candidates=tuple(
            Candidate(
                f"c{number}",
                country=draw.choice(("DE", "NL", "FR")),
                competences={f"k{skill}": draw.randint(1, 3) for skill in draw.sample(range(6), 2)},
                affinity=draw.randint(0, 10) / 10,
            )
            for number in range(14)
        ),
        competences=tuple(Competence(f"k{number}", required=False) for number in range(6)),
        rules=(TeamSize(id="size", least=2, most=4),),
        weights=Weights(),
    )
    best = max(sound_teams(problem).values())
    assert Composer(problem, 0, NoLimit()).best().objective == pytest.approx(best, abs=CLOSE)
    monkeypatch.setattr(tree, "NODES", -1)
    found = Composer(problem, 0, NoLimit()).best()
    assert (found.proven, found.objective) == (True, pytest.approx(best, abs=CLOSE))
