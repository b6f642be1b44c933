"""Reading the chain back: is every row as it was written, in its place, and is the end still there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kontor.base.audit.chain import FIELDS, START, digest
from kontor.base.models import AuditEvent, AuditHead


@dataclass(frozen=True)
class Verification:
    """`checked` rows were good; `first_bad_seq` is the row where the chain breaks, `problem` says how."""

    ok: bool
    checked: int
    first_bad_seq: int | None = None
    problem: str = ""
    head: str = START


def verify(expect: str = "") -> Verification:
    """Walk the whole chain. `expect` is a `seq:hash` noted earlier: it must still be part of the chain.

    The noted end is what reveals somebody who rewrote the whole table and its head: keep it somewhere else.
    """
    checked, previous = 0, START
    expected_seq, _, expected_hash = expect.partition(":")
    for row in AuditEvent.objects.order_by("seq").values(*FIELDS, "hash").iterator(chunk_size=5_000):
        problem = _problem(row, checked + 1, previous)
        if not problem and str(row["seq"]) == expected_seq and row["hash"] != expected_hash:
            problem = "the row differs from the noted hash"
        if problem:
            return Verification(False, checked, min(row["seq"], checked + 1), problem, previous)
        checked, previous = checked + 1, row["hash"]
    return _compare_end(checked, previous, int(expected_seq or 0))


def _problem(row: dict[str, Any], seq: int, previous: str) -> str:
    if row["seq"] != seq:
        return f"row {seq} is missing"
    if row["previous_hash"] != previous:
        return "the row does not follow the one before it: changed or re-ordered"
    if digest(row) != row["hash"]:
        return "the row's content does not match its hash: changed"
    return ""


def _compare_end(checked: int, last_hash: str, expected_seq: int) -> Verification:
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    end = max(head.seq, expected_seq)
    if end > checked:
        return Verification(
            False, checked, checked + 1, f"the end is cut off: rows up to {end} existed", last_hash
        )
    if head.seq != checked or head.hash != last_hash:
        return Verification(False, checked, head.seq + 1, "the chain goes on past its noted end", last_hash)
    return Verification(True, checked, head=last_hash)
