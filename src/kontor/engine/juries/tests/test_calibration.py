"""Severity of jurors: against the textbook equations, and what it does to a ranking."""

from __future__ import annotations

import numpy as np
import pytest

from kontor.engine.core.errors import InvalidInput
from kontor.engine.juries.calibration import Rating, calibrate


def panel(seed: int, applications: int = 40, jurors: int = 8, spread: float = 8.0) -> list[Rating]:
    rng = np.random.default_rng(seed)
    quality, severity = rng.normal(70, 6, applications), rng.normal(0, spread, jurors)
    return [
        Rating(f"j{j}", f"a{a}", float(quality[a] + severity[j] + rng.normal(0, 3)))
        for a in range(applications)
        for j in rng.choice(jurors, 3, replace=False)
    ]


def dense(ratings: list[Rating], between: float, noise: float) -> tuple[float, dict[str, float]]:
    """Minus twice the restricted log-likelihood and the predictions by generalised least squares."""
    jurors = sorted({r.juror for r in ratings})
    applications = sorted({r.application for r in ratings})
    x = np.array([[r.application == a for a in applications] for r in ratings], float)
    z = np.array([[r.juror == j for j in jurors] for r in ratings], float)
    y = np.array([r.score for r in ratings])
    v = noise**2 * np.eye(len(y)) + between**2 * z @ z.T
    inverse = np.linalg.inv(v)
    info = x.T @ inverse @ x
    residual = y - x @ np.linalg.solve(info, x.T @ inverse @ y)
    loss = np.linalg.slogdet(v)[1] + np.linalg.slogdet(info)[1] + residual @ inverse @ residual
    effects = between**2 * z.T @ inverse @ residual
    return float(loss), dict(zip(jurors, effects, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_variances_and_effects_equal_the_textbook(seed: int) -> None:
    ratings = panel(seed)
    found = calibrate(ratings)
    loss, effects = dense(ratings, found.between, found.noise)
    for factor in (0.97, 1.03):
        assert loss < dense(ratings, found.between * factor, found.noise)[0]
        assert loss < dense(ratings, found.between, found.noise * factor)[0]
    assert {each.juror: each.effect for each in found.jurors} == pytest.approx(effects, abs=1e-6)


def test_a_severe_juror_no_longer_decides_the_ranking() -> None:
    """Two equal applications in truth; only one met the severe juror."""
    lenient = [Rating(j, f"x{n}", 70 + n) for n in range(8) for j in ("kind", "fair")]
    severe = [Rating("severe", f"x{n}", 58 + n + n % 2) for n in range(8)]
    split = [
        Rating("kind", "p", 75),
        Rating("fair", "p", 75),
        Rating("kind", "q", 75),
        Rating("severe", "q", 64),
    ]
    found = calibrate([*lenient, *severe, *split])
    standing = {each.application: each for each in found.applications}
    assert standing["p"].raw == 75
    assert standing["q"].raw == 69.5
    assert abs(standing["q"].adjusted - standing["p"].adjusted) < 1
    assert {"q"} <= {each.application for each in found.moved}


def test_few_assessments_change_nothing() -> None:
    ratings = panel(1)
    few = [*ratings, Rating("new", "a0", 20.0)]
    severity = {each.juror: each for each in calibrate(few).jurors}
    assert (severity["new"].count, severity["new"].used) == (1, False)
    assert severity["new"].effect != 0
    mean = np.mean(
        [r.score - severity[r.juror].effect for r in few if r.application == "a0" and r.juror != "new"]
        + [20.0]
    )
    assert {s.application: s for s in calibrate(few).applications}["a0"].adjusted == pytest.approx(mean)


def test_shrinkage_grows_as_the_sample_shrinks() -> None:
    found = calibrate(panel(2), minimum=1)
    assert all(abs(each.effect) < abs(each.raw_gap) + 3 for each in found.jurors)
    assert all(0 < each.error < found.between for each in found.jurors)


def test_jurors_who_agree_are_left_alone() -> None:
    ratings = [Rating(f"j{j}", f"a{a}", 50.0 + a) for a in range(6) for j in range(3)]
    found = calibrate(ratings)
    assert found.between == 0
    assert [each.effect for each in found.jurors] == [0, 0, 0]
    assert found.moved == ()


def test_alone_on_every_application_nothing_can_be_known() -> None:
    found = calibrate([Rating(f"j{a % 2}", f"a{a}", 10.0 * a) for a in range(12)])
    assert [(each.effect, each.used) for each in found.jurors] == [(0, False), (0, False)]


@pytest.mark.parametrize(
    ("ratings", "path"),
    [
        ([Rating("j", "a", float("nan"))], "ratings[0].score"),
        ([Rating("j", "a", 1), Rating("j", "a", 2)], "ratings[1]"),
    ],
)
def test_bad_input(ratings: list[Rating], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        calibrate(ratings)
    assert refused.value.path == path
