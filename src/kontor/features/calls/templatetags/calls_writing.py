"""Words of a form inside templates: `{% load calls_writing %}`."""

from __future__ import annotations

from typing import Any

from django import template

from kontor.features.calls.writing.fields import language

register = template.Library()


@register.filter
def said(texts: Any) -> str:
    """A text of a form in the reader's language."""
    return str(texts.best(language()))
