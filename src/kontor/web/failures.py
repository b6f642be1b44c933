"""What a person sees when something is refused or fails: a page with what is wrong and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError

API = "/api/"


def problem(request: HttpRequest, error: KontorError) -> HttpResponse:
    """The page (or, under /api/, the error shape) for any KontorError, with its status."""
    if request.path.startswith(API):
        return JsonResponse(error.as_dict(), status=error.status)
    return render(request, "kontor/problem.html", {"problem": error}, status=error.status)


def denied(request: HttpRequest) -> HttpResponse:
    """Signed in, but not allowed. Says so without telling what is there."""
    return problem(
        request,
        KontorError(
            _("You may not see or do this."),
            code="denied",
            remedy=_("Ask the owner of the organisation or the manager of your cluster for the right role."),
            status=403,
        ),
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(
        request,
        KontorError(
            _("This form is too old or came from another site."),
            code="form-expired",
            remedy=_("Go back, load the page again and send the form once more. Cookies must be allowed."),
            status=403,
        ),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """May come before the session is known (a wrong host name), so it is the page that needs nothing."""
    error = KontorError(
        _("The request could not be understood."),
        code="bad-request",
        remedy=_("Check the address."),
        status=400,
    )
    return problem(request, error)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return denied(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    error = KontorError(
        _("This page does not exist, or you may not see it."),
        code="not-found",
        remedy=_("Check the address, or go to the start page."),
        status=404,
    )
    return problem(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither database nor session: either may be what failed."""
    error = KontorError(
        _("Something went wrong on our side."),
        code="server-error",
        remedy=_("Try again in a minute. The failure has been noted."),
        status=500,
    )
    return bare(request, error)


def bare(request: HttpRequest, error: KontorError) -> HttpResponse:
    """A page that asks neither who looks nor the database."""
    if request.path.startswith(API):
        return JsonResponse(error.as_dict(), status=error.status)
    return HttpResponse(render_to_string("kontor/failure.html", {"problem": error}), status=error.status)
