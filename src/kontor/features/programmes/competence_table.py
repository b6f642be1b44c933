"""The competence matrix as a table of lines, out and in again.

Columns: organisation (key), name, country, competence (key), text, level, evidence, revision. Name, country
and text are for people and not read. `revision` says what the line was made from: a cell that somebody
changed since is refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from kontor.features.programmes.actions.products import Refused, TableLine
from kontor.features.programmes.matrix import Matrix
from kontor.features.programmes.templatetags.programme_words import said

HEAD = ("organisation", "name", "country", "competence", "text", "level", "evidence", "revision")
NEEDED = ("organisation", "competence", "level")


def table_of(matrix: Matrix) -> Iterator[list[str | float]]:
    """Header and one line per member and competence shown; cells without a statement have no level."""
    yield list(HEAD)
    for member in matrix.members:
        one = member.organisation
        for cell in member.cells:
            row = cell.row
            yield [
                one.key, one.name, one.country, cell.column.key, said(cell.column.text),
                row.level if row else "", row.evidence if row else "", row.revision if row else "",
            ]  # fmt: skip


def read_table(content: bytes) -> list[TableLine]:
    """Lines with a level, from CSV in UTF-8 with semicolons, commas or tabs. Refused with every fault."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused([(1, _("The file is not written in UTF-8. Save it as CSV UTF-8."))]) from None
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        said_missing = _("The columns {names} are missing.").format(names=", ".join(missing))
        raise Refused([(1, said_missing)])
    lines, faults = [], []
    for number, row in enumerate(reader, 2):
        if not (row["level"] or "").strip():
            continue
        try:
            lines.append(_line(number, row))
        except ValueError:
            faults.append((number, _("Level and revision are whole numbers, the level 0 to 3.")))
    if faults:
        raise Refused(faults)
    return lines


def _line(number: int, row: dict[str, str | None]) -> TableLine:
    revision = (row.get("revision") or "").strip()
    evidence = (row.get("evidence") or "").strip()
    return TableLine(
        number,
        (row["organisation"] or "").strip(),
        (row["competence"] or "").strip(),
        int(row["level"] or ""),
        evidence[1:] if evidence[:2] in ("'=", "'+", "'-", "'@") else evidence,
        int(revision) if revision else None,
    )
