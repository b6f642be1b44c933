"""How much one person may write to the people of a call."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kontor.base.calls import count_call
from kontor.base.client import client_address
from kontor.base.errors import KontorError

#: Messages of one person or address in a minute.
MOST_A_MINUTE = 5


def not_too_many(request: HttpRequest) -> None:
    """KontorError 429 where one person or address writes more than a person can."""
    user: Any = request.user
    caller = user.key if user.is_authenticated else client_address(request)
    if count_call(f"calls-ask-{caller}", int(time.time()) // 60) > MOST_A_MINUTE:
        raise KontorError(
            _("That was a lot in one minute."),
            code="too-many",
            remedy=_("Wait a minute and send it again."),
            status=429,
        )
