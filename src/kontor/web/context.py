"""What every page knows about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context: name of the site and the languages offered."""
    return {"site_name": settings.SITE_NAME, "site_languages": settings.LANGUAGES}
