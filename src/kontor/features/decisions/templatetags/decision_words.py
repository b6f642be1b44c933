"""Figures and reasons of decisions in the reader's language: `{% load decision_words %}`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from kontor.features.decisions.wording import Names
from kontor.features.decisions.wording import points as worded
from kontor.features.decisions.wording import said as worded_reason
from kontor.features.organisations.languages import language_name
from kontor.features.programmes.templatetags.programme_words import reader

register = template.Library()


def reader_language() -> str:
    """The reader's language, two letters."""
    return reader()


@register.filter
def points(value: Decimal | None) -> str:
    """A score with at most two decimals; a dash where there is none."""
    return "–" if value is None or isinstance(value, str) else worded(value.quantize(Decimal("0.01")))


@register.filter
def reason(decision: Any, names: Names) -> str:
    """A decision's reason: in the reader's language where the software worded it, else as it was written."""
    grounds: Mapping[str, Any] = decision.grounds
    return worded_reason(grounds, names) or str(decision.reason)


@register.filter
def cell(amounts: Mapping[str, Decimal], key: str) -> Decimal | None:
    """An amount of a mapping: `{{ row.left|cell:envelope.key }}`."""
    return amounts.get(key)


@register.filter
def language_word(code: str) -> str:
    """`de` as “German”, in the reader's language."""
    return language_name(code)


@register.filter
def lookup(mapping: Mapping[str, str], key: str) -> str:
    return mapping.get(key, "neutral")
