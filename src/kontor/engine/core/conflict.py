"""The rules that cannot be kept together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

P = TypeVar("P")


def smallest_conflict(places: Sequence[P], possible: Callable[[Sequence[P]], bool]) -> list[P]:
    """Places that cannot be kept together, though without any one of them they can.

    `possible` answers whether some places can be kept; all of `places` together cannot. Junker, QuickXplain,
    AAAI 2004: halves the list, so few of many are found in few trials.
    """

    def explain(background: list[P], changed: bool, rest: list[P]) -> list[P]:
        if changed and not possible(background):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        of_second = explain(background + first, bool(first), second)
        of_first = explain(background + of_second, bool(of_second), first)
        return of_first + of_second

    return explain([], False, list(places)) if places else []
