"""What codes mean, in 24 languages, and where they stand."""

from __future__ import annotations

import pickle

import pytest

from kontor import codes
from kontor.codes.store import LANGUAGES

PEANUTS = {
    "bg": "Фъстъци",
    "cs": "Podzemnice olejná",
    "da": "Jordnødder",
    "de": "Erdnüsse",
    "el": "Αράπικα φιστίκια",
    "en": "Peanuts",
    "es": "Cacahuetes",
    "et": "Maapähklid e hiina pähklid (arahhis)",
    "fi": "Maapähkinät",
    "fr": "Graines d'arachide",
    "ga": "Peanuts [en]",
    "hr": "Kikiriki",
    "hu": "Földimogyoró",
    "it": "Semi di arachidi",
    "lt": "Žemės riešutai",
    "lv": "Zemesrieksti",
    "mt": "Karawett",
    "nl": "Pinda's",
    "pl": "Orzeszki ziemne",
    "pt": "Amendoins",
    "ro": "Arahide",
    "sk": "Arašidové oriešky",
    "sl": "Zemeljski oreški",
    "sv": "Jordnötter",
}


def test_cpv_label_in_every_official_language() -> None:
    assert {language: str(codes.label("cpv", "03111200", language)) for language in LANGUAGES} == PEANUTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_nace_code_has_its_own_wording_in_every_language(language: str) -> None:
    nace = codes.scheme("nace")
    assert not [code for code in nace.codes() if nace.label(code, language).fallback]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_state_has_its_name_in_every_language(language: str) -> None:
    country = codes.scheme("country")
    union = [code for code in country.codes() if "eu" in country.flags(code)]
    assert len(union) == 27
    assert not [code for code in union if country.label(code, language).fallback]


def test_lists_have_the_size_their_publishers_state() -> None:
    counted = {name: len(codes.scheme(name).codes()) for name in ("nace", "cpv", "ket")}
    assert counted == {"nace": 1047, "cpv": 9454, "ket": 7}
    assert [len(codes.scheme("nace").codes(level)) for level in (1, 2, 3, 4)] == [22, 87, 287, 651]


def test_fallback_is_seen_and_told() -> None:
    label = codes.label("theme", "hydrogen", "pl")
    assert (str(label), label.text, label.language, label.fallback) == (
        "Hydrogen [en]",
        "Hydrogen",
        "en",
        True,
    )


def test_regional_language_is_its_language() -> None:
    assert codes.label("nace", "62", "de-AT") == codes.label("nace", "62", "de")


def test_unknown_code_is_shown_as_it_is() -> None:
    assert codes.label("nace", "99.99", "de") == "99.99"
    assert codes.label("nuts", "QQ123", "de") == "QQ123"


def test_label_survives_pickling() -> None:
    label = pickle.loads(pickle.dumps(codes.label("cpv", "03111200", "ga")))
    assert (str(label), label.text, label.fallback) == ("Peanuts [en]", "Peanuts", True)


def test_region_names_follow_the_readers_script() -> None:
    assert codes.label("nuts", "EL301", "el") == "Βόρειος Τομέας Αθηνών"
    assert codes.label("nuts", "EL301", "de") == "Voreios Tomeas Athinon"
    assert codes.label("nuts", "NL225", "de") == "Achterhoek"
    assert codes.label("nuts", "EL", "de") == "Griechenland"


def test_german_section_titles_are_written_as_german_is() -> None:
    assert codes.label("nace", "C", "de") == "Verarbeitendes Gewerbe/Herstellung von Waren"


@pytest.mark.parametrize(
    ("scheme", "typed", "code"),
    [
        ("nace", "0111", "01.11"),
        ("nace", "A01.11", "01.11"),
        ("nace", "62", "62"),
        ("cpv", "03111200-1", "03111200"),
        ("country", "el", "GR"),
        ("country", "UK", "GB"),
        ("nuts", "nl225", "NL225"),
        ("nace", "99.99", None),
        ("cpv", "031112", None),
        ("nuts", "", None),
    ],
)
def test_codes_are_repaired_or_refused(scheme: str, typed: str, code: str | None) -> None:
    assert codes.canonical(scheme, typed) == code


def test_valid_takes_the_exact_code_only() -> None:
    assert codes.valid("nace", "01.11")
    assert not codes.valid("nace", "0111")
    assert not codes.valid("cpv", "")


def test_up_and_down_the_tree() -> None:
    assert codes.parents("nace", "01.11") == ("01.1", "01", "A")
    assert codes.children("nace", "01.4")[:2] == ("01.41", "01.42")
    assert codes.parents("cpv", "03111200") == ("03111000", "03110000", "03100000", "03000000")
    assert codes.children("theme", "health") == ("medical-devices", "digital-health", "pharma-biotech")
    assert len(codes.children("nace")) == 22


def test_every_parent_exists() -> None:
    for name in codes.SCHEMES:
        listed = codes.scheme(name)
        assert not [p for p in listed.table.parents if p and not listed.valid(p)]


def test_key_technologies_of_the_union_are_marked() -> None:
    ket = codes.scheme("ket")
    assert sum("eu" in ket.flags(code) for code in ket.codes()) == 6
    assert ket.flags("microsystems") == frozenset()


def test_own_lists_have_distinct_codes_and_whole_labels() -> None:
    for name in ("ket", "theme"):
        listed = codes.scheme(name)
        assert len(set(listed.codes())) == len(listed.codes())
        for language in ("en", "de", "nl", "fr", "it", "es", "da", "sl"):
            assert not [code for code in listed.codes() if listed.label(code, language).fallback]


def test_unknown_scheme_is_named_with_the_known_ones() -> None:
    with pytest.raises(codes.CodesError, match=r"no code list 'sic'.*country, nuts"):
        codes.scheme("sic")


def test_questions_about_an_unknown_code_are_refused() -> None:
    with pytest.raises(codes.CodesError, match=r"'x' is not a code of the list 'nace'"):
        codes.parents("nace", "x")
