"""How a run reads its file: which column is what, and the choices a person makes. Stored in
ImportRun.mapping.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.organisations.imports.catalogue import target
from kontor.features.organisations.imports.tables.encoding import SUPPORTED
from kontor.features.organisations.imports.words import known_languages
from kontor.features.organisations.models import Listing


@dataclass(frozen=True, slots=True)
class Options:
    """`columns`: {column index: technical name}. `language` is taken for texts too short to tell theirs.

    `listing` is what a new organisation gets where its row says nothing. `source` names where the numbers
    in `external_id` come from. `clear_empty`: an empty cell empties the field. `sheet` and `encoding`
    override what is found in the file. Raises KontorError with the field as path.
    """

    columns: dict[int, str] = field(default_factory=dict)
    language: str = "en"
    listing: str = Listing.LISTED
    source: str = ""
    clear_empty: bool = False
    sheet: str = ""
    encoding: str = ""

    def __post_init__(self) -> None:
        taken: dict[str, int] = {}
        for index, name in self.columns.items():
            if target(name) is None:
                raise _bad("columns", _("There is no field “%(value)s”."), name)
            if taken.setdefault(name, index) != index:
                raise _bad("columns", _("Two columns are both taken for “%(value)s”."), name)
        if self.language not in known_languages():
            raise _bad("language", _("“%(value)s” is not a language Kontor knows."), self.language)
        if self.listing not in (Listing.LISTED, Listing.MEMBERS, Listing.HIDDEN):
            raise _bad("listing", _("“%(value)s” is not a visibility."), self.listing)
        if self.encoding and self.encoding not in SUPPORTED:
            raise _bad("encoding", _("“%(value)s” is not an encoding Kontor reads."), self.encoding)
        if len(self.source) > 40:
            raise _bad("source", _("The name of the source is longer than 40 characters."), self.source)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": {str(index): name for index, name in self.columns.items()}}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Options:
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values["columns"] = {int(index): name for index, name in data.get("columns", {}).items()}
        return cls(**values)


def _bad(path: str, message: object, value: str) -> KontorError:
    return KontorError(
        str(message) % {"value": value},
        code=f"bad_{path}",
        path=path,
        remedy=_("Choose again."),
    )
