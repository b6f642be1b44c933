"""Rows become values, or problems in plain words with their place and a remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.features.organisations.imports import values
from kontor.features.organisations.imports.columns import guess
from kontor.features.organisations.imports.enrich import enrich
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.imports.parse import Parser, customs_of
from kontor.features.organisations.imports.problems import MESSAGES
from kontor.features.organisations.imports.tables import Cell, Fault, Row

BASE: dict[str, Cell] = {"name": "Wind A", "country": "DE"}


def parsed(row: dict[str, Cell], *others: dict[str, Cell], clear_empty: bool = False) -> Entry:
    """The first row, with the customs of all."""
    headers = list({**row, **{name: "" for other in others for name in other}})
    rows = [
        Row(number, [each.get(name, "") for name in headers]) for number, each in enumerate((row, *others), 2)
    ]
    mapping = {found.index: found.target for found in guess(headers, rows) if found.target}
    return Parser(headers, mapping, customs_of(rows, mapping), clear_empty=clear_empty).parse(rows[0])


def problems(row: dict[str, Cell]) -> list[tuple[str, str]]:
    return [(problem.code, problem.cell) for problem in parsed({**BASE, **row}).problems]


def test_a_whole_row() -> None:
    entry = parsed(
        {
            "Firma": " Müller\u00a0 GmbH ", "Land": "Deutschland", "USt-ID": "de 136 695 976",
            "PLZ": 28195.0, "Ort": "Bremen",
            "Webseite": "WWW.Mueller.example", "NACE": "27.11, 2812", "Tags": 'a; "b; c"', "Größe": "klein",
            "Sprachen": "Deutsch; en", "Mitarbeiter": "12,5", "Umsatz 2024": "1.200.000,00 €", "Jahr": "2023",
            "Ansprechpartner": "Erika", "E-Mail": "e@m.example", "Kontakt 2: Name": "Max",
            "Angebot 1": "Pumpen\r\nund mehr",
            "Angebot 1: TRL": "TRL 7", "Bedarf": "Stahl", "Mitglied seit": "03.04.2021",
            "Name (en)": "Miller",
        }
    )  # fmt: skip
    assert entry.problems == []
    assert entry.fields == {
        "name": "Müller GmbH", "country": "DE", "vat": "DE136695976", "postcode": "28195", "place": "Bremen",
        "website": "https://www.mueller.example", "domain": "mueller.example", "tags": ["a", "b; c"],
        "size": "small", "languages": ["de", "en"],
    }  # fmt: skip
    assert entry.codes == {"nace": ["27.11", "28.12"]}
    assert entry.figures == {"2024": {"turnover": "1200000.00"}, "2023": {"staff": "12.50"}}
    assert entry.contacts == [
        {"number": 1, "name": "Erika", "email": "e@m.example"},
        {"number": 2, "name": "Max"},
    ]
    assert entry.statements == [
        {"kind": "need", "number": 1, "text": "Stahl"},
        {"kind": "offer", "number": 1, "text": "Pumpen\nund mehr", "trl": 7},
    ]
    assert (entry.membership, entry.texts) == ({"since": "2021-04-03"}, {"name": {"en": "Miller"}})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"country": "Lala"}, "country_unknown"),
        ({"vat": "DE136695977"}, "vat_bad"),
        ({"nace": "62.01"}, "nace_old"),
        ({"nace": "99.99.9"}, "nace_unknown"),
        ({"cpv": "1"}, "code_unknown"),
        ({"staff": "many"}, "number_bad"),
        ({"staff": "-3"}, "number_negative"),
        ({"turnover": "1e30"}, "number_bad"),
        ({"staff": "999999999"}, "number_large"),
        ({"turnover": "1.234"}, "number_unsure"),
        ({"member_since": "31.02.2024"}, "date_bad"),
        ({"member_since": "spring"}, "date_bad"),
        ({"member_since": "13.2024"}, "date_bad"),
        ({"E-Mail": "a@b.example; nobody"}, "email_bad"),
        ({"E-Mail": "a@b"}, "email_bad"),
        ({"website": "not a site"}, "website_bad"),
        ({"pic": "12"}, "pic_bad"),
        ({"kind": "circus"}, "choice_unknown"),
        ({"language": "Klingon"}, "language_unknown"),
        ({"offer_1": "x", "offer_1_trl": "10"}, "trl_bad"),
        ({"offer_1_trl": "5"}, "empty_offer"),
        ({"offer_1": "x", "offer_1_visibility": "teaser"}, "teaser_missing"),
        ({"offer_1": "x", "offer_1_teaser": "From Wind A, call us"}, "teaser_reveals"),
        ({"contact_1_phone": "1"}, "contact_nameless"),
        ({"name": "x" * 301}, "too_long"),
        ({"nuts3": "DE1"}, "nuts_unknown"),
        ({"nuts3": "NL329"}, "nuts_country"),
        ({"latitude": "95"}, "coordinate_bad"),
        ({"year": "24"}, "year_bad"),
        ({"summary": "a\x07b"}, "control_characters"),
        ({"member_since": "2024-02-01", "member_until": "2024-01-01"}, "dates_turned"),
        ({"name": ""}, "name_missing"),
        ({"country": ""}, "country_missing"),
    ],
)
def test_problems_are_found_and_have_words(row: dict[str, Cell], code: str) -> None:
    found = [problem for problem in parsed({**BASE, **row}).problems if problem.code == code]
    assert found, problems(row)
    assert found[0].fatal
    assert found[0].message
    assert found[0].remedy
    assert "%(" not in found[0].message + found[0].remedy


def test_a_problem_names_its_cell_and_column() -> None:
    (problem,) = parsed({"name": "A", "Land": "Lala"}).problems
    assert (problem.cell, problem.column, problem.value) == ("B2", "Land", "Lala")
    assert problem.message == "“Lala” is not a country Kontor knows."


def test_every_message_can_be_worded() -> None:
    names = (
        "value column country found scheme near date choices length limit kind number what row "
        "first second other kept expected"
    )
    words: dict[str, Any] = dict.fromkeys(names.split(), "x")
    for code, (message, remedy) in MESSAGES.items():
        assert str(message) % words, code
        assert str(remedy) % words, code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", "2024-02-29"), ("29.2.2024", "2024-02-29"), ("29/02/2024", "2024-02-29"),
        ("29-02-2024", "2024-02-29"), ("2024-02-29 13:30:00", "2024-02-29"), ("02/29/2024", "2024-02-29"),
        (45351.0, "2024-02-29"), ("45351", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates(text: Cell, expected: str) -> None:
    entry = parsed({**BASE, "member_since": text})
    assert entry.membership == {"since": expected}
    assert not entry.refused


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2019", "2019-01-01", "2019-12-31"), (2019.0, "2019-01-01", "2019-12-31"),
        ("02/2024", "2024-02-01", "2024-02-29"), ("12.2023", "2023-12-01", "2023-12-31"),
        ("2023-04", "2023-04-01", "2023-04-30"),
    ],
)  # fmt: skip
def test_a_year_or_month_is_taken_from_its_edge_with_a_remark(text: Cell, since: str, until: str) -> None:
    entry = parsed({**BASE, "member_since": text, "member_until": text})
    assert entry.membership == {"since": since, "until": until}
    assert [(p.code, p.fatal) for p in entry.problems] == [("date_part", False)] * 2


@pytest.mark.parametrize("text", ["ca. 20", "Circa 20", "~20", "rund 20", "about 20"])
def test_a_number_that_is_not_exact_is_taken_with_a_remark(text: str) -> None:
    entry = parsed({**BASE, "staff 2024": text})
    assert entry.figures == {"2024": {"staff": "20.00"}}
    (problem,) = entry.problems
    assert (problem.code, problem.fatal) == ("number_about", False)
    assert "20.00" in problem.message


def test_of_several_addresses_the_first_is_taken_with_a_remark() -> None:
    entry = parsed({**BASE, "E-Mail": "a@b.example; c@d.example"})
    assert [(p.code, p.params["first"]) for p in entry.problems] == [("email_several", "a@b.example")]
    assert not entry.refused


@pytest.mark.parametrize("name", ["Summe", "Total:", "Totaal"])
def test_a_row_of_sums_is_called_one(name: str) -> None:
    entry = parsed({"name": name, "country": "", "staff 2024": "73"})
    assert [problem.code for problem in entry.problems] == ["sums_row"]
    assert entry.refused


def test_a_date_that_can_be_two_days_is_remarked_and_the_file_decides() -> None:
    entry = parsed({**BASE, "member_since": "03/04/2024"})
    assert entry.membership == {"since": "2024-04-03"}
    assert [(p.code, p.fatal) for p in entry.problems] == [("date_unsure", False)]
    american = parsed({**BASE, "member_since": "03/04/2024"}, {"member_since": "12/31/2024"})
    assert (american.membership, american.problems) == ({"since": "2024-03-04"}, [])


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("1.234", "5,5", "1234.00"), ("1.234", "5.5", "1.23"), ("1,234", "7.25", "1234.00"),
        ("1 234,5", "", "1234.50"),
        ("1'234'567.5", "", "1234567.50"), ("1.234.567", "", "1234567.00"), ("0,125", "", "0.12"),
        (12.5, "", "12.50"),
        ("€ 3", "", "3.00"),
    ],
)  # fmt: skip
def test_numbers_in_the_customs_of_the_file(text: Cell, other: str, expected: str) -> None:
    entry = parsed({**BASE, "turnover_2024": text}, {"turnover_2024": other})
    assert entry.figures == {"2024": {"turnover": expected}}


def test_faults_of_the_reader_count_only_where_the_column_is_imported() -> None:
    parser = Parser(["name", "country", "x"], {0: "name", 1: "country"}, values.Customs())
    row = Row(5, ["A", "DE", ""], [Fault(2, "cell_error", "#REF!")])
    assert parser.parse(row).problems == []
    row = Row(5, ["A", "", ""], [Fault(1, "formula_without_value")])
    assert [(p.code, p.cell) for p in parser.parse(row).problems] == [
        ("formula_without_value", "B5"),
        ("country_missing", "B5"),
    ]


def test_an_empty_cell_says_nothing_unless_it_clears() -> None:
    row: dict[str, Cell] = {**BASE, "short_name": "", "vat": "", "tags": "", "nace": "", "size": ""}
    assert parsed(row).fields == BASE
    cleared = parsed(row, clear_empty=True)
    assert cleared.fields == {**BASE, "short_name": "", "vat": None, "tags": []}
    assert cleared.codes == {"nace": []}


def test_region_place_and_language_are_worked_out() -> None:
    entry = parsed(
        {**BASE, "postcode": "28195", "place": "Bremen", "offer_1": "Wir bauen Wärmepumpen für Schiffe."}
    )
    enrich(entry, default_language="en")
    assert entry.derived["nuts3"] == "DE501"
    assert round(entry.derived["latitude"]) == 53
    assert (entry.derived["language"], entry.statements[0]["language_guess"]) == ("de", "de")


nasty = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t;,\"'|=+-@"), max_size=30
)


@given(st.lists(nasty.map(lambda text: " ".join(text.split())).filter(bool), unique=True, max_size=5))
def test_lists_survive_a_cell(items: list[str]) -> None:
    assert values.items(values.joined(items)) == items


@given(nasty)
def test_the_guard_against_formulas_is_taken_back(text: str) -> None:
    guarded = values.guarded(text)
    assert values.unguarded(guarded) == text
    assert guarded[:1] not in set("=+-@\t\r") or not guarded


@given(st.lists(nasty, min_size=12, max_size=12))
def test_no_row_whatever_it_holds_breaks_the_parser(cells: list[str]) -> None:
    names = [
        "name",
        "country",
        "vat",
        "nace",
        "staff",
        "member_since",
        "contact_1_email",
        "website",
        "offer_1",
        "offer_1_trl",
        "tags",
        "latitude",
    ]
    entry = Parser(names, dict(enumerate(names)), values.Customs()).parse(Row(2, list(cells)))
    assert Entry.from_json(json.loads(json.dumps(entry.to_json()))).to_json() == entry.to_json()
