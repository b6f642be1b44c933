"""Figures of juries on a page."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def signed(value: float) -> str:
    """Two decimals with + or −; zero without a sign."""
    rounded = round(float(value), 2)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + str(number_format(abs(rounded), decimal_pos=2))
