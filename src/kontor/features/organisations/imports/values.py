"""One cell turned into the value that is stored, or `Bad` with the code of what is wrong. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kontor import codes
from kontor.features.organisations import identity, names
from kontor.features.organisations.imports import words
from kontor.features.organisations.imports.catalogue import choices
from kontor.features.organisations.imports.tables import Cell

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?:[ T].*)?")
_YEAR_ONLY = re.compile(r"(?P<year>(?:19|20)\d\d)")
_MONTH = re.compile(r"(?P<month>\d{1,2})[./-](?P<year>(?:19|20)\d\d)")
_YEAR_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)[./-](?P<month>\d{1,2})")
_ABOUT = re.compile(
    r"(?:ca\.?|circa|etwa|rund|ungefähr|about|approx\.?|ongeveer|env(?:iron|\.)?|~|≈)\s*(?=\d)", re.IGNORECASE
)
_BETWEEN_EMAILS = re.compile(r"[\s;,/|]+")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T].*)?")
_NOT_LINE = re.compile(r"\s+")
EXCEL_EPOCH = dt.date(1899, 12, 30)
# Well-known codes of NACE Rev. 2.0 that many files still hold, and where their activity went.
_MOVED_NACE = {"62.01": "62.10", "62.02": "62.20", "62.03": "62.20", "62.09": "62.90", "63.11": "63.10"}


class Bad(Exception):
    """The value cannot be used: `code` is one of problems.MESSAGES."""

    def __init__(self, code: str, value: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.params = params


@dataclass(frozen=True, slots=True)
class Customs:
    """How this file writes what can be read in two ways. `decimal` is "," or "." or "" (not known)."""

    decimal: str = ""
    month_first: bool = False


def plain(cell: Cell) -> str:
    """The cell as text on one line, without the apostrophe that guards a formula; whole numbers without
    ".0".
    """
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return ""
        text = unguarded(text)
        return text if text.isalnum() else " ".join(_clean(text).split())
    return f"{int(cell)}" if cell.is_integer() else repr(cell)


def long_text(cell: Cell) -> str:
    """The cell as text that keeps its lines; line ends become "\\n"."""
    if not isinstance(cell, str):
        return plain(cell)
    return unguarded(_clean(cell).replace("\r\n", "\n").replace("\r", "\n").strip())


def _clean(text: str) -> str:
    if text.isprintable():
        return text
    if found := _CONTROL.search(text):
        raise Bad("control_characters", f"{ord(found.group()):04X}")
    return text


def guarded(text: str) -> str:
    """A text that a spreadsheet program would take for a formula gets an apostrophe in front (CSV
    injection).
    """
    return f"'{text}" if text.lstrip("'")[:1] in set("=+-@\t\r") and text.lstrip("'") else text


def unguarded(text: str) -> str:
    """Takes back what `guarded` did."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def fitting(text: str, limit: int) -> str:
    if limit and len(text) > limit:
        raise Bad("too_long", text, length=str(len(text)), limit=str(limit))
    return text


def number(cell: Cell, customs: Customs, *, negative: bool = False) -> Decimal:
    """Raises Bad where the text is no number, or could be two (1.234)."""
    value = Decimal(repr(cell)) if isinstance(cell, float) else _spelt_number(cell, customs)
    if value < 0 and not negative:
        raise Bad("number_negative", plain(cell))
    return value


def _spelt_number(text: str, customs: Customs) -> Decimal:
    bare = re.sub(r"[\s\u00a0\u202f'’]|€|EUR|eur", "", unguarded(text.strip()))
    marks = [c for c in bare if c in ".,"]
    if marks:
        bare = _with_point(bare, marks, customs, text)
    try:
        if not re.fullmatch(r"[+-]?\d+(\.\d*)?", bare):
            raise Bad("number_bad", text)
        return Decimal(bare)
    except InvalidOperation as error:
        raise Bad("number_bad", text) from error


def _with_point(bare: str, marks: list[str], customs: Customs, text: str) -> str:
    """The number with a decimal point and no mark between thousands."""
    last = marks[-1]
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise Bad("number_bad", text)
        other = "," if last == "." else "."
        return bare.replace(other, "").replace(last, ".")
    if len(marks) > 1:
        if re.fullmatch(rf"[+-]?\d{{1,3}}(\{last}\d{{3}})+", bare):
            return bare.replace(last, "")
        raise Bad("number_bad", text)
    if len(bare.partition(last)[2]) == 3 and not bare.lstrip("+-").startswith(("0", last)):
        if not customs.decimal:
            raise Bad("number_unsure", text)
        return bare.replace(last, "." if customs.decimal == last else "")
    return bare.replace(last, ".")


def figure(cell: Cell, customs: Customs, field: str) -> str:
    """Staff, turnover or balance with two decimals, as text ("12.50")."""
    value = number(cell, customs).quantize(Decimal("0.01"))
    if value >= Decimal(10) ** (8 if field == "staff" else 14):
        raise Bad("number_large", plain(cell))
    return str(value)


def coordinate(cell: Cell, field: str) -> float:
    try:
        value = float(
            number(cell, Customs(decimal=","), negative=True)
            if isinstance(cell, float)
            else plain(cell).replace(",", ".")
        )
    except (ValueError, Bad) as error:
        raise Bad("coordinate_bad", plain(cell)) from error
    if not abs(value) <= (90 if field == "latitude" else 180):
        raise Bad("coordinate_bad", plain(cell))
    return value


def without_about(cell: Cell) -> tuple[Cell, bool]:
    """The number of "ca. 20", and whether something was taken off."""
    if not isinstance(cell, str):
        return cell, False
    bare = _ABOUT.sub("", cell.strip(), count=1) if _ABOUT.match(cell.strip()) else cell
    return bare, bare != cell


def date(cell: Cell, customs: Customs, *, last: bool = False) -> tuple[dt.date, str]:
    """The day, and the code of a remark: "date_serial" for a spreadsheet's number, "date_unsure" for
    3/4/2026, "date_part" for a month or a year. Of those the first day counts, with `last` the last one.
    """
    text = plain(cell)
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and 20_000 <= float(text) <= 80_000:
        return EXCEL_EPOCH + dt.timedelta(days=int(float(text))), "date_serial"
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3])), ""
        if match := _DAY_FIRST.fullmatch(text):
            return _day_and_month(int(match[1]), int(match[3]), int(match[4]), match[2], customs)
        for form in (_YEAR_ONLY, _MONTH, _YEAR_MONTH):
            if match := form.fullmatch(text):
                return _edge(match.groupdict(), last), "date_part"
    except ValueError as error:
        raise Bad("date_bad", text) from error
    raise Bad("date_bad", text)


def _day_and_month(first: int, second: int, year: int, mark: str, customs: Customs) -> tuple[dt.date, str]:
    if (mark == "/" and second > 12) or (customs.month_first and mark == "/" and first <= 12):
        return dt.date(year, first, second), ""
    unsure = mark == "/" and first <= 12 and second <= 12 and first != second
    return dt.date(year, second, first), "date_unsure" if unsure else ""


def _edge(found: dict[str, str], last: bool) -> dt.date:
    """The first or last day of a year, or of a month of it."""
    whole = int(found["year"])
    month = int(found.get("month") or (12 if last else 1))
    first = dt.date(whole, month, 1)
    if not last:
        return first
    following = dt.date(whole + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def year(cell: Cell) -> str:
    text = plain(cell)
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise Bad("year_bad", text)
    return text


def trl(cell: Cell) -> int:
    text = re.sub(r"^trl\s*", "", plain(cell), flags=re.IGNORECASE)
    if not re.fullmatch(r"[1-9]", text):
        raise Bad("trl_bad", plain(cell))
    return int(text)


def emails(cell: Cell) -> list[str]:
    """Every address of the cell. Raises Bad where one of them is none."""
    found = [part for part in _BETWEEN_EMAILS.split(plain(cell)) if part]
    return [email(part) for part in found] if len(found) > 1 else [email(cell)]


def email(cell: Cell) -> str:
    text = plain(cell).removeprefix("mailto:")
    if not _EMAIL.fullmatch(text) or ".." in text:
        raise Bad("email_bad", text)
    return text


def website(cell: Cell) -> str:
    text = plain(cell)
    try:
        return names.website(text)
    except ValueError as error:
        raise Bad("website_bad", text) from error


def pic(cell: Cell) -> str | None:
    try:
        return identity.pic_number(plain(cell))
    except identity.IdentityProblem as error:
        raise Bad("pic_bad", plain(cell)) from error


@lru_cache(maxsize=512)
def country(text: str) -> str:
    code = words.country(text)
    if code is None:
        raise Bad("country_unknown", text)
    return code


@lru_cache(maxsize=512)
def language(text: str) -> str:
    code = words.language(text)
    if code is None:
        raise Bad("language_unknown", text)
    return code


@lru_cache(maxsize=512)
def choice(field: str, text: str) -> str:
    word = words.choice(field, text)
    if word is None:
        raise Bad("choice_unknown", text, choices=", ".join(choices(field)))
    return word


@lru_cache(maxsize=4096)
def code(scheme: str, text: str) -> str:
    """The code as its list writes it. NACE codes are told apart: unknown, or gone since Rev. 2.0."""
    bare = text.split(" ")[0].rstrip(":") if scheme in {"nace", "cpv"} else text
    found = codes.scheme(scheme).canonical(bare)
    if found is not None:
        return found
    if scheme == "nace":
        raise _bad_nace(text, bare)
    if scheme in {"ket", "theme"} and (labelled := _labelled(scheme).get(text.casefold())):
        return labelled
    raise Bad("code_unknown", text, scheme=scheme.upper())


def _bad_nace(text: str, bare: str) -> Bad:
    tidy = re.sub(r"^[A-V](?=\d)|[.\s]", "", bare.upper())
    if not re.fullmatch(r"\d{3,4}", tidy):
        return Bad("nace_unknown", text)
    nace = codes.scheme("nace")
    written = f"{tidy[:2]}.{tidy[2:]}"
    if written in _MOVED_NACE:
        return Bad("nace_old", text, near=_MOVED_NACE[written])
    if not nace.valid(tidy[:2]):
        return Bad("nace_unknown", text)
    parent = written[:4] if nace.valid(written[:4]) and len(written) > 4 else tidy[:2]
    near = [c for c in nace.codes() if c.startswith(parent) and len(c) == len(written)][:4]
    return Bad("nace_old", text, near=", ".join(near) or parent)


@lru_cache(maxsize=8)
def _labelled(scheme: str) -> dict[str, str]:
    """Codes of the short lists by their labels in every language."""
    listed = codes.scheme(scheme)
    return {
        listed.label(known, language).text.casefold(): known
        for language in ("en", "de", "nl", "fr")
        for known in listed.codes()
    }


def items(cell: Cell) -> list[str]:
    """The parts of a list in one cell, each once: parted by ; or lines, else by | or commas. Quotes protect
    a part.
    """
    text = long_text(cell)
    if not text:
        return []
    mark = next((mark for mark in (";", "\n", "|") if mark in text), ",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    parts = (" ".join(part.split()) for row in rows for part in row)
    return list(dict.fromkeys(part for part in parts if part))


def joined(parts: list[str]) -> str:
    """`parts` as one cell that `items` reads back: "solar; heat pumps"."""
    return "; ".join(_quoted(part, single=len(parts) == 1) for part in parts)


def _quoted(part: str, *, single: bool) -> str:
    doubtful = any(mark in part for mark in '";\n') or (single and any(mark in part for mark in ",|"))
    return '"' + part.replace('"', '""') + '"' if doubtful else part
