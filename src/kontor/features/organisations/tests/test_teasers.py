"""What in a teaser gives an organisation away, and which ordinary words do not."""

from __future__ import annotations

import pytest

from kontor.features.organisations.teasers import revealing_part, telling_words

NAME = "Zoutmaat Warmteopslag B.V."
PARTICULARS = ("NL123456782B90", "KvK 87654321", "Turfkade 12")


def found(teaser: str, name: str = NAME, place: str = "Zwolle") -> str | None:
    return revealing_part(teaser, (name, "", "Femke Brouwersma"), "", particulars=PARTICULARS, place=place)


@pytest.mark.parametrize(
    "teaser",
    [
        "ZOUTMAAT zoekt een partner",
        "Wij van zoutmaat zoeken een partner",
        "Zout-maat zoekt een partner",
        "Z.o.u.t.m.a.a.t zoekt een partner",
        "Z o u t m a a t zoekt een partner",
        "Zout maat zoekt een partner",
        "Zoutm\u00e5at zoekt een partner",
        "Zout\u00admaat zoekt een partner",
        "Zout_maat zoekt een partner",
        "Zoutmaats opslag zoekt een partner",
        "Vraag naar mevrouw Brouwersma",
        "Nummer NL 1234 56782 B90",
        "Ons nummer is 87654321",
        "Kom naar de Turfkade",
    ],
)
def test_what_gives_the_organisation_away(teaser: str) -> None:
    assert found(teaser)


@pytest.mark.parametrize(
    "teaser",
    [
        "Warmteopslag in zout voor kassen",
        "Een bedrijf in Zwolle zoekt een partner",
        "Zout in elke maat, 12 ton per jaar",
        "Een maker van warmteopslag met 15 mensen",
    ],
)
def test_ordinary_words_may_be_said(teaser: str) -> None:
    assert found(teaser) is None


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("Zoutmaat Warmteopslag B.V.", ("zoutmaat",)),
        ("Nordwind Getriebe GmbH", ("nordwind",)),
        ("Bremen Energie Solutions GmbH", ()),
        ("Zeeland Logistics Group", ()),
        ("Tankmellow Heating Ltd", ("tankmellow",)),
        ("", ()),
    ],
)
def test_the_telling_words_of_a_name(name: str, telling: tuple[str, ...]) -> None:
    assert telling_words(name) == telling


def test_a_street_of_ordinary_words_tells_with_its_number_only() -> None:
    street = ("Am Hafen 3",)
    assert revealing_part("Am Hafen 3 liegt unser Werk", (), particulars=street) == "Am Hafen 3"
    assert revealing_part("Unser Werk liegt am Hafen", (), particulars=street) is None
