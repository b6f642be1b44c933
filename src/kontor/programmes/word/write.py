"""A paper as the bytes of a DOCX file (ECMA-376, transitional).

Each question is one table: a shaded row with the question, and the answer below. Tables survive Word,
LibreOffice and the editors in browsers. Which answer a table holds is said twice: in its description, and by
a small mark after the question, ⟦key⟧, for editors that drop the description. The identity of the file stands
in its properties and as a mark at the end.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

from kontor.programmes.word import parts
from kontor.programmes.word.model import FACTS, Box, Identity, Paper, Part, Shape

FORMAT: Final = "1"
#: Width of the text on A4, in twentieths of a point.
_WIDTH: Final = 9638
_NEVER: Final = (2000, 1, 1, 0, 0, 0)
TICKED, EMPTY = "☒", "☐"


def write_word(paper: Paper) -> bytes:
    """The same paper gives the same bytes."""
    identity = paper.identity
    title = _clean(paper.title)
    files = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.RELATIONS,
        "word/document.xml": _document(paper),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/styles.xml": parts.styles(escape(identity.language)),
        "word/settings.xml": parts.SETTINGS,
        "word/footer1.xml": parts.footer(title),
        "docProps/core.xml": parts.core_properties(title, escape(identity.language)),
        "docProps/custom.xml": parts.custom_properties(
            {name: _clean(value) for name, value in properties_of(identity).items()}
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _NEVER), text.encode(), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def properties_of(identity: Identity) -> dict[str, str]:
    return {
        "kontor": FORMAT,
        "kontor-subject": identity.subject,
        "kontor-revision": str(identity.revision),
        "kontor-form": identity.form,
        "kontor-language": identity.language,
    }


def identity_mark(identity: Identity) -> str:
    """The identity in words that fit one line; `read` finds it where the properties are gone."""
    told = (FORMAT, identity.subject, str(identity.revision), identity.form, identity.language)
    return f"⟦kontor|{'|'.join(told)}⟧"


def _document(paper: Paper) -> str:
    body = [_paragraph(paper.title, "Title")]
    if paper.facts:
        told = "\n".join(f"{label}: {value}" for label, value in paper.facts)
        about = Box(FACTS, paper.facts[0][1], shape=Shape.FIXED, text=told)
        body += [_table(about), _paragraph("", "KontorGap")]
    body += [_paragraph(note, "KontorNote") for note in paper.notes]
    for part in paper.parts:
        body += _part(part)
    body.append(_paragraph(identity_mark(paper.identity), "KontorGap"))
    return (
        f"{parts.HEAD}<w:document {parts.ROOT}><w:body>{''.join(body)}"
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
        'w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _part(part: Part) -> list[str]:
    found = [_paragraph(part.title, "Heading1")]
    found += [_paragraph(line, "KontorNote") for line in part.help.splitlines() if line.strip()]
    for box in part.boxes:
        found += [_table(box), _paragraph("", "KontorGap")]
    return found


def _table(box: Box) -> str:
    columns = len(box.columns) if box.shape is Shape.GRID and box.columns else 1
    widths = [_WIDTH // columns] * columns
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [_row([_cell(_question(box), _WIDTH, span=columns, shade="E8EEF4")], heading=True)]
    if box.shape is Shape.GRID:
        heads = [
            _cell(_paragraph(label, "KontorHint", bold=True), widths[0], shade="F4F7FA")
            for label in box.columns
        ]
        empty = ("",) * columns
        rows.append(_row(heads))
        rows += [
            _row([_cell(_lines(text), widths[0]) for text in row])
            for row in (*box.rows, *[empty] * box.spare)
        ]
    else:
        shade = "F7F7F7" if box.shape is Shape.FIXED else ""
        rows.append(_row([_cell(_answer(box), _WIDTH, shade=shade)]))
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="9AA7B4"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
        f'<w:tblCaption w:val="{_attribute(box.title)}"/>'
        f'<w:tblDescription w:val="kontor:{_attribute(box.key)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _question(box: Box) -> str:
    mark = (
        '<w:r><w:rPr><w:b w:val="0"/><w:color w:val="8A949E"/><w:sz w:val="12"/><w:szCs w:val="12"/></w:rPr>'
        f'<w:t xml:space="preserve"> ⟦{_clean(box.key)}⟧</w:t></w:r>'
    )
    question = f'<w:p><w:pPr><w:pStyle w:val="KontorQuestion"/></w:pPr>{_run(box.title)}{mark}</w:p>'
    hints = (line for hint in box.hints for line in hint.splitlines() if line.strip())
    return question + "".join(_paragraph(line, "KontorHint") for line in hints)


def _answer(box: Box) -> str:
    if box.shape is Shape.PICK:
        return "".join(
            f"<w:p>{_tick(box.key, position, position in box.ticked)}{_run(f' {label}')}</w:p>"
            for position, label in enumerate(box.choices)
        )
    if box.shape is Shape.LIST:
        return _list(box)
    return _lines(box.text)


def _tick(key: str, position: int, ticked: bool) -> str:
    """A box that Word ticks with a click; elsewhere it is a letter to replace by an x."""
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="kontor:{_attribute(key)}:{position}"/><w14:checkbox>'
        f'<w14:checked w14:val="{int(ticked)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent>'
        '<w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/></w:rPr>'
        f"<w:t>{TICKED if ticked else EMPTY}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _list(box: Box) -> str:
    items = "".join(
        f'<w:listItem w:displayText="{_attribute(label)}" w:value="{_attribute(label)}"/>'
        for label in ("—", *box.choices)
    )
    return (
        f'<w:p><w:sdt><w:sdtPr><w:tag w:val="kontor:{_attribute(box.key)}"/><w:dropDownList>{items}'
        f"</w:dropDownList></w:sdtPr><w:sdtContent>{_run(box.text or '—')}</w:sdtContent></w:sdt></w:p>"
    )


def _cell(content: str, width: int, *, span: int = 1, shade: str = "") -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shaded = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{shaded}</w:tcPr>{content}</w:tc>'


def _row(cells: list[str], *, heading: bool = False) -> str:
    properties = "<w:trPr><w:cantSplit/></w:trPr>" if heading else ""
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def _lines(text: str) -> str:
    return "".join(_paragraph(line) for line in text.split("\n"))


def _paragraph(text: str, style: str = "", *, bold: bool = False) -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{_run(text, bold=bold)}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    if not text:
        return ""
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    pieces = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{piece}</w:t>' if piece else "" for piece in _clean(text).split("\t")
    )
    return f"<w:r>{properties}{pieces}</w:r>"


def _clean(text: str) -> str:
    """Escaped, without the characters that XML cannot hold."""
    return escape("".join(each for each in text if each in "\t\n" or _lawful(ord(each))))


def _lawful(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _attribute(text: str) -> str:
    return _clean(" ".join(text.split())).replace('"', "&quot;")
