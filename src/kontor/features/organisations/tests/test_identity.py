import pytest

from kontor.features.organisations import identity


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("DE", "136 695 976", "DE136695976"),
        ("NL", "NL004495445B01", "NL004495445B01"),
        ("GR", "094259216", "EL094259216"),
        ("ES", "B58378431", "ESB58378431"),
        ("AT", "U13585627", "ATU13585627"),
        ("GB", "980 7806 84", "GB980780684"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577"),
        ("CH", "CHE107787577", "CHE107787577"),
        ("NO", "995 525 828 MVA", "NO995525828MVA"),
        ("UA", "12345678", "12345678"),
        ("DE", "", None),
    ],
)
def test_vat_numbers_are_stored_in_one_form(country: str, typed: str, stored: str | None) -> None:
    assert identity.vat_number(country, typed) == stored


@pytest.mark.parametrize(
    ("country", "typed", "says"),
    [
        ("DE", "DE136695975", "check digit"),
        ("DE", "hello", "DE"),
        ("UA", "1" * 21, "UA"),
        ("CH", "CHE1", "CH"),
    ],
)
def test_a_wrong_vat_number_says_what_is_wrong(country: str, typed: str, says: str) -> None:
    with pytest.raises(identity.IdentityProblem) as caught:
        identity.vat_number(country, typed)
    assert says in str(caught.value.message)
    assert caught.value.field == "vat"


def test_a_pic_has_nine_digits() -> None:
    assert identity.pic_number(" 999 999 999 ") == "999999999"
    assert identity.pic_number("") is None
    with pytest.raises(identity.IdentityProblem):
        identity.pic_number("12345678")
