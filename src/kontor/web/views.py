"""Pages that belong to no feature: the start page, language and theme, and the error pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from kontor.base import panels
from kontor.base.permissions import PUBLIC, policy
from kontor.features.accounts.actions.people import note_choice
from kontor.features.accounts.models import User
from kontor.web.context import THEME_COOKIE, THEMES, address

YEAR = 365 * 24 * 60 * 60


@require_POST
@policy(PUBLIC)
def language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on: in this browser, and to this person in other browsers and in mails."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember(request, "language", chosen)
    return set_language(request)


@require_safe
@policy(PUBLIC)
def start(request: HttpRequest) -> HttpResponse:
    """What Kontor is, for visitors; what waits for them, for people signed in."""
    signed_in = request.user.is_authenticated
    context = {
        "panels": panels.panels_for(request.user) if signed_in else (),
        "figures": panels.figures(),
        "match_href": address("matching:search"),
        "directory_href": address("organisations:list"),
        "map_href": address("organisations:map"),
    }
    return render(request, "kontor/start.html", context)


@require_POST
@policy(PUBLIC)
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the device's choice in a cookie, and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    answer = HttpResponseRedirect(target)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _remember(request, "theme", chosen)
        answer.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return answer


@require_safe
@policy(PUBLIC)
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address unasked; the mark is what they want. Its name carries its version."""
    return HttpResponseRedirect(static("kontor/mark.svg"))


def _remember(request: HttpRequest, field: str, value: str) -> None:
    if isinstance(request.user, User):
        note_choice(user=request.user, field=field, value=value)
