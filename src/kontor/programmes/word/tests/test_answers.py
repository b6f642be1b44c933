"""A form with every kind of field: what goes out, what comes back, and what is told instead of dropped."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import docx
import pytest

from kontor.programmes import Texts
from kontor.programmes.forms import Choice, Column, Condition, Field, Form, Payee, Section
from kontor.programmes.word import Identity, read_word, write_word
from kontor.programmes.word.answers import Ground, paper_of
from kontor.programmes.word.returned import Returned, Unread, returned


def t(english: str, german: str = "") -> Texts:
    return Texts({"en": english, "de": german or english})


KINDS = (Choice("study", t("Study", "Studie")), Choice("project", t("Project", "Vorhaben")))
FORM = Form(
    "rocket",
    sections=(
        Section("first", t("Before"), 1, fields=(Field("earlier", "text", t("Earlier")),)),
        Section("idea", t("Idea"), 2, fields=(
            Field("title", "text", t("Title", "Titel"), required=True),
            Field("why", "paragraph", t("Why", "Warum"), words=300),
            Field("said", "paragraph", t("Said"), languages=("de", "nl")),
            Field("kind", "choice", t("Kind", "Art"), choices=KINDS),
            Field("themes", "choices", t("Themes"), most=2),
            Field("new", "yes-no", t("New?"), shown_when=Condition("kind", ("project",))),
        )),
        Section("work", t("Work"), 2, fields=(
            Field("months", "number", t("Months"), lowest=Decimal(1)),
            Field("sum", "money", t("Sum")),
            Field("start", "date", t("Start")),
            Field("steps", "table", t("Steps"), columns=(
                Column("name", t("Name")), Column("until", t("Until"), "date"),
                Column("kind", t("Kind"), "choice", choices=KINDS),
            )),
            Field("annex", "file", t("Annex")),
            Field("partners", "partners", t("Partners")),
            Field("budget", "budget", t("Budget"), columns=(Column("staff", t("Staff"), "money"),)),
        )),
    ),
)  # fmt: skip
ANSWERS: dict[str, Any] = {
    "earlier": "Handed in",
    "title": "A quiet pump",
    "why": "First.\n\nSecond.",
    "said": {"de": "Leise"},
    "kind": "study",
    "themes": ["wind", "gone"],
    "new": "yes",
    "months": "12.5",
    "sum": "1234.50",
    "start": "2027-03-01",
    "steps": [
        {"id": "r1", "name": "Build", "until": "2027-04-01", "kind": "project"},
        {"id": "r2", "name": "Test"},
    ],
    "annex": [{"key": "k", "name": "letter.pdf", "size": 5}],
    "budget": {"p1": {"staff": "1000.00", "grant": "500"}},
}
GROUND = Ground(
    "de",
    step=2,
    choices={"themes": (Choice("wind", t("Wind")), Choice("water", t("Water", "Wasser")))},
    payees=(Payee("p1", "Pumpen GmbH"), Payee("p2", "Stilte BV")),
    partners=("Pumpen GmbH", "Stilte BV"),
)
PAPER = paper_of(
    FORM, ANSWERS, GROUND, identity=Identity("abc", 3, "rocket", "de"), title="A quiet pump", facts=()
)
ORDER = [box.key for part in PAPER.parts for box in part.boxes]


def back(edit: Callable[[Callable[[str], Any], Any], None] | None = None) -> Returned:
    """What is read after another program edited the file: `edit(table_of, document)`."""
    document = docx.Document(io.BytesIO(write_word(PAPER)))
    tables = dict(zip(ORDER, document.tables, strict=True))
    if edit is not None:
        edit(tables.__getitem__, document)
    out = io.BytesIO()
    document.save(out)
    return returned(FORM, read_word(out.getvalue()), ANSWERS, GROUND, PAPER)


def test_a_file_nobody_touched_says_nothing_new() -> None:
    assert back() == Returned({})


def test_german_words_stand_in_the_file() -> None:
    boxes = {box.key: box for part in PAPER.parts for box in part.boxes}
    assert boxes["sum"].text == "1234,50"
    assert boxes["start"].text == "01.03.2027"
    assert boxes["kind"].text == "Studie"
    assert boxes["new"].hints == ("Nur wenn „Art“ Vorhaben ist.",)
    assert boxes["why"].hints == ("Höchstens 300 Wörter.",)
    assert boxes["said@nl"].title == "Said (Niederländisch)"
    assert boxes["budget"].rows == (("Pumpen GmbH", "1000,00", "500"), ("Stilte BV", "", ""))
    assert [boxes[key].shape.value for key in ("earlier", "annex", "partners")] == ["fixed"] * 3


def test_every_kind_comes_back_changed() -> None:
    def edit(table: Callable[[str], Any], _document: Any) -> None:
        def write(key: str, text: str, row: int = 1, column: int = 0) -> None:
            table(key).rows[row].cells[column].text = text

        write("title", "Leiser")
        write("why", "Erstens.\n\nDrittens.")
        write("said@nl", "Stil")
        write("kind", "project")
        write("themes", "[ ] Wind\n[x] Wasser")
        write("new", "nein")
        write("months", "1.250,5")
        write("sum", "99 €")
        write("start", "5.4.2028")
        write("steps", "Sell", 4)
        write("steps", "1.1.2029", 4, 1)
        write("steps", "Vorhaben", 4, 2)
        write("steps", "Tested", 3)
        write("budget", "70", 3, 1)

    assert back(edit) == Returned(
        {
            "title": "Leiser",
            "why": "Erstens.\n\nDrittens.",
            "said": {"de": "Leise", "nl": "Stil"},
            "kind": "project",
            "themes": ["water"],
            "new": "no",
            "months": "1250.5",
            "sum": "99",
            "start": "2028-04-05",
            "steps": [
                {"id": "r1", "name": "Build", "until": "2027-04-01", "kind": "project"},
                {"id": "r2", "name": "Tested"},
                {"id": "w1", "name": "Sell", "until": "2029-01-01", "kind": "project"},
            ],
            "budget": {"p1": {"staff": "1000.00", "grant": "500"}, "p2": {"staff": "70"}},
        }
    )


def test_a_row_taken_out_leaves_the_others_their_ids() -> None:
    def edit(table: Callable[[str], Any], _document: Any) -> None:
        rows = table("steps")
        rows._tbl.remove(rows.rows[2]._tr)

    assert back(edit).values == {"steps": [{"id": "r2", "name": "Test"}]}


def test_emptied_boxes_are_empty_answers() -> None:
    def edit(table: Callable[[str], Any], _document: Any) -> None:
        for key in ("why", "kind", "themes"):
            table(key).rows[1].cells[0].text = ""

    assert back(edit).values == {"why": "", "kind": "", "themes": []}


def test_what_fits_nowhere_is_told_and_nothing_dropped() -> None:
    def edit(table: Callable[[str], Any], document: Any) -> None:
        table("kind").rows[1].cells[0].text = "Something else"
        table("themes").rows[1].cells[0].text = "☒ Wind\n☒ Fire"
        table("annex").rows[1].cells[0].text = "other.pdf"
        table("earlier").rows[1].cells[0].text = "Changed afterwards"
        row = table("budget").add_row().cells
        row[0].text, row[1].text = "Nobody Ltd", "7"
        document.add_paragraph("One more thought")
        table("why")._tbl.getparent().remove(table("why")._tbl)

    found = back(edit)
    assert found.values == {"themes": ["wind"]}
    assert set(found.unread) == {
        Unread("choice", "kind", "Something else"),
        Unread("choice", "themes", "Fire"),
        Unread("shown-only", "annex", "other.pdf"),
        Unread("shown-only", "earlier", "Changed afterwards"),
        Unread("row", "budget", "Nobody Ltd | 7"),
        Unread("missing", "why"),
        Unread("beside", "", "One more thought"),
    }


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_untouched_in_every_language(language: str) -> None:
    ground = Ground(language, 2, GROUND.choices, GROUND.payees, GROUND.partners)
    paper = paper_of(FORM, ANSWERS, ground, identity=Identity("a", 1, "f", language), title="T", facts=())
    file = read_word(write_word(paper))
    assert returned(FORM, file, ANSWERS, ground, paper) == Returned({})


def test_choices_that_are_none_of_ours_empty_no_answer() -> None:
    def edit(table: Callable[[str], Any], _document: Any) -> None:
        table("themes").rows[1].cells[0].text = "☒ Fire"

    assert back(edit) == Returned({}, (Unread("choice", "themes", "Fire"),))
