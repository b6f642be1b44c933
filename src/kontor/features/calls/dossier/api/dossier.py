"""The whole dossier."""

from __future__ import annotations

from typing import Literal

from django.http import FileResponse, HttpRequest, HttpResponse

from kontor.base.api import Router, not_found
from kontor.base.attachments import answer_with
from kontor.base.pdf import answer_with_pdf
from kontor.base.permissions import policy
from kontor.features.calls.dossier.api.reading import file_answer, read_by
from kontor.features.calls.dossier.archive import archive_of, pdf_of_application
from kontor.features.calls.dossier.files import readable_file
from kontor.features.calls.dossier.rules import may_read_papers
from kontor.features.calls.dossier.whole import whole_of

router = Router("calls")


@router.get("/{key}/dossier/", response={200: None}, openapi_extra=file_answer("application/zip"))
@policy(may_read_papers)
def dossier(request: HttpRequest, key: str, language: Literal["en", "de", "nl"] = "en") -> FileResponse:
    """One ZIP file: form, annexes, receipts, history and an index with the SHA-256 of each.

    Who handles the application gets it as handed in, its own people as it is.
    """
    application = read_by(request, key)
    content = archive_of(whole_of(request.user, application, language))
    return FileResponse(
        content, as_attachment=True, filename=f"{application.number}.zip", content_type="application/zip"
    )


@router.get("/{key}/dossier.pdf", response={200: None}, openapi_extra=file_answer("application/pdf"))
@policy(may_read_papers)
def dossier_pdf(request: HttpRequest, key: str, language: Literal["en", "de", "nl"] = "en") -> HttpResponse:
    """The form with its answers, to print."""
    application = read_by(request, key)
    whole = whole_of(request.user, application, language)
    return answer_with_pdf(pdf_of_application(whole), application.number)


@router.get(
    "/{key}/files/{file}/", response={200: None}, openapi_extra=file_answer("application/octet-stream")
)
@policy(may_read_papers)
def answer_file(request: HttpRequest, key: str, file: str) -> FileResponse:
    """A file of an answer."""
    found = readable_file(request.user, read_by(request, key), file)
    if found is None:
        raise not_found()
    return answer_with(found)
