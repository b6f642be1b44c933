"""A call's words and figures in the reader's language: `{% load call_words %}`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import template

from kontor import codes
from kontor.features.organisations.languages import language_choices
from kontor.features.organisations.models import OrganisationKind
from kontor.features.programmes.templatetags.programme_words import money, percent, reader

register = template.Library()


@register.filter
def exact(text: str | None) -> str:
    """An exact amount that is kept as text, as the reader writes it; a dash for none."""
    return money(Decimal(text)) if text else "–"


@register.filter
def exact_share(text: str | None) -> str:
    """A percentage that is kept as text."""
    return percent(Decimal(text)) if text else "–"


@register.filter
def kinds(keys: Iterable[str]) -> str:
    """Kinds of organisations in words; a dash where all are meant."""
    return ", ".join(str(OrganisationKind(key).label) for key in keys) or "–"


@register.filter
def language_names(listed: Iterable[str]) -> str:
    names = dict(language_choices(reader()))
    return ", ".join(names.get(code, code) for code in listed)


@register.filter
def language_name(code: str) -> str:
    return language_names([code] if code else []) or "–"


@register.filter
def region_names(listed: Iterable[str]) -> str:
    return ", ".join(str(codes.label("nuts", code, reader())) for code in listed)
