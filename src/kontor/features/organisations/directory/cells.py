"""What stands in each column of the list, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from kontor.base.components.dates import day_text
from kontor.codes.schemes import label
from kontor.features.organisations.directory.fields import Scope, labelled
from kontor.features.organisations.directory.pages import Row

TEXT = Callable[[Row, Scope], Any]


class Column(NamedTuple):
    label: Any
    text: TEXT
    numeric: bool = False


# Label, whether it is a number, text ("" where nothing is known): plain tuples, as a page has a thousand.
Cell = tuple[str, bool, str]


def _region(row: Row, scope: Scope) -> str:
    code = row.organisation.nuts3
    return labelled("nuts", code, scope.language) if code else ""


def _confirmed(row: Row, scope: Scope) -> str:
    return day_text(row.confirmed_at)


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
    "changed": Column(_("Changed"), lambda row, scope: day_text(row.organisation.changed_at)),
}
USUAL = ("kind", "size", "country", "place", "offers", "needs", "confirmed")


def table_of(rows: Iterable[Row], columns: tuple[str, ...], scope: Scope) -> list[tuple[Row, list[Cell]]]:
    """The rows, each with the cells of the chosen columns."""
    chosen = [(str(COLUMNS[name].label), COLUMNS[name].numeric, COLUMNS[name].text) for name in columns]
    return [
        (row, [(label, numeric, str(text(row, scope))) for label, numeric, text in chosen]) for row in rows
    ]
