"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kontor.base.jobs.context import JobContext

Function = Callable[[JobContext], dict[str, Any] | None]


@dataclass(frozen=True)
class Handler:
    """`title` is the lazy text people read; `forget_payload` empties the payload once done (secrets in
    mails); `words` name, lazily translated, those figures of the result that people see.
    """

    kind: str
    function: Function
    title: object
    max_attempts: int
    forget_payload: bool
    words: Mapping[str, object]


_handlers: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    title: object = "",
    max_attempts: int = 3,
    forget_payload: bool = False,
    words: Mapping[str, object] | None = None,
) -> Callable[[Function], Function]:
    """Register the function that does jobs of `kind`. Import its module in the feature's AppConfig.ready."""

    def register(function: Function) -> Function:
        known = _handlers.get(kind)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise RuntimeError(f"two handlers for jobs of kind {kind}")
        _handlers[kind] = Handler(kind, function, title or kind, max_attempts, forget_payload, words or {})
        return function

    return register


_standing: list[Callable[[], object]] = []


def standing(plan: Callable[[], object]) -> Callable[[], object]:
    """Register work that comes back by itself: `plan()` queues its next run, and does nothing where that
    one is queued already. Called whenever a worker starts.
    """
    if plan not in _standing:
        _standing.append(plan)
    return plan


def plan_standing_work() -> None:
    for plan in _standing:
        plan()


def handler_of(kind: str) -> Handler:
    """The handler; KeyError names the kind that nothing registered."""
    return _handlers[kind]


def title_of(kind: str) -> str:
    """What people read for a kind; the kind itself where its feature is gone."""
    return str(_handlers[kind].title) if kind in _handlers else kind


def result_in_words(kind: str, result: Mapping[str, object]) -> list[tuple[str, object]]:
    """The figures of a result that its handler named, in the handler's order."""
    words = _handlers[kind].words if kind in _handlers else {}
    return [(str(words[name]), result[name]) for name in words if name in result]
