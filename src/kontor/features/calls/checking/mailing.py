"""The address of a self-check by mail."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from kontor.base import mail
from kontor.features.calls.models import SelfCheck


def send_check(*, check: SelfCheck, email: str, language: str) -> None:
    """To whoever wants to go on elsewhere; the address is the key, and nothing else is needed."""
    address = reverse("calls:check-kept", args=[check.key])
    mail.send(
        to=email,
        language=language,
        template="check_kept",
        context={"call": check.call, "check": check, "page_url": f"{settings.SITE_URL}{address}"},
    )
