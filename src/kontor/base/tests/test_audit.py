"""The audit chain: complete, ordered, unchangeable, and found out when it was changed after all."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st
from tests.own_site import OwnSite

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef, chain, guard
from kontor.base.models import AppendOnly, AuditEvent, AuditHead

ME = Actor.system("test")


def write(count: int = 5, verb: str = "change") -> None:
    with transaction.atomic():
        for number in range(count):
            audit.record(
                actor=ME, verb=verb, subject=SubjectRef("thing", f"k{number}", "Thing"), changes={"n": [0, 1]}
            )


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_rows_count_without_gaps_and_chain_is_good() -> None:
    write(5)
    assert list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    result = audit.verify()
    assert (result.ok, result.checked, result.first_bad_seq) == (True, 5, None)


@pytest.mark.django_db
def test_empty_chain_is_good() -> None:
    assert audit.verify().ok


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(actor=ME, verb="x", subject=SubjectRef("thing", "k"), changes={})
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_leaves_no_row_and_no_gap() -> None:
    write(2)
    with transaction.atomic():
        audit.record(actor=ME, verb="x", subject=SubjectRef("thing", "k"), changes={})
        transaction.set_rollback(True)
    write(1)
    assert audit.verify().checked == 3


@pytest.mark.django_db
def test_values_survive_the_database_whatever_they_are() -> None:
    changes = {
        "date": [None, dt.date(2027, 3, 3)],
        "money": [Decimal("1.10"), Decimal("1.1000")],
        "floats": [1.0, 1e16, -0.0, 1e-7, float("nan"), 0.1 + 0.2],
        "text": ["a\x00b", "\ud800", "žčšßøÆ 😀"],
        "lazy": [_("change")],
        "set": {"b", "a"},
        "nested": {"deep": [{"x": (1, 2)}]},
        7: True,
    }
    with transaction.atomic():
        audit.record(
            actor=ME,
            verb="change",
            subject=SubjectRef("thing", "k", "L\x00"),
            changes=changes,
            reason="r\x00",
        )
    assert audit.verify().ok
    assert AuditEvent.objects.get().changes["set"] == ["a", "b"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampering", "first_bad"),
    [
        ("UPDATE base_auditevent SET actor_label = 'somebody else' WHERE seq = 3", 3),
        ("UPDATE base_auditevent SET changes = '{\"n\": [0, 2]}' WHERE seq = 2", 2),
        ("UPDATE base_auditevent SET reason = 'because' WHERE seq = 5", 5),
        ("DELETE FROM base_auditevent WHERE seq = 1", 1),
        ("DELETE FROM base_auditevent WHERE seq = 3", 3),
        ("DELETE FROM base_auditevent WHERE seq >= 4", 4),
        ("DELETE FROM base_auditevent", 1),
    ],
)
def test_tampering_is_found_and_the_first_bad_row_named(tampering: str, first_bad: int) -> None:
    write(5)
    with guard.disarmed(connection):
        sql(tampering)
    result = audit.verify()
    assert (result.ok, result.first_bad_seq) == (False, first_bad)
    assert result.problem


@pytest.mark.django_db
def test_reordered_rows_are_found() -> None:
    write(5)
    with guard.disarmed(connection):
        sql("UPDATE base_auditevent SET seq = 99 WHERE seq = 2")
        sql("UPDATE base_auditevent SET seq = 2 WHERE seq = 3")
        sql("UPDATE base_auditevent SET seq = 3 WHERE seq = 99")
    assert audit.verify().first_bad_seq == 2


@pytest.mark.django_db
def test_cut_tail_is_found_even_when_the_head_was_moved_back() -> None:
    write(5)
    noted = f"5:{audit.verify().head}"
    fourth = AuditEvent.objects.get(seq=4)
    with guard.disarmed(connection):
        sql("DELETE FROM base_auditevent WHERE seq = 5")
    AuditHead.objects.update(seq=4, hash=fourth.hash)
    assert audit.verify().ok  # nothing inside the database can know
    assert audit.verify(expect=noted).first_bad_seq == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE base_auditevent SET verb = 'x'", "DELETE FROM base_auditevent WHERE seq = 1"]
)
def test_the_database_refuses_changes(statement: str) -> None:
    write(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)
    assert audit.verify().checked == 2


@pytest.mark.django_db
def test_the_model_refuses_changes() -> None:
    write(1)
    event = AuditEvent.objects.get()
    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        AuditEvent.objects.update(verb="x")


@pytest.mark.django_db
def test_many_rows_form_one_chain() -> None:
    items = ((SubjectRef("thing", str(number)), {"n": [None, number]}) for number in range(4_500))
    with transaction.atomic():
        assert audit.record_many(actor=ME, verb="import", items=items) == 4_500
    write(1)
    assert audit.verify().checked == 4_501


def by_json(value: object) -> bytes:
    """How the first release wrote what it hashed: every log since stands on it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_keeps_every_byte(value: object) -> None:
    assert chain.canonical(value) == by_json(value)


@pytest.mark.parametrize(
    "number",
    [1e16, 1e22, 1e-4, 1e-5, 0.00012, 9.9e-5, 5e-324, 1.7e308, -1e-7, 2**63, -(2**70), 0.1 + 0.2, -0.0, 53.0],
)
def test_numbers_that_programs_write_differently_keep_every_byte(number: float) -> None:
    assert chain.canonical({"n": [None, number]}) == by_json({"n": [None, number]})


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), json_values, max_size=4))
def test_changes_made_ready_are_those_that_would_be_written(changes: dict[str, object]) -> None:
    assert chain.changes_text(changes).encode() == by_json(chain.plain(changes))


@pytest.mark.django_db
def test_changes_made_ready_give_the_hash_that_plain_ones_give() -> None:
    changes = {"latitude": [None, 53.0], "name": [None, "Wärme\x00 “x” 1e5"], "a": [0.000012, 10**30]}
    row = {
        "seq": 7, "at": dt.datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=dt.UTC), "actor_key": "ä",
        "actor_label": "A", "verb": "v", "subject_kind": "k", "subject_key": "s", "subject_label": "“L”",
        "reason": "r", "previous_hash": chain.START,
    }  # fmt: skip
    ready = chain.changes_text(changes)
    assert chain.digest({**row, "changes": ready}) == chain.digest({**row, "changes": chain.plain(changes)})
    about = SubjectRef("thing", "1", "Thing")
    with transaction.atomic():
        audit.record_many(actor=Actor.system("test"), verb="made", items=[(about, ready), (about, changes)])
    first, second = AuditEvent.objects.order_by("seq")
    assert first.changes == second.changes == chain.plain(changes)
    assert audit.verify().ok


def test_changed_fields_names_only_what_differs() -> None:
    before, after = {"a": 1, "b": 2, "gone": 3}, {"a": 1, "b": 5, "new": 6}
    assert audit.changed_fields(before, after) == {"b": [2, 5], "gone": [3, None], "new": [None, 6]}


WRITER = """
from kontor.base.command import site
site()
from django.db import transaction
from kontor.base import audit
from kontor.base.actor import Actor
for number in range(25):
    with transaction.atomic():
        about = audit.SubjectRef("k", str(number))
        audit.record(actor=Actor.system("t"), verb="v", subject=about, changes={})
"""


@pytest.mark.slow
def test_processes_writing_at_the_same_time_keep_the_chain_whole(own_site: OwnSite) -> None:
    writers = [own_site.start(WRITER) for _number in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    done = own_site.kontor("audit", "verify", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["checked"] == own_site.audit_rows()


# other tests may have written row 7: it says what stood there
_REWRITE = """
from kontor.base.command import site; site()
from django.db import connection
from kontor.base.audit import guard
with guard.disarmed(connection), connection.cursor() as cursor:
    cursor.execute("SELECT verb FROM base_auditevent WHERE seq = 7")
    print(cursor.fetchone()[0])
    cursor.execute("UPDATE base_auditevent SET verb = '{verb}' WHERE seq = 7")
"""


@pytest.mark.slow
def test_command_names_the_first_bad_row(own_site: OwnSite) -> None:
    own_site.start(WRITER).wait(timeout=60)
    verb = own_site.python(_REWRITE.format(verb="forged")).strip()
    done = own_site.kontor("audit", "verify")
    assert done.returncode == 1
    assert done.stderr.startswith("Row 7: the row's content does not match its hash")
    own_site.python(_REWRITE.format(verb=verb))
    assert own_site.kontor("audit", "verify").returncode == 0
