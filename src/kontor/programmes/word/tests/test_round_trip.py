"""What goes out comes back: by our own reader, and after an independent program wrote the file anew."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.programmes.word import (
    Box,
    Identity,
    Paper,
    Part,
    Shape,
    WordError,
    read_word,
    tree,
    write_word,
)

IDENTITY = Identity("abc123", 14, "rocket 1", "de")
BOXES = (
    Box("idea", 'What is "new" & why?', ("At most 300 words",), text="First line\n\nThird\twith a tab"),
    Box("kind", "Which kind?", shape=Shape.LIST, choices=("Study", "Project"), text="Project"),
    Box("themes", "Themes", shape=Shape.PICK, choices=("Wind", "Water"), ticked=frozenset({1})),
    Box("plan", "Plan", shape=Shape.GRID, columns=("Work", "Months"), rows=(("Build", "6"),), spare=2),
    Box("annex", "Annexes", shape=Shape.FIXED, text="letter.pdf"),
)
PAPER = Paper(IDENTITY, "A quiet pump", (("Number", "R-1"),), ("Write below the questions.",), (
    Part("The project", "Tell it\nshortly", BOXES[:3]), Part("Work", boxes=BOXES[3:]),
))  # fmt: skip
WORD = write_word(PAPER)


def changed(edit: Callable[[docx.document.Document], None]) -> bytes:
    """The file as another program saves it after an edit."""
    document = docx.Document(io.BytesIO(WORD))
    edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def replaced(part: str, old: str, new: str, content: bytes = WORD) -> bytes:
    """The same archive with a text in one part replaced, or the part left out where `new` is empty."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == part:
                assert old in text
                if not new:
                    continue
                text = text.replace(old, new)
            target.writestr(name, text)
    return out.getvalue()


def test_everything_comes_back_unchanged() -> None:
    found = read_word(WORD)
    assert found.identity == IDENTITY
    assert {key: box.text for key, box in found.boxes.items() if key != "plan"} == {
        "idea": "First line\n\nThird\twith a tab",
        "kind": "Project",
        "themes": "☐ Wind\n☒ Water",
        "annex": "letter.pdf",
    }
    assert found.boxes["plan"].headings == ("Work", "Months")
    assert found.boxes["plan"].rows == (("Build", "6"), ("", ""), ("", ""))
    assert {" ".join(line.split()) for line in found.outside} == PAPER.texts()
    assert (found.comments, found.deletions, found.doubled) == (0, 0, ())
    assert write_word(PAPER) == WORD


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(), max_size=4))
def test_any_text_comes_back_but_for_what_xml_cannot_hold(lines: list[str]) -> None:
    wanted = [
        "".join(each for each in line if each == "\t" or (ord(each) >= 0x20 and each not in "\ufffe\uffff"))
        .replace("\u00a0", " ").rstrip()
        for line in "\n".join(lines).replace("\r", "").split("\n")
    ]  # fmt: skip
    paper = Paper(IDENTITY, "T", parts=(Part("P", boxes=(Box("a", "A", text="\n".join(lines)),)),))
    assert read_word(write_word(paper)).boxes["a"].text.split("\n") == "\n".join(wanted).strip("\n").split(
        "\n"
    )


def test_another_program_reads_it_and_what_it_writes_is_read() -> None:
    def edit(document: docx.document.Document) -> None:
        _facts, idea, _kind, _themes, plan, _annex = document.tables
        idea.rows[1].cells[0].text = "Rewritten"
        idea.rows[1].cells[0].add_paragraph("with a second paragraph")
        plan.rows[3].cells[0].text = "Sell"
        plan.add_row().cells[1].text = "9"
        document.add_paragraph("A thought beside all questions")

    found = read_word(changed(edit))
    assert found.boxes["idea"].text == "Rewritten\nwith a second paragraph"
    assert found.boxes["plan"].rows == (("Build", "6"), ("Sell", ""), ("", ""), ("", "9"))
    assert "A thought beside all questions" in found.outside
    assert found.identity == IDENTITY


def test_marks_carry_it_where_properties_and_descriptions_are_gone() -> None:
    bare = replaced("docProps/custom.xml", "kontor", "")
    bare = replaced("word/document.xml", "w:tblDescription", "w:tblOther", bare)
    found = read_word(bare)
    assert found.identity == IDENTITY
    assert found.boxes == read_word(WORD).boxes


def test_marked_changes_lists_and_placeholders_are_read_as_they_would_print() -> None:
    run = '<w:t xml:space="preserve">First line</w:t></w:r>'
    marked = (
        f'{run}<w:del w:id="1"><w:r><w:delText> gone</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t> new</w:t></w:r></w:ins>'
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here</w:t></w:r>"
        "</w:sdtContent></w:sdt></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>point</w:t></w:r>"
        "<w:r><w:drawing/></w:r>"
    )
    found = read_word(replaced("word/document.xml", run, marked))
    assert found.boxes["idea"].text == "First line new\n• point\n\nThird\twith a tab"
    assert (found.deletions, found.boxes["idea"].pictures) == (1, 1)


def test_a_box_that_stands_twice_is_told_and_its_text_kept() -> None:
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        text = archive.read("word/document.xml").decode()
    (table,) = [f"{part}</w:tbl>" for part in text.split("</w:tbl>") if "⟦idea⟧" in part]
    table = table[table.index("<w:tbl>") :]
    found = read_word(replaced("word/document.xml", table, table + table.replace("First line", "Other")))
    assert found.doubled == ("idea",)
    assert "Other" in found.outside


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><w:document'
NAMELESS = replaced("docProps/custom.xml", "kontor", "")
DEEP = "<w:r>" * (tree.DEEPEST + 1) + "</w:r>" * (tree.DEEPEST + 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-word"),
        (b"%PDF-1.7", "not-word"),
        (b"\xd0\xcf\x11\xe0 locked", "protected"),
        (b"PK\x03\x04 cut off", "damaged"),
        (WORD[: len(WORD) // 2], "damaged"),
        (WORD.replace(b"word/document.xml", b"word/documemt.xml"), "not-word"),
        (replaced("word/document.xml", "</w:body>", ""), "not-word"),
        (replaced("word/document.xml", "<w:body>", "<w:wrong>"), "damaged"),
        (replaced("word/document.xml", "<w:document", DOCTYPE), "damaged"),
        (replaced("word/document.xml", "First line", f"</w:t></w:r>{DEEP}<w:r><w:t>"), "too-large"),
        (replaced("word/document.xml", "⟦kontor|1", "⟦other", NAMELESS), "foreign"),
        (replaced("docProps/custom.xml", ">14<", ">many<"), "foreign"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_refused_with_a_remedy(content: bytes, code: str) -> None:
    with pytest.raises(WordError) as refused:
        read_word(content)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_file_that_inflates_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LARGEST_PART", 2_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", b"<a>" + b" " * 3_000)
    with pytest.raises(WordError) as refused:
        read_word(out.getvalue())
    assert refused.value.code == "too-large"
