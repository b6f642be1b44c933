"""Setting the site up for a `kontor` command."""

from __future__ import annotations

import os

import django
from django.apps import apps


def site() -> None:
    """Load settings and apps once; call it first in every command that needs the database."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.web.settings")
        django.setup()
