"""The competence matrix: which member can do what the target products need, as far as a person may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kontor import programmes
from kontor.base.permissions import allowed
from kontor.features.accounts.queries import organisations_of
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import MemberCompetence, Programme
from kontor.features.programmes.rules import may_edit
from kontor.programmes.schema import Texts


@dataclass(frozen=True)
class Column:
    """A competence; `level` is the highest that a product shown asks for, `products` their keys."""

    key: str
    text: Texts
    level: int
    products: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class Cell:
    """What a member stated of a competence; `row` is None where it stated nothing."""

    column: Column
    organisation: Organisation
    row: MemberCompetence | None
    may_edit: bool

    @property
    def level(self) -> int:
        return self.row.level if self.row else 0

    @property
    def enough(self) -> bool:
        return self.level >= self.column.level


@dataclass(frozen=True)
class Member:
    organisation: Organisation
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Cover:
    """How many members shown reach the level of a competence, and the best of them (at most three)."""

    column: Column
    able: int
    best: tuple[Cell, ...]


@dataclass(frozen=True)
class Wish:
    """What of the matrix is wanted; empty means all. `extra` are members without a statement so far."""

    theme: str = ""
    product: str = ""
    country: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    members: tuple[Member, ...]
    cover: tuple[Cover, ...]
    countries: tuple[str, ...] = field(default=())
    whole: bool = False


def matrix_of(user: Any, programme: Programme, definition: programmes.Programme, wish: Wish) -> Matrix:
    """What the person may see of it; two queries.

    Whoever may edit the programme sees every member that the directory shows them. Others see the rows of
    their own organisations only, and no coverage: it would tell what competitors can do.
    """
    columns = columns_of(definition, wish)
    whole = allowed(user, may_edit, programme)
    roles = organisations_of(user)
    rows = programme.member_competences.filter(competence__in=[one.key for one in columns])
    rows = rows.filter(organisation__in=Organisation.objects.visible_to(user))
    if not whole:
        rows = rows.filter(organisation__key__in=list(roles))
    stated: dict[tuple[int, str], MemberCompetence] = {}
    organisations: dict[int, Organisation] = {}
    for row in rows.select_related("organisation"):
        stated[row.organisation_id, row.competence] = row
        organisations[row.organisation_id] = row.organisation
    extra = wish.extra if whole else tuple(roles)
    for one in Organisation.objects.visible_to(user).filter(key__in=extra):
        organisations[one.pk] = one
    countries = tuple(sorted({one.country for one in organisations.values()}))
    shown = [one for one in organisations.values() if wish.country in ("", one.country)]
    members = tuple(
        Member(one, tuple(_cell(one, column, stated, whole, roles) for column in columns))
        for one in sorted(shown, key=lambda one: (one.name_key or one.name.casefold(), one.pk))
    )
    return Matrix(columns, members, tuple(_cover(columns, members)) if whole else (), countries, whole)


def _cell(
    one: Organisation,
    column: Column,
    stated: dict[tuple[int, str], MemberCompetence],
    whole: bool,
    roles: Any,
) -> Cell:
    own = roles.get(one.key) in ("owner", "editor")
    return Cell(column, one, stated.get((one.pk, column.key)), whole or own)


def columns_of(definition: programmes.Programme, wish: Wish) -> tuple[Column, ...]:
    """Competences of the products wanted, each once, in the order of the file."""
    found: dict[str, Column] = {}
    for product in definition.products:
        if wish.theme not in ("", product.theme) or wish.product not in ("", product.key):
            continue
        for one in product.competences:
            known = found.get(one.key)
            found[one.key] = Column(
                one.key,
                one.text,
                max(one.level, known.level if known else 0),
                (*(known.products if known else ()), product.key),
                one.required or (known is not None and known.required),
            )
    return tuple(found.values())


def _cover(columns: Iterable[Column], members: tuple[Member, ...]) -> Iterable[Cover]:
    for at, column in enumerate(columns):
        cells = sorted((member.cells[at] for member in members), key=lambda cell: -cell.level)
        best = tuple(cell for cell in cells if cell.level and cell.level == cells[0].level)[:3]
        yield Cover(column, sum(cell.enough for cell in cells), best)
