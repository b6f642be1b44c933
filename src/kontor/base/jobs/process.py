"""This process and its like: a name that no later process shares, and whether a named one still lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


def this_worker() -> str:
    """`host/pid/start`: the start tells a process from a later one with the same number."""
    return f"{_host()}/{os.getpid()}/{_started(os.getpid())}"


def is_dead_here(worker: str) -> bool | None:
    """Whether a worker of this machine is gone; None when it runs elsewhere and this machine cannot know."""
    parts = worker.split("/")
    if len(parts) != 3 or parts[0] != _host():
        return None
    return _started(int(parts[1])) != parts[2]


def _host() -> str:
    return socket.gethostname()[:60]


def _started(pid: int) -> str:
    """The process's start in clock ticks since boot, with the boot's identity; `gone` when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return "gone"
    # the second field is the name in brackets and may hold blanks; a zombie ("Z") does no work any more
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] == "Z" else f"{fields[19]}-{_boot()}"


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()[:8]
