"""Inserts carried out beside the work: all there at the end, in order, or none and an error."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from kontor.base import beside
from kontor.base.bulk import insert_values, reserve_keys
from kontor.base.models import Text

pytestmark = pytest.mark.django_db(transaction=True)
# More than one statement of SQLite takes, and no power of two.
MANY = 2_345


def rows(count: int, *, first: int = 1, keys: list[int] | None = None) -> list[dict[str, object]]:
    values = [
        {
            "subject_kind": "thing",
            "subject_id": number,
            "field": "name",
            "language": "en",
            "text": f"é {number}",
        }
        for number in range(first, first + count)
    ]
    return [{"id": key, **row} for key, row in zip(keys, values, strict=True)] if keys else values


def insert_beside(values: list[dict[str, object]], then: type[BaseException] | None = None) -> None:
    with transaction.atomic(), beside.inserting():
        with beside.undisturbed():
            pass
        for each in values:
            insert_values(Text, [each])
        if then is not None:
            raise then


def stored() -> list[tuple[int, str]]:
    return list(Text.objects.order_by("subject_id").values_list("subject_id", "text"))


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("inserting")]


@pytest.mark.parametrize("count", [0, 1, 3, MANY])
def test_every_row_arrives_once(count: int) -> None:
    insert_values(Text, rows(count))
    alone = stored()
    assert alone == [(number, f"é {number}") for number in range(1, count + 1)]
    Text.objects.all().delete()
    with transaction.atomic(), beside.inserting():
        insert_values(Text, rows(count))
    assert stored() == alone
    assert threads() == []


def test_what_is_asked_after_settling_sees_all() -> None:
    with transaction.atomic(), beside.inserting():
        for batch in range(4):
            with beside.undisturbed():
                Text.objects.count()
            insert_values(Text, rows(50, first=1 + 50 * batch))
        beside.settle()
        assert Text.objects.count() == 200
    assert [number for number, _text in stored()] == list(range(1, 201))


def test_keys_are_given_away_once_while_inserts_wait() -> None:
    with transaction.atomic(), beside.inserting():
        with beside.undisturbed():
            pass
        first = reserve_keys(Text, 30)
        insert_values(Text, rows(30, keys=first))
        second = reserve_keys(Text, 30)
        insert_values(Text, rows(30, first=31, keys=second))
    assert len({*first, *second}) == 60
    assert list(Text.objects.order_by("subject_id").values_list("pk", flat=True)) == [*first, *second]
    (after,) = reserve_keys(Text, 1)
    assert after not in {*first, *second}


def test_a_row_that_may_not_stand_twice_takes_all_back() -> None:
    insert_values(Text, rows(1))
    with pytest.raises(IntegrityError):
        insert_beside([*rows(5, first=2), *rows(1)])
    assert stored() == [(1, "é 1")]
    assert threads() == []
    assert not connection.in_atomic_block


def test_whoever_is_interrupted_leaves_nothing_behind() -> None:
    with pytest.raises(KeyboardInterrupt):
        insert_beside(rows(MANY), then=KeyboardInterrupt)
    assert stored() == []
    assert threads() == []
    insert_values(Text, rows(2))
    assert len(stored()) == 2
