"""Dates in words, the same in every list: 3 March 2027; a time never stands without its zone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Django's own format for English puts the month first, as in the United States.
DAY_FORMATS = {"en": "j F Y", "nl": "j F Y", "de": "j. F Y"}


def day_format() -> str:
    language = (get_language() or "en").split("-")[0]
    return DAY_FORMATS.get(language) or str(get_format("DATE_FORMAT"))


def day_text(value: dt.date | None) -> str:
    """The day in words, at the reader's place, where no markup may stand; "" for None."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return str(formatted(local, day_format()))


def day(value: dt.date | str | None) -> SafeString | str:
    """A `<time>` with the day in words, at the reader's place; a dash for None, words as they are."""
    if value is None or isinstance(value, str):
        return "–" if value is None else value
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), formatted(local, day_format()))


def moment(value: dt.datetime | None) -> SafeString | str:
    """A `<time>` with day, time and zone in the reader's own zone; a dash for None."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), moment_text(value)
    )


def moment_text(value: dt.datetime | None) -> str:
    """The same where no markup may stand; "" for None."""
    if value is None:
        return ""
    return str(formatted(timezone.localtime(value), f"{day_format()}, H:i T"))
