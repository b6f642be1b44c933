"""`{% load history %}{% history organisation %}`: what happened to one thing, latest first."""

from __future__ import annotations

from typing import Any

from django import template

from kontor.base.audit.read import history_of, verb_text

register = template.Library()


@register.inclusion_tag("kontor/components/timeline.html")
def history(subject: Any, limit: int = 50) -> dict[str, Any]:
    """The time line of an object page; one query."""
    return {"events": history_of(subject, limit)}


@register.filter
def verb(name: str) -> str:
    """An audit verb in the reader's language."""
    return verb_text(name)
