"""Adding, changing and closing statements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy, require
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import check_revision, checked_codes, in_body
from kontor.features.organisations.api.finding import reachable
from kontor.features.organisations.api.organisations import editable
from kontor.features.organisations.api.schemas import (
    ChangedStatement,
    ConfirmedOut,
    ConfirmIn,
    NewStatement,
    StatementOut,
)
from kontor.features.organisations.models import Statement
from kontor.features.organisations.rules import may_edit, may_edit_statement

router = Router("organisations")


@router.get("/{key}/statements", response=Page[StatementOut])
@policy(PUBLIC)
def list_statements(
    request: HttpRequest, key: Path[str], page: Query[PageQuery], past: bool = False
) -> dict[str, Any]:
    """The organisation's current statements that the caller may read; with `past` closed and expired ones
    too, as far as the caller may read them.
    """
    organisation = reachable(request, key)
    statements = Statement.objects.visible_to(request.user)
    if not past:
        statements = statements.current(timezone.localdate())
    return paginate(statements.filter(organisation=organisation).prefetch_related("codes"), page)


@router.post("/{key}/statements", response={201: StatementOut})
@policy(SIGNED_IN & may_edit)
def add_statement(request: HttpRequest, key: Path[str], body: NewStatement) -> Status[Statement]:
    organisation = editable(request, key)
    values = body.dict()
    with in_body():
        values["codes"] = checked_codes(values["codes"])
        made = actions.add_statement(organisation=organisation, actor=actor_of(request), **values)
    return Status(201, made)


@router.post("/{key}/statements/confirm", response=ConfirmedOut)
@policy(SIGNED_IN & may_edit)
def confirm_statements(request: HttpRequest, key: Path[str], body: ConfirmIn) -> dict[str, int]:
    """Say that statements still hold, today. Closed ones stay closed."""
    organisation = reachable(request, key, may_edit)
    rows = organisation.statements.select_related("organisation").filter(closed_at=None)
    if body.statements:
        rows = rows.filter(key__in=body.statements)
        if missing := set(body.statements) - set(rows.values_list("key", flat=True)):
            raise KontorError(
                _("The organisation has no open statement with this key: {key}.").format(key=min(missing)),
                code="no-such-statement",
                path="body.statements",
                remedy=_("Leave it out, or open it again first."),
                status=422,
            )
    return {"confirmed": actions.confirm_statements(statements=list(rows), actor=actor_of(request))}


@router.get("/{key}/statements/{statement_key}", response=StatementOut)
@policy(PUBLIC)
def get_statement(request: HttpRequest, key: Path[str], statement_key: Path[str]) -> Statement:
    """One statement that the caller may read; its editors read closed and expired ones too."""
    statement: Statement = found(
        Statement.objects.visible_to(request.user).prefetch_related("codes"),
        key=statement_key,
        organisation__key=key,
    )
    return statement


@router.patch("/{key}/statements/{statement_key}", response=StatementOut)
@policy(SIGNED_IN & may_edit_statement)
def change_statement(
    request: HttpRequest, key: Path[str], statement_key: Path[str], body: ChangedStatement
) -> Statement:
    """Change the fields sent; this also confirms the statement. 409 as for organisations."""
    statement = editable_statement(request, key, statement_key)
    check_revision(statement, body.revision)
    values = body.dict(exclude_unset=True, exclude={"revision"})
    values = {
        field: value
        for field, value in values.items()
        if value is not None or field in ("trl", "valid_until")
    }
    with in_body():
        if "codes" in values:
            values["codes"] = [f"{scheme}:{code}" for scheme, code in checked_codes(values["codes"])]
        base = actions.statement_snapshot(statement)
        return actions.change_statement(
            statement=statement, values=values, base=base, actor=actor_of(request)
        )


@router.post("/{key}/statements/{statement_key}/close", response={204: None})
@policy(SIGNED_IN & may_edit_statement)
def close_statement(request: HttpRequest, key: Path[str], statement_key: Path[str]) -> Status[None]:
    """Only its editors see it from now on."""
    statement = editable_statement(request, key, statement_key)
    actions.close_statement(statement=statement, actor=actor_of(request))
    return Status(204, None)


@router.post("/{key}/statements/{statement_key}/reopen", response=StatementOut)
@policy(SIGNED_IN & may_edit_statement)
def reopen_statement(request: HttpRequest, key: Path[str], statement_key: Path[str]) -> Statement:
    """Open a closed statement again."""
    statement = editable_statement(request, key, statement_key)
    actions.reopen_statement(statement=statement, actor=actor_of(request))
    return editable_statement(request, key, statement_key)


def editable_statement(request: HttpRequest, key: str, statement_key: str) -> Statement:
    rows = Statement.objects.visible_to(request.user).select_related("organisation")
    statement: Statement = found(rows, key=statement_key, organisation__key=key)
    require(request, may_edit_statement, statement)
    return statement
