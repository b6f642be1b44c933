"""The chain's arithmetic: plain values, canonical JSON, and the hash of a row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from typing import Any

import orjson

from kontor.base.bulk import JsonText

START = "0" * 64
# Numbers that orjson and Python may write differently: with an exponent, or small enough for one.
_ODD_NUMBER = re.compile(rb"\de[+-]?\d|0\.0000")
# What `plain` would change, or may stand for it in a text: whole floats, NUL; and odd numbers.
# A whole float has no quotation mark after it, as the amount "12.00" has: that one is a text.
_NOT_PLAIN = re.compile(rb"\de[+-]?\d|\.0[,\]}]|0\.0000|\\u0000")
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


def canonical(value: Any) -> bytes:
    """What `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` gives, in UTF-8.

    The hashes of all logs written so far stand on these bytes, so whatever orjson writes in its own way
    (numbers with an exponent) or refuses (integers beyond 64 bits) is left to `json`.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return _by_json(value)
    return _by_json(value) if _ODD_NUMBER.search(text) else text


def _by_json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def changes_text(changes: dict[str, Any]) -> JsonText:
    """The changes of a row as the text that is hashed and stored, for very many rows written later.

    `changes` hold what JSON can hold, as they come from a file or a database; whatever `plain` would change
    has a sign in the text.
    """
    try:
        text = orjson.dumps(changes, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return JsonText(canonical(plain(changes)).decode())
    return JsonText((canonical(plain(changes)) if _NOT_PLAIN.search(text) else text).decode())


def digest(row: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the row's FIELDS, in hexadecimal. `changes` may be its text."""
    content = {field: row[field] for field in FIELDS}
    content["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    if not isinstance(content["changes"], JsonText):
        return hashlib.sha256(canonical(content)).hexdigest()
    # The text of the changes goes between the fields before and after it in the alphabet.
    first = {name: content[name] for name in ("actor_key", "actor_label", "at")}
    last = {name: content[name] for name in FIELDS if name not in first and name != "changes"}
    text = b'%b,"changes":%b,%b' % (canonical(first)[:-1], content["changes"].encode(), canonical(last)[1:])
    return hashlib.sha256(text).hexdigest()
