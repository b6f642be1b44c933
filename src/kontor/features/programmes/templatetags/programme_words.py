"""A programme's words and figures in the reader's language: `{% load programme_words %}`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.translation import get_language

from kontor import codes
from kontor.features.programmes.words import translated
from kontor.programmes import Programme
from kontor.programmes.rules import REGISTRY
from kontor.programmes.rules.wording import amount, share
from kontor.programmes.schema import RuleUse, Texts

register = template.Library()
register.filter("translated", translated)
_MARKS = {"en": (",", "."), "de": (".", ","), "nl": (".", ",")}


def reader() -> str:
    """The reader's language, two letters."""
    return (get_language() or "en")[:2]


@register.filter
def said(texts: Mapping[str, str] | None) -> str:
    """A text of the programme in the reader's language, else in its first: `{{ theme.name|said }}`."""
    return Texts(texts or {}).best(reader())


def cents(value: Decimal) -> str:
    """`1,500,000.00` as the reader writes it; always both decimals, so that columns line up."""
    thousands, decimal = _MARKS.get(reader(), _MARKS["en"])
    return f"{value:,.2f}".translate(str.maketrans(",.-", f"{thousands}{decimal}−"))


@register.filter
def money(value: Decimal | str | None) -> str:
    """An exact amount, a dash for None and for what a template does not find."""
    return "–" if value is None or isinstance(value, str) else cents(value)


@register.filter
def percent(value: Decimal | str | None) -> str:
    return "–" if value is None or isinstance(value, str) else share(value, reader())


@register.filter
def figure(value: Decimal | str | None) -> str:
    """A count or amount as a document states it, with cents where it has some; a dash for None."""
    return "–" if value is None or isinstance(value, str) else amount(value, reader())


@register.filter
def code_label(code: str, scheme: str) -> str:
    """The label of a code: `{{ code|code_label:"nuts" }}`."""
    return str(codes.label(scheme, code, reader()))


@register.simple_tag
def rule_text(programme: Programme, use: RuleUse) -> str:
    """A rule in words: the programme's own, else Kontor's."""
    return use.text.get(reader()) or REGISTRY[use.rule].said(programme, use).text(reader())
