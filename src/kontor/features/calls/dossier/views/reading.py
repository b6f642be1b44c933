"""What the pages of an application's papers share: finding it, its tabs, saying what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.base.errors import KontorError
from kontor.base.permissions import allowed
from kontor.features.calls.dossier.rules import may_read_papers, may_take_over
from kontor.features.calls.models import Application
from kontor.features.calls.rules import may_handle_application
from kontor.features.calls.writing.views.finding import application_by


def application_of(request: HttpRequest, key: str) -> Application:
    """The application, if the reader may read it; 404 else, so that nobody learns that it exists."""
    return application_by(request, key, may_read_papers)


def language() -> str:
    return (get_language() or "en")[:2]


@contextmanager
def said(request: HttpRequest, text: object = "") -> Iterator[None]:
    """Tell what was done, or why it was not."""
    try:
        yield
    except KontorError as error:
        messages.error(request, str(error))
    else:
        if text:
            messages.success(request, str(text))


def head(request: HttpRequest, application: Application, tab: str) -> dict[str, Any]:
    """What the head of every page of the papers needs."""
    writes = application.is_draft and allowed(request, may_take_over, application)
    return {
        "application": application,
        "tabs": tabs_of(request, application, tab),
        "writes": writes,
        "inside": allowed(request, may_take_over, application),
        "handles": allowed(request, may_handle_application, application),
        "language": language(),
        "now": timezone.now(),
    }


def tabs_of(request: HttpRequest, application: Application, tab: str) -> list[dict[str, Any]]:
    """Links between the application and its papers, as far as this reader needs them."""
    pages = [
        ("application", _("Application"), "calls:application"),
        ("signatures", _("Sections and signatures"), "calls:signatures"),
    ]
    if application.is_draft and allowed(request, may_take_over, application):
        pages += [
            ("word", _("Word file"), "calls:word"),
            ("take-over", _("Take over"), "calls:take-over"),
        ]
    if application.submitted_at:
        pages.append(("amendments", _("Amendments"), "calls:amendments"))
    pages.append(("dossier", _("Dossier"), "calls:dossier"))
    return [
        {
            "label": label,
            "href": reverse(address, args=[application.key]),
            "current": name == tab,
            "count": None,
        }
        for name, label, address in pages
    ]
