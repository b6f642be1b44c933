"""What a country is said to get where its partners have not said it yet."""

from __future__ import annotations

from decimal import Decimal

from kontor.features.matching.consortia.money import Line, split


def test_an_unknown_amount_of_a_country_is_not_zero() -> None:
    found = split(
        [
            Line("One", "DE", Decimal("94000.00"), None),
            Line("Two", "NL", Decimal("160000.00"), Decimal("103344.00")),
            Line("Three", "NL", None, None),
        ]
    )
    told = [(row.country, row.cost, row.grant, row.percent) for row in found.countries]
    assert told == [
        ("DE", Decimal("94000.00"), None, Decimal("37.01")),
        ("NL", Decimal("160000.00"), Decimal("103344.00"), Decimal("62.99")),
    ]
    assert (found.cost, found.grant, found.unknown) == (Decimal("254000.00"), Decimal("103344.00"), 1)
