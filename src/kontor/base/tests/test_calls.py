"""API calls are counted for all processes of a site together; on SQLite beside the database."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from kontor.base.calls import count_call


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_are_each_counted() -> None:
    """Each thread has a connection of its own, as each process has."""

    def calls(_thread: int) -> list[int]:
        try:
            return [count_call("ada at the same time", 7) for _call in range(20)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        found = [number for numbers in pool.map(calls, range(3)) for number in numbers]
    assert sorted(found) == list(range(1, 61))


@pytest.mark.django_db
def test_a_new_minute_begins_at_one_and_others_are_forgotten_after_an_hour() -> None:
    assert [count_call("ada", 59), count_call("ada", 59), count_call("ben", 59)] == [1, 2, 1]
    assert count_call("ada", 120) == 1
    assert [count_call("ada", 120), count_call("ben", 59)] == [2, 1]


@pytest.mark.django_db
def test_who_calls_is_not_stored(settings: Any) -> None:
    count_call("192.0.2.77", 61)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT caller FROM api_calls WHERE minute = 61")
            stored = cursor.fetchall()
    else:
        stored = sqlite3.connect(settings.CALLS_FILE).execute("SELECT caller FROM api_calls").fetchall()
    assert [(len(name), "192" in name) for (name,) in stored] == [(32, False)]


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="there the counts are in the database")
def test_a_broken_file_of_counts_refuses_nobody_and_is_made_anew(settings: Any) -> None:
    Path(settings.CALLS_FILE).write_bytes(b"This is no database, but long enough to look like one." * 40)
    assert [count_call("ada", 61), count_call("ada", 61), count_call("ada", 61)] == [0, 1, 2]
