"""Rows of the log in words: `{% load history %}{{ row.verb|verb }}`."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kontor.base.audit.read import field_text, verb_text

register = template.Library()

LONGEST = 120


@register.filter
def from_to(change: Any) -> str:
    """A logged change as `old → new`; what was nothing before is the new value alone."""
    if not isinstance(change, list) or len(change) != 2:
        return _words(change)
    old, new = change
    return _words(new) if old in (None, "", []) else f"{_words(old)} → {_words(new)}"


def _words(value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Truncator(text).chars(LONGEST)


@register.filter
def verb(name: str) -> str:
    """An audit verb in the reader's language."""
    return verb_text(name)


@register.filter
def field_of(name: str, kind: str) -> str:
    """A logged field in the reader's language: `{{ name|field_of:row.subject_kind }}`."""
    return field_text(kind, name)
