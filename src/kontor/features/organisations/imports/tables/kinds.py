"""What a file is, told from its first bytes, never from its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.model import Limits, refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes and what they betray.
_OTHERS: tuple[tuple[bytes, object], ...] = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"\x1f\x8b", _("a compressed file")),
    (b"7z\xbc\xaf", _("a compressed file")),
    (b"Rar!", _("a compressed file")),
    (b"{\\rtf", _("a text document")),
    (b"SQLite format 3", _("a database")),
)
_SAVE_AS = _("Open it in a spreadsheet program and save it as XLSX or CSV (UTF-8).")


def kind_of(path: Path, limits: Limits) -> Literal["csv", "xlsx"]:
    """Raises KontorError where it is neither, with what it is instead."""
    size = path.stat().st_size
    if size == 0:
        raise refusal("empty", _("The file is empty."), _("Choose the file that holds the organisations."))
    if size > limits.file_bytes:
        raise refusal(
            "too_large",
            _("The file has %(size)s MB; at most %(limit)s MB are read."),
            _("Split it into several files, or delete columns and pictures that are not needed."),
            size=size // 2**20,
            limit=limits.file_bytes // 2**20,
        )
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(_OLE):
        raise _ole(path)
    for mark, what in _OTHERS:
        if start.startswith(mark):
            raise _not_a_table(what)
    if start.lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise _not_a_table(_("a web page or XML file"))
    if start.startswith(b"PK"):
        _check_zip(path, limits)
        return "xlsx"
    return "csv"


def _not_a_table(what: object) -> Exception:
    return refusal("not_a_table", _("This is %(what)s, not a spreadsheet."), _SAVE_AS, what=what)


def _ole(path: Path) -> Exception:
    """Excel wraps a password-protected XLSX, and its format of before 2007, in the same container."""
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if mark in tail + chunk:
                return refusal(
                    "password",
                    _("The file is protected by a password."),
                    _("Save it without a password (File, Info, Protect workbook) and choose it again."),
                )
            tail = chunk[-64:]
    return refusal(
        "old_excel", _("This is a file of Excel 97 to 2003 (or another old Office format)."), _SAVE_AS
    )


def _check_zip(path: Path, limits: Limits) -> None:
    """Looks at the directory of the archive only; sizes declared there are checked again while reading."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise refusal(
            "damaged", _("The file is damaged: its end is missing."), _("Save or send it again.")
        ) from error
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("password", _("The file is protected by a password."), _("Save it without a password."))
    _refuse_bomb(parts, limits)
    if "xl/workbook.xml" not in names:
        raise _not_a_table(_other_zip(names))


def _other_zip(names: set[str]) -> object:
    if "xl/workbook.bin" in names:
        return _("a binary workbook (XLSB)")
    if "word/document.xml" in names:
        return _("a Word document")
    if "content.xml" in names:
        return _("an OpenDocument file")
    return _("a compressed file")


def _refuse_bomb(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(part.file_size for part in parts)
    grown = [
        p for p in parts if p.file_size > 10 * 2**20 and p.file_size > limits.ratio * max(p.compress_size, 1)
    ]
    if unpacked > limits.unpacked_bytes or len(parts) > limits.parts or grown:
        raise refusal(
            "zip_bomb",
            _("Unpacked, the file would grow to %(size)s MB in %(parts)s parts: more than a table needs."),
            _("Copy the cells with values into a new workbook and save that, or save as CSV (UTF-8)."),
            path=grown[0].filename if grown else "",
            size=unpacked // 2**20,
            parts=len(parts),
        )
