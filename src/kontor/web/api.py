"""Root of the API: /api/v1/. Every failure has one shape; every operation its policy and scope."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.throttling import BaseThrottle

from kontor.base.api import not_found
from kontor.base.api.audit import router as audit
from kontor.base.api.jobs import router as jobs
from kontor.base.calls import count_call
from kontor.base.client import client_address
from kontor.base.errors import KontorError
from kontor.base.permissions import Denied
from kontor.features.accounts.api import people
from kontor.features.accounts.api import router as me
from kontor.features.accounts.tokens import TokenOrSession
from kontor.features.calls.api import ROUTERS as calls
from kontor.features.calls.dossier.api import router as papers
from kontor.features.calls.writing.api import router as applications
from kontor.features.decisions.api import router as decisions
from kontor.features.juries.api import router as juries
from kontor.features.matching.api import router as matches
from kontor.features.matching.consortia.api import router as consortia
from kontor.features.matching.introductions.api import router as introductions
from kontor.features.matching.suggestions.api import router as suggestions
from kontor.features.matching.weights.api import router as weights
from kontor.features.organisations.api import BESIDE as beside_organisations
from kontor.features.organisations.api import router as organisations
from kontor.features.programmes.api import router as programmes
from kontor.web.unfit import sentence

log = logging.getLogger("kontor.api")


class PerCaller(BaseThrottle):
    """Counts the calls of one person, or of one address where nobody is signed in, minute by minute, and
    allows as many as KONTOR_API_RATE says.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        if not settings.API_RATE:
            return True
        user: Any = request.user
        caller = user.key if user.is_authenticated else client_address(request)
        return count_call(caller, int(time.time()) // 60) <= settings.API_RATE

    def wait(self) -> float:
        """Seconds until the next minute."""
        return 60 - time.time() % 60


api = NinjaAPI(
    title="Kontor",
    version="1",
    description="Read and change what you may see and change on the site. See docs/concepts/api.md.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
    auth=TokenOrSession(),
    throttle=PerCaller(),
)
api.add_router("/me", me)
api.add_router("/people", people)
api.add_router("/matches/suggestions", suggestions)
api.add_router("/matches/weights", weights)
api.add_router("/matches", matches)
api.add_router("/introductions", introductions)
api.add_router("/consortia", consortia)
api.add_router("/juries", juries)
api.add_router("/applications", applications)
api.add_router("/organisations", organisations)
for prefix, router in beside_organisations.items():
    api.add_router(prefix, router)
api.add_router("/applications", papers)
api.add_router("/programmes", programmes)
api.add_router("/decisions", decisions)
for each in calls:
    api.add_router("/calls", each)
api.add_router("/jobs", jobs)
api.add_router("/audit", audit)


def _answer(request: HttpRequest, error: KontorError) -> HttpResponse:
    answer = api.create_response(request, error.as_dict(), status=error.status)
    if error.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(KontorError)
def _known(request: HttpRequest, problem: KontorError) -> HttpResponse:
    return _answer(request, problem)


@api.exception_handler(Denied)
def _denied(request: HttpRequest, problem: Denied) -> HttpResponse:
    if problem.signed_in:
        error = KontorError(
            _("You may not see or do this."), code="denied", remedy=_("Ask for the right role."), status=403
        )
    else:
        error = KontorError(
            _("This needs somebody signed in."),
            code="sign-in-needed",
            path="header.Authorization",
            remedy=_("Send a token as: Authorization: Bearer TOKEN."),
            status=401,
        )
    return _answer(request, error)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, problem: Http404) -> HttpResponse:
    return _answer(request, not_found())


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """The first of what does not fit; `path` is like body.name or query.page."""
    first: dict[str, Any] = problem.errors[0]
    place = [str(part) for part in first["loc"]]
    if place[0] == "body":
        del place[1:2]  # what the operation calls its body, which no caller knows
    path = ".".join(place)
    more = len(problem.errors) - 1
    error = KontorError(
        sentence(first),
        code="invalid",
        path=path,
        remedy=_("{count} more values do not fit.").format(count=more) if more else "",
        status=422,
    )
    return _answer(request, error)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, problem: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    error = KontorError(
        _("The call's body is larger than {most} MB.").format(most=most),
        code="too-large",
        path="body",
        remedy=_("Send less at once."),
        status=413,
    )
    return _answer(request, error)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, problem: HttpError) -> HttpResponse:
    known = {
        400: ("unreadable", _("The call's body cannot be read."), _("Send JSON, in UTF-8.")),
        429: ("too-many-calls", _("Too many calls in a minute."), _("Wait as long as Retry-After says.")),
    }
    code, words, remedy = known.get(problem.status_code, ("refused", str(problem), ""))
    return _answer(request, KontorError(words, code=code, remedy=remedy, status=problem.status_code))


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, problem: Exception) -> HttpResponse:
    log.exception("API call %s %s failed", request.method, request.path, exc_info=problem)
    error = KontorError(
        _("Something went wrong on our side."),
        code="server-error",
        remedy=_("Try again in a minute. The failure has been noted."),
        status=500,
    )
    return _answer(request, error)
