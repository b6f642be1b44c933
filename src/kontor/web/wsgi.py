"""WSGI door."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.web.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  # needs the apps that the line above loads

from kontor.base import warmup  # noqa: E402  # as above

# Every page and the whole API are read now: else the first visitor waits for it, beside the warm-up.
_ = get_resolver().url_patterns
warmup.start()
