"""What a process loads before the first person asks: models, lexica, indexes.

Features register what takes seconds to load; the web server runs it beside its first requests.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("kontor.warmup")
_steps: list[Callable[[], object]] = []


def register(step: Callable[[], object]) -> None:
    """Have `step` run once in each server process. Registering it twice changes nothing."""
    if step not in _steps:
        _steps.append(step)


def start() -> threading.Thread:
    """Run the steps in a thread of their own; whoever asks meanwhile waits for what they need."""
    thread = threading.Thread(target=_run, name="warm-up", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    from django.db import connection

    try:
        for step in tuple(_steps):
            step()
    except Exception:
        # A step that fails here fails again, with its own page, for the person who needs it.
        log.exception("warm-up stopped")
    finally:
        connection.close()
