"""Outlines of NUTS regions from a GeoJSON file of the operator's, put on the map's plane."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.errors import KontorError
from kontor.codes import CodesError, outline
from kontor.features.organisations.models import RegionShape

# NUTS 3 of all Europe at 1:1 million has 40 MB.
LARGEST = 200 * 2**20
_COUNTRY = {"EL": "GR", "UK": "GB"}


def import_region_shapes(*, path: Path, level: int, version: str, notice: str, actor: Actor) -> int:
    """Replaces the shapes of this level and version with those of the file; how many.

    `notice` is shown under every map that uses them. Raises KontorError for a file that is no such GeoJSON,
    or names no region of the level.
    """
    if not notice.strip():
        raise KontorError(
            _("The copyright notice is missing."),
            code="required",
            path="notice",
            remedy=_("Copy it from the page the file was downloaded from; it must be shown with the map."),
        )
    shapes = [
        _shape(feature, level, version, notice, crs)
        for collection, crs in [_read(path)]
        for feature in collection["features"]
        if _properties(feature).get("LEVL_CODE", level) == level
    ]
    if not shapes:
        raise KontorError(
            _("The file holds no region of NUTS level %(level)s.") % {"level": level},
            code="no_regions",
            path=str(path),
            remedy=_(
                "Choose the level that the file was made for; GISCO names it in the file name (LEVL_2)."
            ),
        )
    with transaction.atomic():
        RegionShape.objects.filter(level=level, version=version).delete()
        RegionShape.objects.bulk_create(shapes)
        about = SubjectRef("regionshape", f"{version}-{level}", f"NUTS {level} {version}")
        audit.record(
            actor=actor, verb="regions.imported", subject=about, changes={"shapes": [None, len(shapes)]}
        )
    return len(shapes)


def _read(path: Path) -> tuple[dict[str, Any], outline.Crs | None]:
    if path.stat().st_size > LARGEST:
        raise _not_regions(path, _("The file is larger than 200 MB."))
    try:
        collection = json.loads(path.read_bytes())
    except ValueError as error:
        raise _not_regions(path, _("The file is no JSON.")) from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise _not_regions(path, _("The file is JSON but no GeoJSON FeatureCollection."))
    try:
        return collection, outline.crs_of(collection)
    except CodesError as error:
        raise KontorError(error.message, code="bad_regions", path=str(path), remedy=error.remedy) from error


def _not_regions(path: Path, message: object) -> KontorError:
    return KontorError(
        message,
        code="bad_regions",
        path=str(path),
        remedy=_("Download NUTS_RG_20M_2021_4326_LEVL_2.geojson or its like from GISCO."),
    )


def _properties(feature: Any) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _shape(
    feature: dict[str, Any], level: int, version: str, notice: str, crs: outline.Crs | None
) -> RegionShape:
    properties = _properties(feature)
    code = str(properties.get("NUTS_ID", "")).strip().upper()
    if len(code) != level + 2:
        raise KontorError(
            _("A region has the code “%(code)s”, which is no code of NUTS level %(level)s.")
            % {"code": code, "level": level},
            code="bad_regions",
            path=code or "NUTS_ID",
            remedy=_("Each feature needs the property NUTS_ID."),
        )
    try:
        path = outline.path_of(feature.get("geometry") or {}, crs)
    except CodesError as error:
        raise KontorError(error.message, code="bad_regions", path=code, remedy=error.remedy) from error
    return RegionShape(
        code=code,
        version=version,
        level=level,
        country=_COUNTRY.get(code[:2], code[:2]),
        name=str(properties.get("NAME_LATN") or properties.get("NUTS_NAME") or code)[:200],
        path=path,
        notice=notice.strip()[:300],
    )
