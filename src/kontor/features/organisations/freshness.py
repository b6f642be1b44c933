"""How fresh a statement is. Pure: today is passed in.

`freshness` falls by half every `HALF_LIFE_DAYS` since the last confirmation: 1.0 on the day, 0.5 after half a
year, 0.25 after a year. A statement older than `STALE_DAYS` is called stale: its owner is asked to confirm
it, and ranking uses the same figure, so what a person sees is what the matchmaker counts.
"""

from __future__ import annotations

import datetime as dt

HALF_LIFE_DAYS = 180
STALE_DAYS = 180


def freshness(confirmed_at: dt.datetime | dt.date, today: dt.date) -> float:
    """Between 0 and 1; a confirmation dated in the future counts as today's."""
    return float(0.5 ** (days_since(confirmed_at, today) / HALF_LIFE_DAYS))


def days_since(confirmed_at: dt.datetime | dt.date, today: dt.date) -> int:
    """Whole days, never negative."""
    day = confirmed_at.date() if isinstance(confirmed_at, dt.datetime) else confirmed_at
    return max((today - day).days, 0)


def is_stale(confirmed_at: dt.datetime | dt.date, today: dt.date) -> bool:
    return days_since(confirmed_at, today) >= STALE_DAYS
