"""The whole dossier as one ZIP file: page, PDF and Word file, annexes, receipts, history, an index."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kontor.base.attachments import place_of
from kontor.base.components.dates import moment_text
from kontor.base.models import Attachment
from kontor.base.pdf import pdf_of
from kontor.base.spreadsheets import harmless
from kontor.base.templatetags.kontor import amount
from kontor.features.calls.dossier.paper import word_of
from kontor.features.calls.dossier.whole import Whole, as_of_text
from kontor.features.calls.snapshot import canonical
from kontor.programmes.word.model import Box, Shape

TEMPLATE: Final = Path(__file__).parent / "application.typ"
#: Beyond this the archive lies on disk while it is made.
_IN_MEMORY: Final = 8 * 1024 * 1024
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive: what it is, how large, and its SHA-256."""

    path: str
    about: str
    size: int
    sha256: str


def archive_of(whole: Whole) -> IO[bytes]:
    """The archive, to be read from its beginning. A file whose bytes are gone is named in the index, not left
    out silently.
    """
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # the answer closes it
    with translation.override(whole.language), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = [*_papers(archive, whole), *_annexes(archive, whole), *_receipts(archive, whole)]
        entries += [*_scans(archive, whole), _history(archive, whole)]
        page = _page(whole, entries)
        entries.append(_put(archive, "index.html", _("This dossier to read and print"), page.encode()))
        archive.writestr("index.json", json.dumps(_index(whole, entries), ensure_ascii=False, indent=1))
    out.seek(0)
    return out


def pdf_of_application(whole: Whole) -> bytes:
    """The form with its answers on paper."""
    application = whole.application
    with translation.override(whole.language):
        facts = [
            [_("Application"), application.number],
            [_("Call"), str(application.call)],
            [_("Led by"), application.lead.name],
            [_("As of"), f"{moment_text(whole.content.as_of)}, {as_of_text(whole)}"],
        ]
        words = {
            "partners": _("Partners"),
            "partner": _("Partner"),
            "role": _("Role"),
            "cost": _("Cost"),
            "grant": _("Grant"),
            "empty": _("Not answered"),
        }
    values = {
        "facts": facts,
        "partners": [
            [f"{one.name} ({one.country})", one.role, amount(one.cost), amount(one.grant)]
            for one in whole.partners
        ],
        "sections": [
            {"title": each.title, "boxes": [_printed(box) for shown in each.fields for box in shown.boxes]}
            for each in whole.sections
        ],
    }
    return pdf_of(
        TEMPLATE,
        values,
        title=application.title or application.number,
        language=whole.language,
        words=words,
        site=settings.SITE_NAME,
        footer=application.number,
        at=(whole.content.as_of or timezone.now()).replace(microsecond=0),
    )


def _printed(box: Box) -> dict[str, Any]:
    lines = list(box.chosen) if box.shape is Shape.PICK else []
    return {
        "title": box.name,
        "text": box.text,
        "lines": lines,
        "columns": [list(head) for head in box.heads],
        "rows": [[cell for _label, cell, _figure in row] for row in box.labelled],
    }


def _papers(archive: zipfile.ZipFile, whole: Whole) -> Iterator[Entry]:
    yield _put(
        archive, "application.pdf", _("The form with its answers, to print"), pdf_of_application(whole)
    )
    if whole.content.live:
        word = word_of(whole.application, whole.language)
        yield _put(archive, "application.docx", _("The form with its answers, to write in"), word)
        answers = json.dumps(whole.content.answers, ensure_ascii=False, indent=1, sort_keys=True)
        yield _put(archive, "answers.json", _("The answers for programs"), answers.encode())


def _annexes(archive: zipfile.ZipFile, whole: Whole) -> Iterator[Entry]:
    """Under the field that they answer; two of one name are told apart by a number."""
    rows = {row.key: row for row in whole.files}
    taken: set[str] = set()
    for section in whole.sections:
        for shown in section.fields:
            for file in (shown.value or []) if shown.field.kind == "file" else []:
                row = rows.get(file["key"])
                if row is not None:
                    path = _free(f"annexes/{shown.field.key}", row.name, taken)
                    yield _copy(archive, path, row, shown.field.label.best(whole.language))


def _receipts(archive: zipfile.ZipFile, whole: Whole) -> Iterator[Entry]:
    """What was handed in, byte for byte as it was hashed."""
    for row in whole.submissions:
        about = _("Receipt %(receipt)s: what was handed in; its SHA-256 is on the receipt") % {
            "receipt": row.receipt
        }
        yield _put(archive, f"receipts/{_safe(row.receipt)}.json", about, canonical(row.snapshot))


def _scans(archive: zipfile.ZipFile, whole: Whole) -> Iterator[Entry]:
    ids = [row.pk for row in whole.signatures]
    taken: set[str] = set()
    for row in Attachment.objects.filter(subject_kind="signature", subject_id__in=ids, removed_at=None):
        yield _copy(archive, _free("signatures", row.name, taken), row, _("Scan of a signature on paper"))


def _history(archive: zipfile.ZipFile, whole: Whole) -> Entry:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["at", "who", "what", "reason"])
    for each in reversed(whole.history):
        told = (each.who, each.text, each.reason)
        writer.writerow([each.at.isoformat(), *(harmless(part) for part in told)])
    return _put(archive, "history.csv", _("What happened, in order"), ("\ufeff" + text.getvalue()).encode())


def _page(whole: Whole, entries: list[Entry]) -> str:
    context = {"whole": whole, "application": whole.application, "entries": entries, "bare": True}
    context |= {"sections": whole.sections, "language": whole.language, "as_of": as_of_text(whole)}
    return render_to_string("calls/dossier/archive.html", context)


def _index(whole: Whole, entries: list[Entry]) -> dict[str, Any]:
    return {
        "format": 1,
        "application": whole.application.number,
        "call": whole.application.call.key,
        "as_of": whole.content.as_of.isoformat() if whole.content.as_of else None,
        "handed_in": not whole.content.live,
        "receipts": [
            {"receipt": row.receipt, "at": row.at.isoformat(), "sha256": row.sha256}
            for row in whole.submissions
        ],
        "files": [
            {"path": one.path, "about": one.about, "size": one.size, "sha256": one.sha256} for one in entries
        ],
    }


def _put(archive: zipfile.ZipFile, path: str, about: str, content: bytes) -> Entry:
    archive.writestr(path, content)
    return Entry(path, about, len(content), hashlib.sha256(content).hexdigest())


def _copy(archive: zipfile.ZipFile, path: str, row: Attachment, about: str) -> Entry:
    place = place_of(row.key)
    if not place.exists():
        return Entry(path, _("%(about)s: this file is gone") % {"about": about}, 0, "")
    with place.open("rb") as source, archive.open(path, "w") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
    return Entry(path, about, row.size, row.sha256)


def _free(folder: str, name: str, taken: set[str]) -> str:
    stem, dot, ending = _safe(name).rpartition(".")
    wanted, number = f"{folder}/{_safe(name)}", 1
    while wanted.lower() in taken:
        number += 1
        wanted = f"{folder}/{stem} {number}{dot}{ending}"
    taken.add(wanted.lower())
    return wanted


def _safe(name: str) -> str:
    """A name that every system can unpack, and that stays in its folder."""
    shown = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "-", name).strip(" .")
    return shown[-120:] or "file"
