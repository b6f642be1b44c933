"""Taking answers over from another application or from the directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy, require
from kontor.features.calls.dossier.actions.taking_over import take_over
from kontor.features.calls.dossier.copying import (
    CopyLine,
    facts_for,
    fitting_fields,
    plan_for,
    proposed,
    sources_for,
    taken_facts,
)
from kontor.features.calls.dossier.facts import answers_of, ground_of
from kontor.features.calls.dossier.rules import may_take_over
from kontor.features.calls.dossier.views.reading import application_of, head, language, said
from kontor.features.calls.models import Application, TransferKind
from kontor.features.calls.queries import own_applications
from kontor.programmes.forms import Field
from kontor.programmes.word.answers import boxes_of
from kontor.programmes.word.model import Box


@dataclass(frozen=True)
class CopyRow:
    line: CopyLine
    label: str
    other_label: str
    offered: tuple[Box, ...]
    here: tuple[Box, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FactRow:
    field: Field
    label: str
    here: str
    proposed: str


@never_cache
@require_safe
@policy(may_take_over)
def overview(request: HttpRequest, key: str) -> HttpResponse:
    """Where answers may come from, and what was taken over."""
    application = _written_by(request, key)
    context = {
        **head(request, application, "take-over"),
        "sources": sources_for(request.user, application),
        "transfers": application.transfers.exclude(kind="word")[:20],
    }
    return render(request, "calls/dossier/take_over.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_take_over)
def copy(request: HttpRequest, key: str, source_key: str) -> HttpResponse:
    """Field by field from another application of the person's organisations."""
    application = _written_by(request, key)
    source = get_object_or_404(
        own_applications(request.user).select_related("call__programme", "call__version"), key=source_key
    )
    found = plan_for(application, source)
    if request.method == "POST":
        chosen = set(request.POST.getlist("field"))
        values = {
            line.copy.target: line.copy.value for line in found if line.is_new and line.copy.target in chosen
        }
        with said(request, _("Taken over: %(count)s.") % {"count": len(values)}):
            take_over(
                application=application,
                kind=TransferKind.APPLICATION,
                source=source.number,
                values=values,
                revision=_revision(request),
                language=source.language,
                actor=actor_of(request),
            )
        return redirect("calls:take-over", application.key)
    context = {
        **head(request, application, "take-over"),
        "source": source,
        "rows": [_copy_row(application, source, line) for line in found],
    }
    return render(request, "calls/dossier/copy.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_take_over)
def directory(request: HttpRequest, key: str) -> HttpResponse:
    """Texts of the directory for the fields that take one."""
    application = _written_by(request, key)
    facts = facts_for(request.user, application)
    fields = fitting_fields(application)
    if request.method == "POST":
        choices = {field.key: request.POST.get(f"fact-{field.key}", "") for field in fields}
        values = taken_facts(application, choices, facts)
        with said(request, _("Taken over: %(count)s.") % {"count": len(values)}):
            take_over(
                application=application,
                kind=TransferKind.DIRECTORY,
                source=", ".join(organisation.name for organisation, _listed in facts),
                values=values,
                revision=_revision(request),
                language=application.language,
                actor=actor_of(request),
            )
        return redirect("calls:take-over", application.key)
    here = answers_of(application)
    listed = [fact for _organisation, each in facts[:1] for fact in each]
    rows = [
        FactRow(
            field,
            field.label.best(language()),
            _plain(application, here.get(field.key)),
            proposed(field, listed),
        )
        for field in fields
    ]
    context = {**head(request, application, "take-over"), "facts": facts, "rows": rows}
    return render(request, "calls/dossier/directory.html", context)


def _plain(application: Application, value: Any) -> str:
    return str(value.get(application.language, "")) if isinstance(value, dict) else str(value or "")


def _copy_row(application: Application, source: Application, line: CopyLine) -> CopyRow:
    spoken = language()
    ground = ground_of(application, spoken)
    form = application.questions
    target = line.target
    offered: tuple[Box, ...] = ()
    here: tuple[Box, ...] = ()
    if target is not None and line.copy.value is not None:
        offered = boxes_of(form, target, line.copy.value, ground)
        here = boxes_of(form, target, line.here, ground)
    label = line.source.label.best(spoken)
    other = target.label.best(spoken) if target else ""
    reasons = tuple(reason.text(spoken) for reason in line.copy.reasons)
    return CopyRow(line, label, other if other != label else "", offered, here, reasons)


def _revision(request: HttpRequest) -> int:
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() else 0


def _written_by(request: HttpRequest, key: str) -> Application:
    application = application_of(request, key)
    require(request, may_take_over, application)
    return application


urlpatterns: list[Any] = [
    path("<str:key>/take-over/", overview, name="take-over"),
    path("<str:key>/take-over/directory/", directory, name="from-directory"),
    path("<str:key>/take-over/from/<str:source_key>/", copy, name="copy"),
]
