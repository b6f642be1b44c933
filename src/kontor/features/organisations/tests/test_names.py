import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.features.organisations import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Maschinenbau G.m.b.H. & Co. KG", "MUELLER Maschinenbau"),
        ("Drewno Śląsk Sp. z o.o.", "drewno slask sp. z o. o."),
        ("UAB Baltic Wind", "Baltic Wind, UAB"),
        ("OÜ Puit", "Puit OÜ"),
        ("Kovo s. r. o.", "KOVO, s.r.o."),
        ("Ferro S.p.A.", "Ferro SpA"),
        ("Énergies Réunies S.A.R.L.", "Energies Reunies"),
        ("Jansen Techniek B.V.", "Jansen Techniek bv"),
        ("Blåbär AB (publ)", "Blabar AB"),
        ("Rila Tech EOOD", "Rila Tech"),
        ("Рила Тех ООД", "рила тех"),
        ("Nordic Tools A/S", "Nordic Tools ApS"),
        ("Puu Oyj", "Puu Oy"),
        ("Green Works Ltd.", "Green Works Limited"),
        ("Strojarna d.o.o.", "Strojarna"),
        ("Vas Kft.", "VAS Zrt."),
        ("Αιολική ΑΕ", "Αιολικη Α.Ε."),
    ],
)
def test_names_that_differ_in_form_only_have_one_key(one: str, other: str) -> None:
    assert names.name_key(one) == names.name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Co", "AG"), ("Nord Wind GmbH", "Nord Wald GmbH")])
def test_names_that_differ_keep_different_keys(one: str, other: str) -> None:
    assert names.name_key(one) != names.name_key(other)


@given(st.text(max_size=400))
def test_a_key_is_stable_and_short(name: str) -> None:
    key = names.name_key(name)
    assert len(key) <= 300
    assert key == names.name_key(name.upper().lower()) or not name.isascii()


def test_search_text_holds_both_spellings_of_umlauts() -> None:
    assert (
        names.search_text("Müller", "MM", "Köln", ["Größe"]) == "muller mueller mm koln koeln grosse groesse"
    )


@pytest.mark.parametrize(
    ("typed", "stored", "domain"),
    [
        ("www.Example.eu/", "https://www.example.eu", "example.eu"),
        ("http://shop.example.de:8080/a/?b=1", "http://shop.example.de:8080/a?b=1", "shop.example.de"),
        ("müller.de", "https://xn--mller-kva.de", "xn--mller-kva.de"),
        ("https://www.facebook.com/nordwind", "https://www.facebook.com/nordwind", ""),
        ("", "", ""),
    ],
)
def test_web_sites_are_stored_in_one_form(typed: str, stored: str, domain: str) -> None:
    assert names.website(typed) == stored
    assert names.domain(typed) == domain


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "nowhere", "ftp://a.eu", "http://user@a.eu", "a b.eu", "http://[x"]
)
def test_what_is_no_web_site_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the text itself
        names.website(typed)
