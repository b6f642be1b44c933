"""What leaves as a table for spreadsheet programs."""

from __future__ import annotations

from typing import Any


def harmless(value: Any) -> Any:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
