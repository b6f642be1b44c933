"""Warming up never stops the server."""

from __future__ import annotations

import pytest

from kontor.base import warmup


@pytest.fixture(autouse=True)
def no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "_steps", [])


def test_each_step_runs_once() -> None:
    ran: list[str] = []

    def step() -> None:
        ran.append("step")

    warmup.register(step)
    warmup.register(step)
    warmup.start().join()
    assert ran == ["step"]


def test_a_step_that_fails_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def step() -> None:
        raise RuntimeError("no model here")

    warmup.register(step)
    warmup.start().join()
    assert "no model here" in caplog.text
