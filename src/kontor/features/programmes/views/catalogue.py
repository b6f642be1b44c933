"""The list of programmes, and one programme in the reader's language."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kontor import codes, programmes
from kontor.base.components.maps import Area, AreaMap, around
from kontor.base.permissions import PUBLIC, allowed, policy
from kontor.codes import outline
from kontor.features.programmes.models import Envelope, Programme, ProgrammeVersion
from kontor.features.programmes.queries import programme_for, programmes_for, version_for
from kontor.features.programmes.rules import may_add, may_edit
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.templatetags.programme_words import reader
from kontor.programmes.schema import PROGRAMME_AREA

WHOLE = (0.0, 0.0, float(outline.WIDTH), float(outline.HEIGHT))
_PART = re.compile(r"([Ml])([^Mlz]*)")
#: How ISO 3166 writes countries that NUTS writes otherwise.
_ISO = {"EL": "GR", "UK": "GB"}


@require_safe
@policy(PUBLIC)
def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes by name, searched with `?q=`."""
    wanted = request.GET.get("q", "")[:200].strip()
    context = {
        "rows": programmes_for(request.user, wanted),
        "wanted": wanted,
        "may_add": allowed(request, may_add),
    }
    return render(request, "programmes/list.html", context)


@require_safe
@policy(PUBLIC)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The published version, or for those who edit it the draft of a programme not published yet."""
    programme = programme_for(request.user, key)
    version = programme.current or programme.draft
    if version is None:
        raise Http404
    return programme_page(request, programme, version)


@require_safe
@policy(PUBLIC)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version as it was or will be published."""
    programme = programme_for(request.user, key)
    return programme_page(request, programme, version_for(request.user, programme, number))


def programme_page(request: HttpRequest, programme: Programme, version: ProgrammeVersion) -> HttpResponse:
    """What the text of a version says; `?variant=` shows a variant. Http404 for one that there is not."""
    problems = version.problems
    whole = None if problems else version.definition
    context: dict[str, Any] = {
        "programme": programme,
        "version": version,
        "problems": problems,
        "may_edit": allowed(request, may_edit, programme),
        "tabs": tabs_of(request.user, programme, whole if version.published_at else None, "detail"),
    }
    if whole is not None:
        context |= _told(request, programme, version, whole)
    return render(request, "programmes/detail.html", context)


def _told(
    request: HttpRequest, programme: Programme, version: ProgrammeVersion, whole: programmes.Programme
) -> dict[str, Any]:
    chosen = request.GET.get("variant", "")
    found = next((one for one in (whole, *whole.variants) if one.key == (chosen or whole.key)), None)
    if found is None:
        raise Http404
    rows = {row.key: row for row in programme.envelopes.filter(closed=False)}
    prefix = f"{found.key}/" if found.extends else ""
    return {
        "definition": found,
        "whole": whole,
        "themes": [(theme, rows.get(f"{prefix}theme:{theme.key}")) for theme in found.themes],
        "parts": [(part, rows.get(f"{prefix}part:{part.key}")) for part in found.parts],
        "others": _others(rows, prefix),
        "budget": rows.get(f"{prefix}budget"),
        "plan": map_of(found),
        "regions": _regions(found),
        "periods": _periods(found),
        "variants": _variants(whole, found, version),
    }


def _others(rows: dict[str, Envelope], prefix: str) -> list[Envelope]:
    return [
        row
        for key, row in rows.items()
        if row.kind == "other" and (key.startswith(prefix) if prefix else "/" not in key)
    ]


def _variants(
    whole: programmes.Programme, found: programmes.Programme, version: ProgrammeVersion
) -> list[dict[str, Any]]:
    address = version.get_absolute_url()
    return [
        {
            "label": one.name.best(reader()),
            "href": f"{address}?variant={one.key}" if one.extends else address,
            "current": one.key == found.key,
        }
        for one in (whole, *whole.variants)
        if whole.variants
    ]


def _regions(definition: programmes.Programme) -> list[tuple[str, list[str]]]:
    """Country names with the codes of the area's newest vintage."""
    found: dict[str, list[str]] = {}
    for code in definition.regions(PROGRAMME_AREA):
        found.setdefault(_ISO.get(code[:2], code[:2]), []).append(code)
    return [(str(codes.label("country", country, reader())), listed) for country, listed in found.items()]


def _periods(definition: programmes.Programme) -> list[Any]:
    if definition.reporting is None or definition.starts is None or definition.ends is None:
        return []
    return list(definition.reporting.periods(definition.starts, definition.ends))


def map_of(definition: programmes.Programme) -> AreaMap | None:
    """Countries of the area, shaded by how many of its regions lie in each; None without an area."""
    regions = definition.regions(PROGRAMME_AREA)
    counted = Counter(_ISO.get(code[:2], code[:2]) for code in regions)
    if not counted:
        return None
    shapes = outline.countries()
    edges = [edge for country in counted for edge in _edges(shapes.get(country, ""))]
    return AreaMap(
        title=_("Programme area"),
        unit=_("regions (NUTS) in the area"),
        source=definition.sources[-1] if definition.sources else definition.name.best(reader()),
        as_of=max(area.version for area in definition.areas),
        view=around(edges, WHOLE),
        areas=tuple(
            Area(code, str(codes.label("country", code, reader())), shape, counted.get(code))
            for code, shape in shapes.items()
        ),
    )


def _edges(shape: str) -> list[tuple[float, float]]:
    """All corners of a path of `codes.outline`: absolute starts, then steps."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for command, numbers in _PART.findall(shape):
        for pair in numbers.split():
            right, down = map(float, pair.split(","))
            x, y = (right, down) if command == "M" else (x + right, y + down)
            found.append((x, y))
    return found


urlpatterns = [
    path("", programme_list, name="list"),
    path("<slug:key>/", detail, name="detail"),
    path("<slug:key>/versions/<int:number>/", version, name="version"),
]
