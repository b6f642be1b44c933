"""Who calls the API: a program with a token, a person with a session, or nobody."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf

from kontor.base.errors import KontorError
from kontor.features.accounts.models import ApiToken
from kontor.features.accounts.queries import token_of

SAFE = {"GET", "HEAD", "OPTIONS"}
# "last used" is exact to the minute, so that reading through the API seldom writes
USED_STEP = dt.timedelta(minutes=1)


class TokenOrSession(HttpAuthBase):
    """Sets `request.user` (and `request.api_token`). Nobody passes too: the operation's policy decides.

    A token that does not work is an error even where nobody would be let in, so that a program notices.
    A session counts for changes only with Django's CSRF token.
    """

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> bool:
        header = request.headers.get("Authorization", "")
        if header:
            self._by_token(request, header)
        elif request.user.is_authenticated and request.method not in SAFE:
            _insist_on_csrf(request)
        return True

    def _by_token(self, request: HttpRequest, header: str) -> None:
        scheme, _blank, secret = header.partition(" ")
        token = token_of(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise KontorError(
                _("The token is unknown, revoked or too old."),
                code="token-invalid",
                path="header.Authorization",
                remedy=_(
                    "Create a new one on your account page and send it as: Authorization: Bearer TOKEN."
                ),
                status=401,
            )
        request.user = token.user
        request.api_token = token  # type: ignore[attr-defined]
        _note_use(token)


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_STEP:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _insist_on_csrf(request: HttpRequest) -> None:
    if check_csrf(request):
        raise KontorError(
            _("A change from a browser needs the CSRF token."),
            code="csrf",
            path="header.X-CSRFToken",
            remedy=_("Send the header X-CSRFToken, or use a token for programs."),
            status=403,
        )
