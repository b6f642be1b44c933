"""Amounts as people read them: exact to the cent, grouped as the reader's language does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from kontor.base.templatetags.kontor import amount


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("en", "118500.00", "118,500"),
        ("de", "118500.00", "118.500"),
        ("nl", "118500.50", "118.500,50"),
        ("en", "1234567890.12", "1,234,567,890.12"),
        ("de", "0.10", "0,10"),
        ("en", "-2500", "-2,500"),
    ],
)
def test_an_amount_keeps_its_cents(language: str, value: str, shown: str) -> None:
    with override(language):
        assert amount(Decimal(value)) == shown


def test_what_is_not_known_is_a_dash() -> None:
    assert amount(None) == "–"
