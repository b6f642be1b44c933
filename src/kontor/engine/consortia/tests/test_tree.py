"""The search tree against looking at every team: small layers and choices, questions in a row, giving up."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kontor.engine.consortia import grow, tree
from kontor.engine.consortia.compose import Composer
from kontor.engine.consortia.model import Candidate, Competence, Problem, TeamSize, Weights
from kontor.engine.consortia.tests.brute import problems, sound_teams
from kontor.engine.core.stop import NoLimit

CLOSE = 2e-5
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first choice holds two candidates, so that it must grow."""
    monkeypatch.setattr(grow, "CHOICE", 1)


def questions(problem: Problem, composer: Composer) -> None:
    """Three teams, each two members apart from those before, then the best without each of the first."""
    sound = {frozenset(keys): value for keys, value in sound_teams(problem).items()}
    keys = composer.tables.keys
    earlier: list[Sequence[int]] = []
    for _number in range(3):
        chosen = [frozenset(keys[row] for row in team) for team in earlier]
        left = {team: worth for team, worth in sound.items() if all(len(team - each) >= 2 for each in chosen)}
        found = composer.best(apart=[np.array(each, dtype=np.intp) for each in earlier], differ=2)
        assert found.proven
        assert found.objective == pytest.approx(max(left.values(), default=-np.inf), abs=CLOSE)
        if not found.rows:
            break
        assert frozenset(keys[row] for row in found.rows) in left
        earlier.append(found.rows)
    for row in earlier[0] if earlier else ():
        if keys[row] not in problem.pinned:
            others = [worth for team, worth in sound.items() if keys[row] not in team]
            found = composer.best(without=(row,))
            assert found.proven
            assert found.objective == pytest.approx(max(others, default=-np.inf), abs=CLOSE)


@SLOW
@given(problems())
@pytest.mark.usefixtures("narrow")
def test_questions_one_after_the_other_have_the_best_answers(problem: Problem) -> None:
    questions(problem, Composer(problem, 0, NoLimit(), first_core=1))


@SLOW
@given(problems())
def test_layers_of_two_hide_no_team(problem: Problem) -> None:
    questions(problem, Composer(problem, 0, NoLimit(), first_core=1))


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
