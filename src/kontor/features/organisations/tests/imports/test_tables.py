"""Files in every custom are read, and files that are no tables are refused with a reason and a remedy."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kontor.base.errors import KontorError
from kontor.features.organisations.imports.columns import is_known
from kontor.features.organisations.imports.tables import Limits, open_table
from kontor.features.organisations.tests.imports.files import (
    csv_file,
    inline_row,
    sheet_xml,
    xlsx_file,
    xlsx_parts,
)

HEADER = ["Name", "Country"]
POLISH = ["Żółw Łódź Sp. z o.o.", "Śląskie Zakłady Gęśle", "Wałbrzych Ćmielów Źródło"]
GERMAN = ["Müller Größe GmbH", "Öko Straße", "Äußere Wärme"]
FRENCH = ["Société à façon", "Énergie très légère", "Forêt d'été"]


def read(path: Path, **options: Any) -> tuple[list[str], list[list[object]]]:
    table = open_table(path, is_known, **options)
    return table.columns, [row.cells for row in table.rows()]


def refused(path: Path, **options: Any) -> KontorError:
    with pytest.raises(KontorError) as caught:
        read(path, **options)
    assert str(caught.value.remedy)
    return caught.value


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path / "f", [HEADER, ["A, b; c|d\te", "NL"], ["B", "DE"]], delimiter=delimiter)
    assert read(path) == (HEADER, [["A, b; c|d\te", "NL"], ["B", "DE"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings(tmp_path: Path, encoding: str) -> None:
    rows = [[name, "PL"] for name in POLISH]
    path = csv_file(tmp_path / "f", [HEADER, *rows], encoding=encoding)
    assert read(path) == (HEADER, rows)


@pytest.mark.parametrize(
    ("encoding", "names", "expected"),
    [
        ("cp1252", GERMAN, "cp1252"),
        ("latin-1", FRENCH, "cp1252"),
        ("cp1252", FRENCH, "cp1252"),
        ("cp1250", POLISH, "cp1250"),
        ("iso8859_2", POLISH, "iso8859_2"),
    ],
)
def test_eight_bit_encodings_are_told_by_their_letters(
    tmp_path: Path, encoding: str, names: list[str], expected: str
) -> None:
    path = csv_file(tmp_path / "f", [HEADER, *([name, "XX"] for name in names)], encoding=encoding)
    table = open_table(path, is_known)
    assert [row.cells[0] for row in table.rows()] == names
    assert (table.encoding, table.confidence) == (expected, "likely")
    assert any(names[0].split()[0] in str(note) for note in table.notes)


def test_an_unsure_encoding_says_so_and_can_be_overruled(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes("Name;Country\nDvo\u0159\u00e1k;CZ\n".encode("cp1250"))
    table = open_table(path, is_known, encoding="cp1250")
    assert [row.cells for row in table.rows()] == [["Dvořák", "CZ"]]
    assert table.confidence == "certain"


def test_a_pasted_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    lines = ["Name;Country", *(f"Müller Wärme Öl {i};DE" for i in range(20))]
    path = tmp_path / "f"
    path.write_bytes("\n".join(lines).encode() + b"\n" + "Größe;DE".encode("cp1252") + b"\n")
    assert refused(path).path == "line 22"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(end.join(["Name;Country", "A;NL", "B;DE"]).encode())
    assert read(path) == (HEADER, [["A", "NL"], ["B", "DE"]])


def test_texts_over_several_lines_and_quotes(tmp_path: Path) -> None:
    rows = [['He said "yes"\nand; left', "NL"], ["B", "DE"]]
    table = open_table(csv_file(tmp_path / "f", [HEADER, *rows]), is_known)
    assert [(row.number, row.cells) for row in table.rows()] == [(2, rows[0]), (3, rows[1])]


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        (b"", "empty", ""),
        (b"\n\n", "empty", ""),
        (b"Name;Country\n", "only_header", "row 1"),
        (b"Name;Country;name\nA;NL;B\n", "duplicate_header", "C1"),
        (b"Name;Country\nA\x00;NL\n", "nul_byte", "line 2"),
        (b'Name;Country\n"A;NL\nB;DE\n', "bad_quotes", "row 2"),
        (b"%PDF-1.7 ...", "not_a_table", ""),
        (b"\x89PNG\r\n", "not_a_table", ""),
        (b"<html><table><tr><td>Name</td></tr></table>", "not_a_table", ""),
        (b"PK\x03\x04broken", "damaged", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_excel", ""),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str, path: str) -> None:
    file = tmp_path / "members.xlsx"
    file.write_bytes(content)
    error = refused(file)
    assert (error.code, error.path) == (code, path)


def test_a_word_document_and_an_opendocument_file_are_told_apart(tmp_path: Path) -> None:
    for part, word in (
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "XLSB"),
    ):
        with zipfile.ZipFile(tmp_path / "f", "w") as archive:
            archive.writestr(part, "x")
        assert word in str(refused(tmp_path / "f").message)


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as file:
        file.write(b"Name;Country\n")
        file.truncate(200 * 2**20)
    error = refused(path)
    assert error.code == "too_large"
    assert "200 MB" in str(error.message)


def test_a_bomb_that_declares_its_size(tmp_path: Path) -> None:
    blow = sheet_xml(inline_row(1, "Name", "Country"), "<row/>" * 3_000_000)
    assert refused(xlsx_parts(tmp_path / "f.xlsx", blow)).code == "zip_bomb"


def test_a_bomb_is_stopped_while_reading_whatever_it_declares(tmp_path: Path) -> None:
    path = xlsx_parts(
        tmp_path / "f.xlsx", sheet_xml(inline_row(1, *HEADER), inline_row(2, "A" * 300_000, "NL"))
    )
    assert refused(path, limits=Limits(strings_bytes=100)).code == "zip_bomb"


def test_entities_cannot_multiply(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData/></worksheet>'
    assert refused(xlsx_parts(tmp_path / "f.xlsx", laughs)).code == "damaged"


def test_too_many_cells_are_a_fault_of_the_row(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"Name;Country\nA;NL;extra;more\nB;DE;;\n")
    first, second = open_table(path, is_known).rows()
    assert [(fault.code, fault.params) for fault in first.faults] == [
        ("too_many_cells", {"found": "4", "expected": "2"})
    ]
    assert second.faults == []


def test_a_thousand_columns_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    header = ["Name", *(f"column {i}" for i in range(999))]
    assert len(open_table(csv_file(tmp_path / "f", [header, ["x"] * 1000]), is_known).columns) == 1000
    wide = csv_file(tmp_path / "g", [[*header, "one more"], ["x"] * 1001])
    assert refused(wide).code == "too_many_columns"


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "f", [HEADER, *[["A", "NL"]] * 10])
    assert refused(path, limits=Limits(rows=5)).code == "too_many_rows"
    book = xlsx_file(tmp_path / "f.xlsx", [HEADER, *[["A", "NL"]] * 10])
    assert refused(book, limits=Limits(rows=5)).code == "too_many_rows"


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    rows = [["Members of the cluster", ""], ["as of March", ""], [], ["Firmenname", "Land"], ["A", "DE"]]
    for path in (csv_file(tmp_path / "f.csv", rows), xlsx_file(tmp_path / "f.xlsx", rows)):
        table = open_table(path, is_known)
        assert table.columns == ["Firmenname", "Land"]
        assert [(row.number, row.cells) for row in table.rows()] == [(5, ["A", "DE"])]
        assert any("row 4" in str(note) for note in table.notes)


def test_workbook_numbers_dates_and_truth(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Country", "Member since", "Staff", "Active"])
    book.active.append(["A", "NL", dt.date(2024, 2, 29), 12.5, True])
    afternoon = dt.datetime(2024, 2, 29, 13, 30)  # noqa: DTZ001  # spreadsheets know no time zone
    book.active.append(["B", "DE", afternoon, 7, False])
    book.save(tmp_path / "f.xlsx")
    assert read(tmp_path / "f.xlsx")[1] == [
        ["A", "NL", "2024-02-29", 12.5, "yes"],
        ["B", "DE", "2024-02-29 13:30:00", 7.0, "no"],
    ]


def test_merged_cells_count_for_each_row_and_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Country", "Name"], ["NL", "A"], ["", "B"], ["DE", "C"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "f.xlsx")
    table = open_table(tmp_path / "f.xlsx", is_known)
    assert [row.cells for row in table.rows()] == [["NL", "A"], ["NL", "B"], ["DE", "C"]]
    assert [str(note) for note in table.notes] == [
        "1 merged cells: their value is taken for each of their rows."
    ]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ["A", "NL"], ["B", "DE"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "f.xlsx")
    table = open_table(tmp_path / "f.xlsx", is_known)
    assert [row.cells[0] for row in table.rows()] == ["A", "B"]
    assert [str(note) for note in table.notes] == ["1 hidden rows are read like the others."]


def test_formulas_give_their_stored_result_or_a_fault(tmp_path: Path) -> None:
    cells = (
        '<c r="A2" t="str"><f>"A"&amp;"B"</f><v>AB</v></c><c r="B2"><f>1+1</f><v>2</v></c>'
        '<c r="C2"><f>SUM(A1)</f></c><c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    sheet = sheet_xml(inline_row(1, "Name", "Country", "Staff", "Turnover"), f'<row r="2">{cells}</row>')
    (row,) = open_table(xlsx_parts(tmp_path / "f.xlsx", sheet), is_known).rows()
    assert row.cells == ["AB", 2.0, "", ""]
    assert [(f.column, f.code, f.value) for f in row.faults] == [
        (2, "formula_without_value", ""),
        (3, "cell_error", "#DIV/0!"),
    ]


def test_the_sheet_with_the_known_headers_is_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["read me", "please"])
    for name, row in (("Members", ["A", "NL"]), ("Old", ["B", "DE"])):
        page = book.create_sheet(name)
        page.append(HEADER)
        page.append(row)
    book.save(tmp_path / "f.xlsx")
    table = open_table(tmp_path / "f.xlsx", is_known)
    assert (table.sheet, [row.cells for row in table.rows()]) == ("Members", [["A", "NL"]])
    assert str(table.notes[0]) == "Sheet “Members” is read; not read: Notes, Old."
    assert read(tmp_path / "f.xlsx", sheet="Old")[1] == [["B", "DE"]]
    assert refused(tmp_path / "f.xlsx", sheet="Gone").code == "no_sheet"


def test_rich_text_escapes_and_gaps(tmp_path: Path) -> None:
    strings = (
        "<sst><si><r><t>Fett</t></r><r><t xml:space='preserve'> und </t></r><rPh><t>XX</t></rPh></si>"
        "<si><t>a_x000D_b _x005F_x000D_</t></si></sst>"
    )
    row = '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c></row>'
    sheet = sheet_xml(inline_row(1, "Name", "Country", "Summary"), row)
    path = xlsx_parts(tmp_path / "f.xlsx", sheet, strings_xml=strings)
    (found,) = open_table(path, is_known).rows()
    assert (found.number, found.cells) == (3, ["Fett und ", "", "a\rb _x000D_"])


def test_dates_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["Name", "Member since"])
    book.active.append(["A", dt.date(2024, 2, 29)])
    book.save(tmp_path / "f.xlsx")
    assert read(tmp_path / "f.xlsx")[1] == [["A", "2024-02-29"]]


def test_an_empty_workbook_and_one_with_a_header_only(tmp_path: Path) -> None:
    assert refused(xlsx_file(tmp_path / "f.xlsx", [])).code == "empty"
    assert refused(xlsx_file(tmp_path / "g.xlsx", [HEADER])).code == "only_header"


def test_an_encrypted_archive(tmp_path: Path) -> None:
    path = xlsx_parts(tmp_path / "f.xlsx", sheet_xml(inline_row(1, *HEADER)))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert refused(path).code == "password"
