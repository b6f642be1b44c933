"""The applicant's side of an amendment: a form of the fields that are asked about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kontor.base.actor import actor_of
from kontor.base.errors import Conflict, KontorError
from kontor.base.permissions import policy, require
from kontor.features.calls.dossier.actions import amending
from kontor.features.calls.dossier.actions.amending_files import attach_to_amendment
from kontor.features.calls.dossier.actions.amending_typed import save_typed_amendment
from kontor.features.calls.dossier.asked import asked_fields, partners_in
from kontor.features.calls.dossier.rules import may_take_over
from kontor.features.calls.dossier.views.amendments import amendment_in, page
from kontor.features.calls.dossier.views.reading import application_of, language
from kontor.features.calls.models import Amendment, Application
from kontor.features.calls.rules import may_submit_application
from kontor.features.calls.writing.posted import value_in
from kontor.features.calls.writing.views.saving import body_of, told_of_saving, written_of
from kontor.programmes.forms import Field, tidy


@never_cache
@require_POST
@policy(may_take_over)
def write(request: HttpRequest, key: str, amendment_key: str) -> HttpResponse:
    """Save the draft; hand it in where `hand_in` is pressed."""
    application = application_of(request, key)
    require(request, may_take_over, application)
    row = amendment_in(application, amendment_key)
    values = _posted(request, application, row)
    seen = request.POST.get("revision", "")
    try:
        saved = amending.save_amendment(
            amendment=row,
            values=values,
            note=request.POST.get("note", ""),
            revision=int(seen) if seen.isdecimal() else 0,
            actor=actor_of(request),
        )
        saved = _attached(request, saved)
        if "hand_in" in request.POST:
            require(request, may_submit_application, application)
            amending.answer_amendment(amendment=saved, revision=saved.revision, actor=actor_of(request))
    except KontorError as error:
        messages.error(request, str(error))
        row.refresh_from_db()
        met = isinstance(error, Conflict)
        fields = asked_fields(application, row, values, language(), theirs=met)
        told = {"fields": fields, "conflict": met, "note": request.POST.get("note", "")}
        return page(request, application, row, status=409 if met else 400, **told)
    messages.success(request, _("Handed in.") if "hand_in" in request.POST else _("Saved."))
    return redirect(row)


@never_cache
@require_POST
@policy(may_take_over)
def autosave(request: HttpRequest, key: str, amendment_key: str) -> HttpResponse:
    """The same for the script of the writing page, which sends single fields: `writing.views.saving.save`."""
    application = application_of(request, key)
    require(request, may_take_over, application)
    row = amendment_in(application, amendment_key)
    try:
        written = written_of(body_of(request))
        saved = save_typed_amendment(amendment=row, written=written, actor=actor_of(request))
    except KontorError as error:
        return JsonResponse(error.as_dict(), status=error.status)
    return told_of_saving(application, saved, row.revision)


def _posted(request: HttpRequest, application: Application, row: Amendment) -> dict[str, Any]:
    partners = partners_in(application)
    found = {}
    for key in row.fields:
        field = application.questions.field(key)
        try:
            value = (
                _kept(request, field, row)
                if field.kind == "file"
                else value_in(request.POST, field, partners)
            )
            found[key] = tidy(field, value)
        except TypeError as wrong:
            raise Http404 from wrong
    return found


def _kept(request: HttpRequest, field: Field, row: Amendment) -> list[dict[str, Any]]:
    """The files that stay ticked."""
    ticked = request.POST.getlist(f"f-{field.key}")
    files = row.after.get(field.key, row.before.get(field.key)) or []
    return [file for file in files if file["key"] in ticked]


def _attached(request: HttpRequest, row: Amendment) -> Amendment:
    """With the new files that were sent along."""
    for key in row.fields:
        upload = request.FILES.get(f"file-{key}")
        if upload is not None and not isinstance(upload, list):
            row = attach_to_amendment(amendment=row, field=key, upload=upload, actor=actor_of(request))
    return row


urlpatterns: list[Any] = [
    path("<str:key>/amendments/<str:amendment_key>/write/", write, name="amendment-write"),
    path("<str:key>/amendments/<str:amendment_key>/save/", autosave, name="amendment-save"),
]
