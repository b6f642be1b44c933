"""The chain's arithmetic: plain values, canonical JSON, and the hash of a row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from typing import Any

START = "0" * 64
FIELDS = (
    "seq", "at", "actor_key", "actor_label", "verb", "subject_kind", "subject_key", "subject_label",
    "changes", "reason", "previous_hash",
)  # fmt: skip


def plain(value: Any) -> Any:
    """`value` as JSON that PostgreSQL and SQLite give back unchanged, whatever a caller put in.

    Dates, decimals and lazy texts become strings; NUL and lone surrogates, which PostgreSQL refuses, become
    U+FFFD;
    floats that a database would return as integers become integers.
    """
    kind = type(value)
    if kind is str:
        return value if value.isascii() and "\x00" not in value else clean(value)
    if value is None or kind is int or kind is bool:
        return value
    if kind is list:
        return [plain(item) for item in value]
    if kind is dict:
        return {clean(str(key)): plain(item) for key, item in value.items()}
    return _rarer(value)


def _rarer(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _plain_float(value)
    if isinstance(value, dict):
        return {clean(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return clean(str(value))


def _plain_float(value: float) -> Any:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() else value


def clean(text: str) -> str:
    """`text` without what a database refuses to store."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def digest(row: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the row's FIELDS, in hexadecimal."""
    content = {field: row[field] for field in FIELDS}
    content["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
