"""The parts of a Word file that are the same in each: styles, settings, the list of parts."""

from __future__ import annotations

from typing import Final

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CONTENT_TYPES: Final = (
    f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_MAIN}.settings+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_MAIN}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/custom.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
    "</Types>"
)
RELATIONS: Final = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATION}/custom-properties" Target="docProps/custom.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELATIONS: Final = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATION}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATION}/footer" Target="footer1.xml"/>'
    "</Relationships>"
)
SETTINGS: Final = (
    f'{HEAD}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="708"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/>'
    "</w:compat></w:settings>"
)
#: Namespaces of the document's root.
ROOT: Final = (
    f'xmlns:w="{W}" xmlns:w14="{W14}" xmlns:r="{_RELATION}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"'
)


def styles(language: str) -> str:
    """The styles, with the language that the spelling is checked in."""
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
        f'<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        "</w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + _style("Title", "Title", 'w:before="0" w:after="120"', 36, "1F3B57", bold=True)
        + _style("Heading1", "heading 1", 'w:before="360" w:after="120"', 28, "1F3B57", bold=True, level=0)
        + _style("KontorQuestion", "Kontor question", 'w:before="60" w:after="20"', 22, "1F3B57", bold=True)
        + _style("KontorHint", "Kontor hint", 'w:before="0" w:after="20"', 18, "4A5560")
        + _style("KontorNote", "Kontor note", 'w:before="0" w:after="60"', 20, "4A5560")
        + _style("KontorGap", "Kontor gap", 'w:before="0" w:after="0"', 12, "4A5560")
        + "</w:styles>"
    )


def _style(
    key: str, name: str, spacing: str, size: int, colour: str, *, bold: bool = False, level: int | None = None
) -> str:
    outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
    keep = "<w:keepNext/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:qFormat/><w:pPr>{keep}<w:spacing {spacing}/>{outline}</w:pPr>'
        f'<w:rPr>{"<w:b/>" if bold else ""}<w:color w:val="{colour}"/><w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def custom_properties(values: dict[str, str]) -> str:
    """Properties of the file; Word and LibreOffice keep them."""
    kind = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    listed = "".join(
        f'<property fmtid="{kind}" pid="{number}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(values.items(), start=2)
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    return (
        f'{HEAD}<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">'
        f"{listed}</Properties>"
    )


def core_properties(title: str, language: str) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>Kontor</dc:creator><dc:language>{language}</dc:language>"
        "</cp:coreProperties>"
    )


def footer(text: str) -> str:
    """The number of the application and of the page."""
    return (
        f'{HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="KontorHint"/>'
        '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r><w:r><w:tab/></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
    )
