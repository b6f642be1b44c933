"""Learned weights: they find what decides, never turn a part around, and hold back where they do harm."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.bias import group_shares
from kontor.engine.matching.learn import Example, Fitted, fit_weights
from kontor.engine.matching.model import Weights

PARTS = ("fit", "projects", "novelty")


def examples(count: int = 60, deciding: int = 1, sign: float = 1.0) -> list[Example]:
    """Questions with thirty candidates, of whom the two highest in one column are the partners."""
    drawn = np.random.default_rng(7)
    made = []
    for _ in range(count):
        values = drawn.random((30, len(PARTS)))
        noisy = sign * values[:, deciding] + 0.1 * drawn.random(30)
        made.append(Example(values, noisy >= np.sort(noisy)[-2]))
    return made


def row(fitted: Fitted, part: str) -> float:
    return next(each.weight for each in fitted.rows if each.part == part)


def test_the_part_that_decides_gets_the_weight() -> None:
    fitted = fit_weights(PARTS, examples())
    assert row(fitted, "projects") > 5 * max(row(fitted, "fit"), row(fitted, "novelty"))
    assert fitted.holds
    assert fitted.learned_hits > fitted.usual_hits


def test_a_part_that_speaks_against_partners_is_switched_off_not_turned_around() -> None:
    fitted = fit_weights(PARTS, examples(deciding=2, sign=-1))
    assert row(fitted, "novelty") == 0
    assert all(each.weight >= 0 for each in fitted.rows)


def test_the_same_examples_and_seed_give_the_same_table() -> None:
    assert fit_weights(PARTS, examples(), seed=3) == fit_weights(PARTS, examples(), seed=3)


def test_a_stronger_ridge_draws_the_weights_together() -> None:
    loose, tight = (fit_weights(PARTS, examples(), ridge=ridge) for ridge in (0.1, 1000))
    assert row(tight, "projects") < row(loose, "projects")


def test_weights_that_do_worse_on_unseen_questions_are_not_used() -> None:
    fitted = fit_weights(PARTS, examples())
    assert fitted.weights.projects > fitted.weights.fit
    assert fitted.weights.border == 0
    assert replace(fitted, gain=(-0.01, -0.05, 0.03)).weights == Weights()


def test_the_record_can_be_read_back_and_other_versions_are_refused() -> None:
    fitted = fit_weights(PARTS, examples())
    written = json.loads(json.dumps(fitted.as_json()))
    assert Fitted.from_json(written) == fitted
    with pytest.raises(InvalidInput, match="another version"):
        Fitted.from_json(written | {"format": 99})


def test_the_table_names_every_part_in_words() -> None:
    table = fit_weights(PARTS, examples(deciding=2, sign=-1)).table()
    assert all(f"| {part} |" in table for part in PARTS)
    assert "no say" in table


def test_too_few_questions_teach_nothing() -> None:
    with pytest.raises(InvalidInput, match="Only 5 questions"):
        fit_weights(PARTS, examples(count=5))


def test_shares_tell_whom_a_ranking_favours() -> None:
    groups = {"a": "DE", "b": "DE", "c": "NL", "d": "NL"}
    german, dutch = group_shares(groups, [["a", "b"], ["c"]], [["a", "b"], ["a", "x"]])
    assert (german.group, german.candidates, german.suggested) == ("DE", 0.5, 1)
    assert german.tilt == pytest.approx(1.5)
    assert dutch.tilt == 0
