"""Columns are recognised by header, by a similar header and by what they hold."""

from __future__ import annotations

import pytest

from kontor.features.organisations.imports.catalogue import (
    HEADER_LANGUAGES,
    label,
    part_names,
    plain_fields,
    spellings,
    target,
)
from kontor.features.organisations.imports.columns import guess, is_known
from kontor.features.organisations.imports.tables import Row


def guessed(headers: list[str], *rows: list[str]) -> list[tuple[str, str]]:
    found = guess(headers, [Row(number, list(cells)) for number, cells in enumerate(rows, 2)])
    return [(each.target, each.how) for each in found]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("name", "name"),
        ("Company name", "name"),
        ("Firmenname", "name"),
        ("Bedrijfsnaam", "name"),
        ("Raison sociale", "name"),
        ("Ragione sociale", "name"),
        ("Razón social", "name"),
        ("LAND", "country"),
        ("USt-IdNr.", "vat"),
        ("Btw-nummer", "vat"),
        ("N° TVA", "vat"),
        ("Partita IVA", "vat"),
        ("PLZ", "postcode"),
        ("Straße und Hausnummer", "street"),
        ("Mitarbeiter", "staff"),
        ("Umsatz 2024", "turnover_2024"),
        ("staff_2023", "staff_2023"),
        ("E-Mail", "contact_1_email"),
        ("E-Mail Ansprechpartner 2", "contact_2_email"),
        ("Kontakt 2: Telefon", "contact_2_phone"),
        ("contact_3_function", "contact_3_function"),
        ("Angebot", "offer_1"),
        ("Offer 2: TRL", "offer_2_trl"),
        ("Wij zoeken", "need_1"),
        ("Compétence 4", "competence_4"),
        ("Name (fr)", "name_fr"),
        ("Beschreibung Englisch", "summary_en"),
        ("NACE codes", "nace"),
        ("Mots-clés", "tags"),
    ],
)
def test_headers_of_six_languages(header: str, name: str) -> None:
    assert guessed([header], ["x"]) == [(name, "exact")]


def test_every_exported_header_is_recognised_as_what_it_is() -> None:
    names = [*plain_fields(), "staff_2024", "balance_2019", "name_de", "summary_nl"]
    for group in ("contact", "offer", "need", "competence"):
        names += [f"{group}_{n}_{part}" for n in (1, 7) for part in part_names(group)]
    names += ["offer_1", "need_12", "competence_3"]
    for language in HEADER_LANGUAGES[:4]:
        headers = [label(name, language) for name in names]
        found = guess(headers, [])
        assert {each.header: each.target for each in found} == dict(zip(headers, names, strict=True)), (
            language
        )


def test_every_spelling_leads_to_a_column_that_exists() -> None:
    for text, name in spellings().items():
        assert target(name.replace("#", "2").replace("@", "2024")) is not None, text


def test_a_misspelt_header_is_similar() -> None:
    assert guessed(["Mitarbeiterzahll"], ["5"]) == [("staff", "similar")]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["a@b.de", "c@d.fr"], "contact_1_email"),
        (["https://a.de", "www.b.fr/x"], "website"),
        (["DE136695976", "NL810433941B01"], "vat"),
        (["Niederlande", "France", "DK"], "country"),
        (["27.11", "62.10"], "nace"),
        (["DE501", "NL329"], "nuts3"),
        (["999868144", "999632434"], "pic"),
        (["hello", "world"], ""),
    ],
)
def test_content_tells_what_no_header_says(values: list[str], name: str) -> None:
    assert guessed(["XYZ"], *[[value] for value in values]) == [(name, "content" if name else "none")]


def test_one_target_for_one_column_the_surest_wins() -> None:
    assert guessed(["Firmaname", "Name"], ["A", "B"]) == [("", "none"), ("name", "exact")]
    assert guessed(["Name", "Firma"], ["A", "B"]) == [("name", "exact"), ("", "none")]


def test_columns_without_header_and_value_are_left_out() -> None:
    found = guess(["Name", "", "Land"], [Row(2, ["A", "", "DE"])])
    assert [(each.index, each.letter) for each in found] == [(0, "A"), (2, "C")]


def test_a_sentence_is_no_header() -> None:
    assert not is_known("All members of the network as of 3 March")
    assert not is_known("")
