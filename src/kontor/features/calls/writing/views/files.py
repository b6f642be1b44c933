"""Files that answer a field."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.attachments import answer_with
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.completeness import field_address
from kontor.features.calls.dossier.files import readable_file
from kontor.features.calls.models import Application
from kontor.features.calls.rules import may_read_application, may_write_application
from kontor.features.calls.writing.views.finding import application_by, said
from kontor.features.calls.writing.views.section import save_typed


def _back(application: Application, field: str) -> str:
    form = application.questions
    known = {one.key for one in form.fields()}
    if field not in known:
        return application.get_absolute_url()
    return field_address(application, form.section_of(field).key, field)


@require_POST
@policy(may_write_application)
def add(request: HttpRequest, key: str, field: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    save_typed(request, application)
    upload = request.FILES.get(f"file-{field}")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect(_back(application, field))
    with said(request, _("The file is added.")):
        actions.attach_file(application=application, field=field, upload=upload, actor=actor_of(request))
    return redirect(_back(application, field))


@require_POST
@policy(may_write_application)
def remove(request: HttpRequest, key: str, field: str, file: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    save_typed(request, application)
    with said(request, _("The file is taken out. The versions of the field still have it.")):
        actions.remove_file(application=application, field=field, key=file, actor=actor_of(request))
    return redirect(_back(application, field))


@require_safe
@policy(may_read_application)
def download(request: HttpRequest, key: str, file: str) -> HttpResponseBase:
    application = application_by(request, key)
    found = readable_file(request.user, application, file)
    if found is None:
        raise Http404
    return answer_with(found)


urlpatterns = [
    path("applications/<slug:key>/files/<slug:field>/add/", add, name="file-add"),
    path("applications/<slug:key>/files/<slug:field>/<slug:file>/remove/", remove, name="file-remove"),
    path("applications/<slug:key>/file/<slug:file>/", download, name="file"),
]
