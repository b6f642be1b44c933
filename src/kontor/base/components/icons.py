"""Line icons on a 24 x 24 grid, drawn for Kontor. A word stands beside each icon or in its label."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "good": "M5 12.5l4.5 4.5L19 7.5",
    "warn": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.3",
    "bad": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM9 9l6 6M15 9l-6 6",
    "info": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 11v5.5M12 7.6v.3",
    "neutral": "M6 12h12",
    "search": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20 20",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "close": "M6 6l12 12M18 6L6 18",
    "person": "M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20c.8-3.8 3.8-5.5 7.5-5.5s6.7 1.7 7.5 5.5",
    "language": (
        "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM3.5 12h17M12 3.5c3 2.5 3.5 5.5 3.5 8.5s-.5 6-3.5 "
        "8.5c-3-2.5-3.5-5.5-3.5-8.5s.5-6 3.5-8.5z"
    ),
    "theme": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 3.5v17M15 5v14M18 7.5v9",
    "down": "M6 9.5l6 6 6-6",
    "up": "M6 14.5l6-6 6 6",
    "sort": "M8 9.5l4-4 4 4M8 14.5l4 4 4-4",
    "previous": "M14.5 6l-6 6 6 6",
    "next": "M9.5 6l6 6-6 6",
    "plus": "M12 5v14M5 12h14",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "link": "M10 14l4-4M8 11l-2.5 2.5a3.5 3.5 0 005 5L13 16M16 13l2.5-2.5a3.5 3.5 0 00-5-5L11 8",
    "place": (
        "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0113 0c0 5-6.5 11-6.5 11zM12 7.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z"
    ),
    "file": "M6 3.5h8l4 4v13H6zM14 3.5v4h4",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    "clock": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3 2",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
    "eye": (
        "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 100 6 3 3 0 000-6z"
    ),
    "mail": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "inbox": "M4 13l2.5-8h11L20 13v6H4zM4 13h5l1 2.5h4l1-2.5h5",
    "people": (
        "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19.5c.6-3.4 3-5 6.5-5s5.9 1.6 6.5 5M15.5 5.3a3.5 3.5 "
        "0 010 6.4M17.5 14.8c2.2.6 3.6 2.2 4 4.7"
    ),
    "more": "M5.5 12h.01M12 12h.01M18.5 12h.01",
}


def icon(name: str, label: str = "") -> SafeString:
    """Inline SVG; hidden from assistive technology unless it has a label. KeyError for an unknown name."""
    path = PATHS[name]
    role = (
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    )  # constant text
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" focusable="false" {}><path d="{}"/></svg>', role, path
    )
