"""The whole dossier: to read and print, as PDF, as one archive."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.calls.dossier.archive import archive_of, pdf_of_application
from kontor.features.calls.dossier.rules import may_read_papers
from kontor.features.calls.dossier.views.reading import application_of, head, language
from kontor.features.calls.dossier.whole import whole_of


@never_cache
@require_safe
@policy(may_read_papers)
def dossier(request: HttpRequest, key: str) -> HttpResponse:
    """Everything on one page, made for paper too."""
    application = application_of(request, key)
    whole = whole_of(request.user, application, language())
    context = {**head(request, application, "dossier"), "whole": whole, "sections": whole.sections}
    return render(request, "calls/dossier/dossier.html", context)


@require_safe
@policy(may_read_papers)
def archive(request: HttpRequest, key: str) -> FileResponse:
    """One ZIP file."""
    application = application_of(request, key)
    content = archive_of(whole_of(request.user, application, language()))
    answer = FileResponse(
        content, as_attachment=True, filename=f"{application.number}.zip", content_type="application/zip"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@policy(may_read_papers)
def pdf(request: HttpRequest, key: str) -> HttpResponse:
    application = application_of(request, key)
    whole = whole_of(request.user, application, language())
    return answer_with_pdf(pdf_of_application(whole), application.number)


urlpatterns: list[Any] = [
    path("<str:key>/dossier/", dossier, name="dossier"),
    path("<str:key>/dossier.zip", archive, name="dossier-zip"),
    path("<str:key>/dossier.pdf", pdf, name="dossier-pdf"),
]
