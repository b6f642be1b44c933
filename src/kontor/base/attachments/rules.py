"""What may be attached. Endings that a browser or an office program would run are not among them."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError

#: Ending and media type, and how such a file begins; an empty beginning is not checked.
TYPES: Final[dict[str, tuple[str, tuple[bytes, ...]]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK",)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK",)),
    "odp": ("application/vnd.oasis.opendocument.presentation", (b"PK",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "txt": ("text/plain; charset=utf-8", ()),
    "csv": ("text/csv; charset=utf-8", ()),
    "zip": ("application/zip", (b"PK",)),
}
#: Bytes of one file.
LARGEST: Final = 25 * 1024 * 1024
LONGEST_NAME: Final = 200


def accepted_endings() -> str:
    """As the `accept` of a file field."""
    return ",".join(f".{ending}" for ending in TYPES)


def clean_name(name: str) -> str:
    """The last part of the name, without control characters; KontorError where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in last if not unicodedata.category(each).startswith("C")).strip(" .")
    if not shown:
        raise _refused("attachment-name", _("This file has no name."), _("Give it one and try again."))
    stem, dot, ending = shown.rpartition(".")
    room = LONGEST_NAME - len(ending) - 1
    return f"{stem[:room]}{dot}{ending}" if dot else shown[:LONGEST_NAME]


def check_upload(name: str, size: int, beginning: bytes) -> str:
    """The media type; KontorError `attachment-…` for a file that is empty, too large or of another type."""
    if not size:
        raise _refused("attachment-empty", _("This file is empty."), _("Choose another one."))
    if size > LARGEST:
        raise _refused(
            "attachment-large",
            _("This file is larger than %(most)s MB.") % {"most": LARGEST // (1024 * 1024)},
            _("Shrink it, or split it."),
        )
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    media_type, beginnings = TYPES.get(ending, ("", ()))
    if not media_type:
        raise _refused(
            "attachment-type",
            _("Files ending in “%(ending)s” cannot be attached.") % {"ending": f".{ending}"},
            _("Allowed: %(endings)s.") % {"endings": ", ".join(TYPES)},
        )
    if beginnings and not beginning.startswith(beginnings):
        raise _refused(
            "attachment-content",
            _("This file is not what its name says: it does not begin like a .%(ending)s file.")
            % {"ending": ending},
            _("Save it anew in that format."),
        )
    return media_type


def _refused(code: str, text: object, remedy: object) -> KontorError:
    return KontorError(text, code=code, path="file", remedy=remedy, status=422)
