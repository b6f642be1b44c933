"""Tables as they come: with or without byte order mark, in UTF-8 or a Windows code page, with comma or
semicolon.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from kontor.engine.core.errors import InvalidInput

LARGEST = 512 * 1024 * 1024
LONGEST_FIELD = 4_000_000
ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = ",;\t|"

Row = dict[str, str]


def read_text(path: Path) -> str:
    """The whole file as text. Raises InvalidInput where it is missing, too large or no text."""
    if not path.is_file():
        raise InvalidInput(str(path), "There is no such file.", "Check the path.")
    if path.stat().st_size > LARGEST:
        raise InvalidInput(str(path), "The file is larger than 512 MB.", "Split it.")
    data = path.read_bytes()
    if b"\0" in data[:4096]:
        raise InvalidInput(str(path), "This is no text file.", "Save it as CSV or JSON in UTF-8.")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(str(path), "The characters cannot be read.", "Save it as UTF-8.")


def read_table(path: Path, required: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Rows with their number, 1 being the first after the header.

    Blanks around values and non-breaking spaces go.

    Raises InvalidInput where a required column is missing.
    """
    text = read_text(path)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text), restkey="", restval="")
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = header
    missing = [name for name in required if name not in header]
    if missing:
        known = ", ".join(header[:12])
        raise InvalidInput(f"{path.name}.{missing[0]}", "The column is missing.", f"The file has: {known}.")
    try:
        for number, row in enumerate(reader, start=1):
            yield number, {name: _clean(value) for name, value in row.items() if isinstance(value, str)}
    except csv.Error as error:
        raise InvalidInput(
            f"{path.name}.row {reader.line_num}", f"The row is broken: {error}.", "Mend the row."
        ) from error


def find_file(folder: Path, names: Sequence[str]) -> Path:
    """The first of these files in a folder."""
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InvalidInput(
        str(folder), f"None of {', '.join(names)} is there.", "Name the folder with the files."
    )


def _clean(value: str) -> str:
    return value.replace("\xa0", " ").strip()


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(DELIMITERS, key=header.count)
