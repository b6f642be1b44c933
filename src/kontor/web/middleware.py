"""Around every request: the person's language and time zone, and what a refusal looks like."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from kontor.base.api import nul_found, refuse_nul
from kontor.base.errors import KontorError
from kontor.base.permissions import Denied
from kontor.web import failures

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("kontor.web")


class PersonMiddleware:
    """Language: the one chosen in this browser, else the person's own, else what the browser asks for.

    LocaleMiddleware has settled the first and the last already. Time zone: the person's, else the site's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._settle(request, request.user)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def _settle(self, request: HttpRequest, person: Any) -> None:
        timezone.activate(ZoneInfo(person.time_zone))
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and person.language in dict(settings.LANGUAGES):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language


class RefusalMiddleware:
    """Denied becomes the sign-in page or a page that says why; KontorError becomes a page in plain words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Text that no database can store ends here, before a query fails on it. The API asks for itself."""
        if request.path.startswith(failures.API):
            return None
        try:
            refuse_nul(request)
            if any("\x00" in text for _name, texts in request.POST.lists() for text in texts):
                raise nul_found()
        except KontorError as problem:
            return failures.problem(request, problem)
        return None

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, Denied):
            return failures.denied(request) if problem.signed_in else to_sign_in(request)
        if isinstance(problem, KontorError):
            return failures.problem(request, problem)
        return None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here; a fragment asked for by htmx takes the whole page along."""
    here = request.get_full_path()
    htmx = getattr(request, "htmx", None)
    sends = request.method not in {"GET", "HEAD"}
    if htmx:
        here = htmx.current_url_abs_path or "/"
    elif sends:
        here = _page_of_form(request)
    if sends:
        text = _(
            "Nothing was saved, because you are not signed in or your session has ended. "
            "Sign in and fill in the form again."
        )
        messages.warning(request, text)
    address = f"{reverse('accounts:sign-in')}?{urlencode({'next': here})}"
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _page_of_form(request: HttpRequest) -> str:
    """The page of this site that the form stood on, as a path; the start page where the browser keeps it
    to itself.
    """
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    # One slash: a path that begins with two would name another site.
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path
