"""Answers in words inside templates: `{% load calls_writing %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from kontor.features.calls.models import AnswerVersion
from kontor.features.calls.writing.fields import language
from kontor.features.calls.writing.shown import shown
from kontor.programmes.forms import Field

register = template.Library()


@register.filter
def said(texts: Any) -> str:
    """A text of a form in the reader's language."""
    return str(texts.best(language()))


@register.filter
def in_words(version: AnswerVersion, field: Field) -> SafeString:
    """The value of a version as a reader sees it."""
    one = shown(field, version.value)
    if one.rows:
        lines = [" · ".join(cell for cell in row if cell) for row in one.rows]
    elif one.texts:
        lines = [text for _code, _name, text in one.texts]
    else:
        lines = [one.text]
    return mark_safe("".join(linebreaks(line, autoescape=True) for line in lines))  # noqa: S308  # escaped
