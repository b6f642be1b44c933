"""Where the files of a run lie, and the spool: its parsed rows, one JSON line each, read once more when
written.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.reading import entry_of
from kontor.features.organisations.imports.tables import Limits


def folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / key


def store(key: str, chunks: Iterable[bytes], limits: Limits) -> tuple[Path, int, str]:
    """Writes an upload as it arrives; its path, size in bytes and SHA-256.

    Raises KontorError, and keeps nothing, as soon as it is larger than allowed.
    """
    path = folder(key) / "upload"
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limits.file_bytes:
                break
            digest.update(chunk)
            file.write(chunk)
    if size > limits.file_bytes:
        forget(key)
        raise KontorError(
            _("The file is larger than %(limit)s MB.") % {"limit": limits.file_bytes // 2**20},
            code="too_large",
            remedy=_("Split it into several files, or delete columns and pictures that are not needed."),
        )
    return path, size, digest.hexdigest()


def read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def forget(key: str) -> None:
    """Removes the upload and all that was made from it."""
    shutil.rmtree(folder(key), ignore_errors=True)


def spool_path(key: str) -> Path:
    return folder(key) / "entries.jsonl"


def spooled(lines: Iterable[bytes], key: str) -> Iterator[Entry]:
    """Writes the lines of the spool and passes on the entry of each."""
    path = spool_path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        for line in lines:
            file.write(line)
            yield entry_of(line)
    draft.replace(path)


def write_line(file: IO[bytes], value: object) -> None:
    file.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def read_lines(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def read_spool(key: str) -> Iterator[Entry]:
    """The entries noted by `spooled`. Raises KontorError where the files of the run are gone."""
    path = spool_path(key)
    if not path.exists():
        raise KontorError(
            _("The file of this import is no longer there."),
            code="upload_gone",
            remedy=_("Upload it again."),
            status=410,
        )
    with path.open("rb") as file:
        yield from map(entry_of, file)
