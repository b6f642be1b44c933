"""The directory as a spreadsheet that can be edited and imported again."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Literal

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from kontor.base.api import Router
from kontor.base.permissions import SIGNED_IN, policy
from kontor.features.organisations.api.imports import TABLES
from kontor.features.organisations.api.organisations import filters_of
from kontor.features.organisations.api.schemas import FiltersIn
from kontor.features.organisations.directory.listing import scope_of
from kontor.features.organisations.imports import export as exporting
from kontor.features.organisations.imports.export import exportable
from kontor.features.organisations.models import Organisation

router = Router("organisations")


class ExportIn(Schema):
    format: Literal["csv", "xlsx"] = "csv"
    headers: Literal["technical", "en", "de", "nl", "fr"] = Field(
        "technical", description="language of the headers; every one is understood when it is imported again"
    )


@router.get("/", response={200: None}, openapi_extra={"responses": {200: {"content": TABLES}}})
@policy(SIGNED_IN)
def export_directory(
    request: HttpRequest, filters: Query[FiltersIn], wanted: Query[ExportIn]
) -> FileResponse:
    """The organisations that pass the filters, as far as you may see them; at most 20,000."""
    rows = filters_of(request).apply(Organisation.objects.visible_to(request.user), scope_of(request))
    with tempfile.TemporaryDirectory() as folder:
        file = FilePath(folder) / f"export.{wanted.format}"
        exporting.export(
            exportable(rows),
            file,
            exporting.Scope(user=request.user),
            language=wanted.headers,
            as_xlsx=wanted.format == "xlsx",
        )
        name = f"kontor-{_('directory')}.{wanted.format}"
        return FileResponse(file.open("rb"), as_attachment=True, filename=name)
