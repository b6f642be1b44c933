"""The rows that hang on an organisation, moved to another one and back. Used by merges only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from kontor.base.models import Text
from kontor.features.accounts.models import RoleAssignment
from kontor.features.accounts.scopes import ScopeKind
from kontor.features.organisations.models import (
    ContactPerson,
    Membership,
    Organisation,
    OrganisationCode,
    Participation,
    ParticipationRole,
    Statement,
    YearFigures,
)

# {kind of row: primary keys}
Moved = dict[str, list[int]]


def move_rows(kept: Organisation, gone: Organisation) -> Moved:
    """Give `kept` every row of `gone` that it does not have already; which ones moved."""
    moved = {
        "statements": _ids(Statement.objects.filter(organisation=gone)),
        "contacts": _ids(ContactPerson.objects.filter(organisation=gone)),
        "codes": _new_codes(kept, gone),
        "figures": _new_figures(kept, gone),
        "member_of": _new_memberships(kept, gone, "member", "cluster"),
        "members": _new_memberships(kept, gone, "cluster", "member"),
        "texts": _new_texts(kept, gone),
        "roles": _new_roles(kept, gone),
        "participations": _new_participations(kept, gone),
    }
    _point(moved, kept)
    return moved | {"leads": _leads_taken_over(kept, gone)}


def move_back(moved: Moved, kept: Organisation, gone: Organisation) -> None:
    """Give `gone` the rows back that still exist and still belong to `kept`."""
    moved = dict(moved)
    leads = Participation.objects.filter(pk__in=moved.pop("leads", []), organisation=kept)
    leads.update(role=ParticipationRole.PARTNER)
    still = {kind: _ids(_rows(kind, ids, kept)) for kind, ids in moved.items()}
    if "participations" in still:
        still["participations"] = _not_there_again(still["participations"], gone)
    taken = set(_role_keys(gone))
    still["roles"] = [
        row.pk
        for row in RoleAssignment.objects.filter(pk__in=still["roles"])
        if (row.user_id, row.role) not in taken
    ]
    _point(still, gone)


def _point(moved: Moved, target: Organisation) -> None:
    for kind, ids in moved.items():
        if kind == "texts":
            Text.objects.filter(pk__in=ids).update(subject_id=target.pk)
        elif kind == "roles":
            RoleAssignment.objects.filter(pk__in=ids).update(scope_key=target.key)
        else:
            model, field = _OWNED[kind]
            model._base_manager.filter(pk__in=ids).update(**{field: target})


_OWNED: dict[str, tuple[type[Model], str]] = {
    "statements": (Statement, "organisation"),
    "contacts": (ContactPerson, "organisation"),
    "codes": (OrganisationCode, "organisation"),
    "figures": (YearFigures, "organisation"),
    "member_of": (Membership, "member"),
    "members": (Membership, "cluster"),
    "participations": (Participation, "organisation"),
}


def _rows(kind: str, ids: Iterable[int], owner: Organisation) -> QuerySet[Model]:
    """The rows of one kind with these ids that belong to `owner`."""
    if kind == "texts":
        return Text.objects.filter(pk__in=ids, subject_kind="organisation", subject_id=owner.pk)
    if kind == "roles":
        return RoleAssignment.objects.filter(pk__in=ids, scope_key=owner.key)
    model, field = _OWNED[kind]
    return model._base_manager.filter(pk__in=ids, **{field: owner})


def _ids(rows: QuerySet[Model]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _new_codes(kept: Organisation, gone: Organisation) -> list[int]:
    have = set(kept.codes.values_list("scheme", "code"))
    return [row.pk for row in gone.codes.order_by("pk") if (row.scheme, row.code) not in have]


def _new_figures(kept: Organisation, gone: Organisation) -> list[int]:
    return _ids(gone.figures.exclude(year__in=kept.figures.values("year")))


def _new_participations(kept: Organisation, gone: Organisation) -> list[int]:
    return _ids(gone.participations.exclude(project__in=kept.participations.values("project")))


def _leads_taken_over(kept: Organisation, gone: Organisation) -> list[int]:
    """Where both were in one project and `gone` led it, `kept` leads it now."""
    led = Participation.objects.filter(organisation=gone, role=ParticipationRole.LEAD)
    rows = kept.participations.exclude(role=ParticipationRole.LEAD).filter(project__in=led.values("project"))
    ids = _ids(rows)
    Participation.objects.filter(pk__in=ids).update(role=ParticipationRole.LEAD)
    return ids


def _not_there_again(ids: list[int], gone: Organisation) -> list[int]:
    """An import may have said meanwhile that `gone` took part."""
    rows = Participation.objects.filter(pk__in=ids)
    return _ids(rows.exclude(project__in=gone.participations.values("project")))


def _new_memberships(kept: Organisation, gone: Organisation, side: str, other: str) -> list[int]:
    """Memberships of `gone` on one side, but those between the two and a second open one with the
    same partner."""
    rows = Membership.objects.filter(**{side: gone}).exclude(**{other: kept}).order_by("pk")
    open_with = set(
        Membership.objects.filter(**{side: kept}, until=None).values_list(f"{other}_id", flat=True)
    )
    return [row.pk for row in rows if row.until or getattr(row, f"{other}_id") not in open_with]


def _new_texts(kept: Organisation, gone: Organisation) -> list[int]:
    rows = Text.objects.filter(subject_kind="organisation")
    have = set(rows.filter(subject_id=kept.pk).values_list("field", "language"))
    theirs = rows.filter(subject_id=gone.pk).order_by("pk")
    return [row.pk for row in theirs if (row.field, row.language) not in have]


def _new_roles(kept: Organisation, gone: Organisation) -> list[int]:
    have = set(_role_keys(kept))
    rows = _roles(gone).order_by("pk")
    return [row.pk for row in rows if (row.user_id, row.role) not in have]


def _roles(organisation: Organisation) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(
        scope_kind__in=[ScopeKind.ORGANISATION, ScopeKind.CLUSTER], scope_key=organisation.key
    )


def _role_keys(organisation: Organisation) -> Iterable[tuple[int, str]]:
    return _roles(organisation).values_list("user_id", "role")
