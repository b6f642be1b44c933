"""What stands in each column of the list, as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kontor.codes.schemes import label
from kontor.features.organisations.directory.fields import Scope, labelled
from kontor.features.organisations.directory.pages import Row

TEXT = Callable[[Row, Scope], Any]


class Column(NamedTuple):
    label: Any
    text: TEXT
    numeric: bool = False


class Cell(NamedTuple):
    """`text` is "" where nothing is known."""

    label: str
    text: str
    numeric: bool


def _region(row: Row, scope: Scope) -> str:
    code = row.organisation.nuts3
    return labelled("nuts", code, scope.language) if code else ""


def _confirmed(row: Row, scope: Scope) -> str:
    return date_format(localtime(row.confirmed_at), "DATE_FORMAT") if row.confirmed_at else ""


COLUMNS: dict[str, Column] = {
    "kind": Column(_("Kind"), lambda row, scope: row.organisation.get_kind_display()),
    "size": Column(_("Size"), lambda row, scope: row.organisation.get_size_display()),
    "country": Column(
        _("Country"), lambda row, scope: label("country", row.organisation.country, scope.language)
    ),
    "place": Column(_("Place"), lambda row, scope: row.organisation.place),
    "region": Column(_("Region"), _region),
    "offers": Column(_("Offers"), lambda row, scope: row.offers, numeric=True),
    "needs": Column(_("Needs"), lambda row, scope: row.needs, numeric=True),
    "clusters": Column(_("Clusters"), lambda row, scope: ", ".join(each.name for each in row.clusters)),
    "languages": Column(_("Languages"), lambda row, scope: ", ".join(row.organisation.languages)),
    "tags": Column(_("Tags"), lambda row, scope: ", ".join(row.organisation.tags)),
    "confirmed": Column(_("Last confirmed"), _confirmed),
    "changed": Column(
        _("Changed"), lambda row, scope: date_format(localtime(row.organisation.changed_at), "DATE_FORMAT")
    ),
}
USUAL = ("kind", "country", "place", "size", "offers", "needs", "confirmed")


def cells_of(row: Row, columns: tuple[str, ...], scope: Scope) -> list[Cell]:
    chosen = [COLUMNS[name] for name in columns]
    return [Cell(str(each.label), str(each.text(row, scope)), each.numeric) for each in chosen]
