"""Finding, reading, creating and changing organisations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, allowed, policy
from kontor.base.texts import texts_of
from kontor.features.organisations import actions
from kontor.features.organisations.api.changes import check_revision, checked_codes, in_body
from kontor.features.organisations.api.finding import reachable
from kontor.features.organisations.api.schemas import (
    ChangedOrganisation,
    FiltersIn,
    NewOrganisation,
    OrganisationOut,
    OrganisationRow,
)
from kontor.features.organisations.directory import facets, pages
from kontor.features.organisations.directory.fields import Scope
from kontor.features.organisations.directory.filters import Filters
from kontor.features.organisations.directory.listing import scope_of
from kontor.features.organisations.models import Organisation, Statement
from kontor.features.organisations.queries import home_of_new
from kontor.features.organisations.rules import may_create, may_edit

router = Router("organisations")


@router.get("/", response=Page[OrganisationRow])
@policy(PUBLIC)
def list_organisations(
    request: HttpRequest, filters: Query[FiltersIn], page: Query[PageQuery]
) -> dict[str, Any]:
    """Organisations that pass the filters and that the caller may see. `count` is exact."""
    scope, wanted = scope_of(request), filters_of(request)
    visible = Organisation.objects.visible_to(request.user)
    total = facets.count(visible, wanted, scope).total
    part = pages.Part((page.page - 1) * page.page_size, page.page_size, total)
    ids = pages.page_ids(wanted.apply(visible, scope, dense=part.dense), pages.SORTS[filters.sort], part)
    return {
        "items": [row_out(row) for row in pages.rows_of(ids, scope)],
        "count": total,
        "page": page.page,
        "pages": max(1, -(-total // page.page_size)),
    }


def filters_of(request: HttpRequest) -> Filters:
    """The filters of the address; KontorError 422 for the first that means nothing."""
    filters = Filters.read(request.GET)
    for problem in filters.problems:
        raise KontorError(
            _("The value “{value}” means nothing here.").format(value=problem.value),
            code="bad-filter",
            path=f"query.{problem.field.name}",
            remedy=problem.remedy,
            status=422,
        )
    return filters


def row_out(row: pages.Row) -> dict[str, Any]:
    each = row.organisation
    fields = (
        "key",
        "kind",
        "size",
        "country",
        "nuts3",
        "place",
        "languages",
        "tags",
        "is_sample",
        "changed_at",
    )
    return {field: getattr(each, field) for field in fields} | {
        "name": row.name,
        "offers": row.offers,
        "needs": row.needs,
        "competences": row.competences,
        "confirmed_at": row.confirmed_at,
        "clusters": row.clusters,
    }


@router.get("/{key}", response=OrganisationOut)
@policy(PUBLIC)
def get_organisation(request: HttpRequest, key: Path[str]) -> dict[str, Any]:
    """One organisation with the statements that the caller may read."""
    organisation = reachable(request, key)
    return organisation_out(request, organisation, scope_of(request))


def organisation_out(request: HttpRequest, organisation: Organisation, scope: Scope) -> dict[str, Any]:
    row = pages.rows_of([organisation.pk], scope)[0]
    statements = (
        Statement.objects.visible_to(request.user).current(scope.today).filter(organisation=organisation)
    )
    plain = {
        field: getattr(organisation, field)
        for field in OrganisationOut.model_fields
        if hasattr(organisation, field)
    }
    names = texts_of([organisation], "name")[organisation.pk]
    return plain | {
        "names": {language: text.text for language, text in names.items()},
        "codes": sorted(f"{code.scheme}:{code.code}" for code in organisation.codes.all()),
        "clusters": row.clusters,
        "statements": list(statements.prefetch_related("codes")),
        "identity": organisation if allowed(request, may_edit, organisation) else None,
    }


@router.post("/", response={201: OrganisationOut})
@policy(may_create)
def create_organisation(request: HttpRequest, body: NewOrganisation) -> Status[dict[str, Any]]:
    """A new organisation. Where its number is known already, 409 names the field."""
    values = body.dict(exclude_none=True)
    with in_body():
        codes = checked_codes(values.pop("codes", []))
        cluster, owner = home_of_new(request.user)
        made = actions.describe_organisation(
            values=values,
            codes=codes,
            statements=(),
            cluster=cluster,
            owner=owner,
            consent=False,
            source="api",
            actor=actor_of(request),
        )
    return Status(201, organisation_out(request, made, scope_of(request)))


@router.patch("/{key}", response=OrganisationOut)
@policy(SIGNED_IN & may_edit)
def change_organisation(request: HttpRequest, key: Path[str], body: ChangedOrganisation) -> dict[str, Any]:
    """Change the fields sent. A `revision` that is no longer the stored one answers 409 with what changed."""
    organisation = editable(request, key)
    check_revision(organisation, body.revision)
    values = body.dict(exclude_unset=True, exclude={"revision"})
    with in_body():
        if "codes" in values:
            values["codes"] = [f"{scheme}:{code}" for scheme, code in checked_codes(values["codes"] or [])]
        base = actions.snapshot(organisation)
        stored = actions.change_organisation(
            organisation=organisation, values=values, base=base, actor=actor_of(request)
        )
    return organisation_out(request, stored, scope_of(request))


def editable(request: HttpRequest, key: str) -> Organisation:
    """The organisation if the caller may change it; 404 where they may not see it, else 403."""
    return reachable(request, key, may_edit)
