"""WSGI door."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.web.settings")
application = get_wsgi_application()

from kontor.base import warmup  # noqa: E402  # needs the apps that the line above loads

warmup.start()
