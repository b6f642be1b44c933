"""Every version of an answer, bringing one back, and deciding between two that met."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import policy
from kontor.features.calls import actions
from kontor.features.calls.completeness import field_address
from kontor.features.calls.dossier.facts import ground_of
from kontor.features.calls.models import AnswerVersion, Application
from kontor.features.calls.rules import may_write_application
from kontor.features.calls.writing.fields import language
from kontor.features.calls.writing.views.finding import application_by, said
from kontor.features.calls.writing.views.overview import head_of
from kontor.features.calls.writing.views.section import save_typed
from kontor.programmes.word.answers import boxes_of

#: Versions on one page.
MOST = 100


@require_safe
@policy(may_write_application)
def versions(request: HttpRequest, key: str, field: str) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    form = application.questions
    known = {one.key: one for one in form.fields()}
    if field not in known:
        raise Http404
    rows = application.versions.filter(field=field)[:MOST]
    ground = ground_of(application, language())
    context = {
        **head_of(request, application),
        "field": known[field],
        "label": known[field].label.best(request.LANGUAGE_CODE),
        "rows": [(row, boxes_of(form, known[field], row.value, ground)) for row in rows],
        "back": field_address(application, form.section_of(field).key, field),
    }
    return render(request, "calls/writing/versions.html", context)


def _version(application: Application, pk: int) -> AnswerVersion:
    return get_object_or_404(application.versions.select_related("application"), pk=pk)


@require_POST
@policy(may_write_application)
def restore(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    application = application_by(request, key, may_write_application)
    version = _version(application, pk)
    with said(request, _("The version is back.")):
        actions.restore_version(version=version, actor=actor_of(request))
    section = application.questions.section_of(version.field)
    return redirect(field_address(application, section.key, version.field))


@require_POST
@policy(may_write_application)
def settle(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take the text that was kept beside, or leave what stands; both stay among the versions."""
    application = application_by(request, key, may_write_application)
    save_typed(request, application)
    version = _version(application, pk)
    with said(request, _("Decided. The other text stays among the versions.")):
        actions.settle_version(
            version=version, take=request.POST.get("take") == "yes", actor=actor_of(request)
        )
    section = application.questions.section_of(version.field)
    return redirect(field_address(application, section.key, version.field))


urlpatterns = [
    path("applications/<slug:key>/versions/<slug:field>/", versions, name="versions"),
    path("applications/<slug:key>/version/<int:pk>/restore/", restore, name="version-restore"),
    path("applications/<slug:key>/version/<int:pk>/settle/", settle, name="version-settle"),
]
