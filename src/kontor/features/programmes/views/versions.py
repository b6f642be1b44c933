"""Versions of a programme: the list, any two compared in words, the file to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from kontor import programmes
from kontor.base.permissions import PUBLIC, policy
from kontor.features.programmes.models import ProgrammeVersion
from kontor.features.programmes.queries import programme_for, version_for, versions_for
from kontor.features.programmes.tabs import tabs_of
from kontor.features.programmes.templatetags.programme_words import reader
from kontor.programmes.compare import compare


@require_safe
@policy(PUBLIC)
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """All versions that the person may see, and a form that compares two."""
    programme = programme_for(request.user, key)
    rows = versions_for(request.user, programme)
    for row in rows:
        row.programme = programme
    context = {
        "programme": programme,
        "rows": rows,
        "tabs": tabs_of(request.user, programme, _definition(rows), "versions"),
    }
    return render(request, "programmes/versions.html", context)


@require_safe
@policy(PUBLIC)
def difference(request: HttpRequest, key: str) -> HttpResponse:
    """What changes from `?from=` to `?to=`, in words; without them, from the version before to the newest."""
    programme = programme_for(request.user, key)
    rows = versions_for(request.user, programme)
    numbers = [row.number for row in rows]
    old = _number(request, "from", numbers[1] if len(numbers) > 1 else numbers[0])
    new = _number(request, "to", numbers[0])
    before, after = version_for(request.user, programme, old), version_for(request.user, programme, new)
    context: dict[str, Any] = {
        "programme": programme,
        "rows": rows,
        "before": before,
        "after": after,
        "tabs": tabs_of(request.user, programme, _definition(rows), "versions"),
        **changes_between(before.text, after.text, published=after.published_at is not None),
    }
    return render(request, "programmes/difference.html", context)


def changes_between(old: str, new: str, *, published: bool = False) -> dict[str, Any]:
    """Sentences in the reader's language, or the faults of a `new` that is not `published` yet."""
    before, _none = programmes.check(old.encode())
    after, problems = programmes.check(new.encode())
    if before is None or after is None or (problems and not published):
        return {"problems": problems}
    return {"changes": [one.text(reader()) for one in compare(before, after)]}


@require_safe
@policy(PUBLIC)
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The file of a version, as it was written."""
    version = version_for(request.user, programme_for(request.user, key), number)
    answer = HttpResponse(version.text, content_type="application/toml; charset=utf-8")
    name = f"{key}-{version.label or version.number}.toml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _definition(rows: list[ProgrammeVersion]) -> programmes.Programme | None:
    """What the current version says; None while nothing is published."""
    current = next((row for row in rows if row.published_at), None)
    return current.definition if current else None


def _number(request: HttpRequest, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else default


urlpatterns = [
    path("<slug:key>/versions/", versions, name="versions"),
    path("<slug:key>/versions/compare/", difference, name="difference"),
    path("<slug:key>/versions/<int:number>/file/", download, name="file"),
]
