"""Pages to print."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from kontor.base.pdf import pdf_of
from kontor.base.tests.pages import text_of

AT = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
TEMPLATE = """= #told.title
#facts(told.facts)
== #words.list
#ledger(((words.name, false), (words.sum, true)), told.rows)
#paragraphs(told.text)
"""


def made(tmp_path: Path, **values: object) -> bytes:
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    told = {
        "facts": [["Wo", "Enschede"]],
        "rows": [["Žiga & Søn", "1.000,00"]],
        "text": "one\n\ntwo",
        **values,
    }
    words = {"list": "Liste", "name": "Name", "sum": "Summe"}
    return pdf_of(
        template, told, title="Protokoll", language="de", words=words, site="Kontor", footer="Seite", at=AT
    )


def test_a_page_says_what_it_was_given_and_is_tagged(tmp_path: Path) -> None:
    content = made(tmp_path)
    assert text_of(content) == (
        "Protokoll Wo Enschede Liste Name Summe Žiga & Søn 1.000,00 one two Seite 1 / 1"
    )
    address = "https://example.org/" + "0123456789" * 30
    assert address in text_of(made(tmp_path, text=address)).replace(" ", "").replace("\u200b", "")
    reader = PdfReader(io.BytesIO(content))
    root = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("de", True)  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Protokoll"
    assert content == made(tmp_path), "the same data at the same moment give the same bytes"


@pytest.mark.parametrize(
    "text", ["#panic(1)", "$x", "*bold* _it_", "= no heading", '#read("/etc/passwd")', "@a <b>"]
)
def test_what_people_wrote_is_never_read_as_markup(tmp_path: Path, text: str) -> None:
    assert f"Enschede Liste Name Summe x 1,00 {text} Seite" in text_of(
        made(tmp_path, rows=[["x", "1,00"]], text=text)
    )
