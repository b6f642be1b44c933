"""The directory as a table that an import reads back unchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.organisations.imports.catalogue import (
    MOST_IN_GROUP,
    STATEMENT_KINDS,
    TRANSLATED,
    label,
    part_names,
    plain_fields,
)
from kontor.features.organisations.imports.compare import Current
from kontor.features.organisations.imports.existing import load
from kontor.features.organisations.imports.plan import batches
from kontor.features.organisations.imports.sheets import write_csv, write_xlsx
from kontor.features.organisations.imports.tables import Cell
from kontor.features.organisations.imports.values import joined
from kontor.features.organisations.models import Organisation, OrganisationQuerySet, Statement

_CODES = ("nace", "cpv", "ket", "theme")
_BATCH = 500
TECHNICAL = "technical"
# Legal identity is shown to those who may edit the organisation only.
_PRIVATE_FIELDS = ("vat", "register_number", "pic", "external_id", "source")


# Larger exports would keep a web process busy for minutes; the command line has no such limit.
_MOST_EXPORTED = 20_000


def exportable(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """The rows in the order of a file. Raises KontorError where a web process should not write so many."""
    ordered = rows.order_by("name", "id")
    if ordered[_MOST_EXPORTED:].exists():
        raise KontorError(
            _("More than %(limit)s organisations cannot be exported here.") % {"limit": _MOST_EXPORTED},
            code="export_too_large",
            remedy=_("Narrow the filters, or use the command kontor export."),
        )
    return ordered


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes the export is for. `user` None sees everything (the command line); `cluster` adds its
    memberships.

    Hidden texts follow the pages: statements the person may see, contacts with consent or of organisations
    the person may edit.
    """

    user: Any = None
    cluster_id: int = 0


def export(
    rows: OrganisationQuerySet, path: Path, scope: Scope, *, language: str = TECHNICAL, as_xlsx: bool = False
) -> int:
    """Writes the organisations as one table; how many. `language`: of the headers, or "technical" names.

    Reads the organisations twice: first to learn which columns are needed, then to write them.
    """
    ids = list(rows.values_list("pk", flat=True))
    names = _columns(ids, scope)
    heads: list[Cell] = [name if language == TECHNICAL else label(name, language) for name in names]
    table = chain([heads], _rows(ids, names, scope))
    return (write_xlsx(path, table) if as_xlsx else write_csv(path, table)) - 1


def _columns(ids: Sequence[int], scope: Scope) -> list[str]:
    """Every plain column, and as many numbered ones as the fullest organisation needs."""
    most: Counter[str] = Counter()
    years: set[tuple[str, str]] = set()
    languages: set[tuple[str, str]] = set()
    for current in _currents(ids, scope):
        counted = Counter(statement["kind"] for statement in current.statements)
        counted["contact"] = len(current.contacts)
        most |= counted
        years |= {(year, name) for year, figures in current.figures.items() for name in figures}
        languages |= {(name, code) for name, found in current.texts.items() for code in found}
    return [*_plain(scope), *_repeated(most), *_by_year(years), *(f"{n}_{c}" for n, c in sorted(languages))]


def _plain(scope: Scope) -> Iterator[str]:
    for name in plain_fields():
        if name in {"year", "staff", "turnover", "balance"}:
            continue
        if name.startswith("member_") and not scope.cluster_id:
            continue
        yield name


def _repeated(most: Counter[str]) -> Iterator[str]:
    for group in ("contact", *STATEMENT_KINDS):
        for number in range(1, most[group] + 1):
            if group in STATEMENT_KINDS:
                yield f"{group}_{number}"
            yield from (f"{group}_{number}_{part}" for part in part_names(group))


def _by_year(years: set[tuple[str, str]]) -> Iterator[str]:
    return (f"{name}_{year}" for year, name in sorted(years, reverse=True))


def _currents(ids: Sequence[int], scope: Scope) -> Iterator[Current]:
    for batch in batches(ids, _BATCH):
        found = load(batch, scope.cluster_id)
        if scope.user is not None:
            _hide(found, scope.user)
        for current in found.values():
            _shorten(current)
        yield from (found[pk] for pk in batch if pk in found)


def _shorten(current: Current) -> None:
    """Keeps the latest of each group, as many as a table may hold."""
    kinds = {kind: [each for each in current.statements if each["kind"] == kind] for kind in STATEMENT_KINDS}
    current.statements = [each for kind in STATEMENT_KINDS for each in kinds[kind][-MOST_IN_GROUP:]]
    current.contacts = current.contacts[-MOST_IN_GROUP:]


def _hide(found: dict[int, Current], user: Any) -> None:
    """Takes out what the person may not see."""
    editable = set(
        Organisation.objects.editable_by(user).filter(pk__in=list(found)).values_list("pk", flat=True)
    )
    visible = set(
        Statement.objects.visible_to(user)
        .filter(organisation_id__in=list(found))
        .values_list("pk", flat=True)
    )
    for pk, current in found.items():
        current.statements = [each for each in current.statements if each["id"] in visible]
        if pk not in editable:
            current.contacts = [each for each in current.contacts if each["shown"]]
            current.fields.update(dict.fromkeys(_PRIVATE_FIELDS))
            current.figures = {}


def _rows(ids: Sequence[int], names: Sequence[str], scope: Scope) -> Iterator[list[Cell]]:
    for current in _currents(ids, scope):
        values = values_of(current)
        yield [values.get(name, "") for name in names]


def values_of(current: Current) -> dict[str, Cell]:
    """{technical name: cell} of one organisation; empty values are left out."""
    found: dict[str, Cell] = {"key": current.key}
    for name, value in current.fields.items():
        found[name] = _cell(value)
    found.update({scheme: joined(current.codes.get(scheme, [])) for scheme in _CODES})
    for year, figures in current.figures.items():
        found.update({f"{name}_{year}": float(value) for name, value in figures.items()})
    for name in TRANSLATED:
        found.update({f"{name}_{code}": text for code, text in current.texts.get(name, {}).items()})
    found.update({f"member_{name}": day for name, day in current.membership.items()})
    for number, contact in enumerate(current.contacts, 1):
        found.update({f"contact_{number}_{part}": _cell(contact[part]) for part in part_names("contact")})
    found.update(_statement_values(current))
    return {name: value for name, value in found.items() if value != ""}


def _statement_values(current: Current) -> Iterator[tuple[str, Cell]]:
    numbers: Counter[str] = Counter()
    for statement in current.statements:
        kind = statement["kind"]
        numbers[kind] += 1
        column = f"{kind}_{numbers[kind]}"
        yield column, statement["text"]
        for part in part_names(kind):
            yield f"{column}_{part}", _cell(statement[part])


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, list):
        return joined([str(item) for item in value])
    if isinstance(value, int | float):
        return float(value)
    return str(value)


def write_template(path: Path, *, language: str, as_xlsx: bool) -> None:
    """An empty table with the usual columns and one example row, to be filled in."""
    names = list(_EXAMPLE)
    rows: list[list[Cell]] = [[label(name, language) for name in names], list(_EXAMPLE.values())]
    if as_xlsx:
        write_xlsx(path, rows)
    else:
        write_csv(path, rows)


_EXAMPLE: dict[str, Cell] = {
    "name": "Muster Wärmepumpen GmbH",
    "kind": "firm",
    "size": "small",
    "country": "DE",
    "street": "Am Markt 1",
    "postcode": "28195",
    "place": "Bremen",
    "website": "https://www.example.org",
    "vat": "",
    "nace": "28.25",
    "tags": "heat pumps; ships",
    "languages": "de; en",
    "staff_2025": 24.0,
    "turnover_2025": 3200000.0,
    "contact_1_name": "Erika Beispiel",
    "contact_1_email": "erika@example.org",
    "offer_1": "Heat pumps for ships of up to 40 metres, approved for inland waterways.",
    "offer_1_trl": 9.0,
    "need_1": "A partner who tests natural refrigerants at sea.",
    "member_since": "2024-03-01",
}
