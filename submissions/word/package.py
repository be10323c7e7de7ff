"""The package around the form's pages: styles with the annex's typefaces, page, footer, custom properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from lxml.etree import _Element

from submissions.word.parts import element

SONG: Final = "宋体"
FANGSONG: Final = "仿宋"
HEI: Final = "黑体"
_LATIN: Final = "Times New Roman"
_CENTRE: Final = "center"
#: style -> (typeface, size in points, bold, alignment, space before, space after, first line in characters)
_STYLES: Final[dict[str, tuple[str, float, bool, str, float, float, int]]] = {
    "FormAnnex": (HEI, 16, False, "left", 0, 60, 0),
    "FormTitle": (SONG, 22, True, _CENTRE, 60, 6, 0),
    "FormName": (SONG, 28, True, _CENTRE, 6, 90, 0),
    "FormCover": (FANGSONG, 15, False, "left", 14, 2, 0),
    "FormNote": (FANGSONG, 10.5, False, "left", 60, 0, 0),
    "FormPart": (HEI, 16, False, _CENTRE, 0, 12, 0),
    "FormHeading": (HEI, 14, False, "left", 12, 8, 0),
    "FormUnit": (HEI, 12, False, "left", 8, 6, 0),
    "FormGuide": (FANGSONG, 10.5, False, "left", 0, 6, 0),
    "FormBand": (HEI, 10.5, False, "left", 3, 3, 0),
    "FormText": (FANGSONG, 10.5, False, "left", 3, 3, 0),
    "FormCell": (FANGSONG, 10.5, False, "left", 2, 2, 0),
    "FormColumn": (SONG, 9, False, _CENTRE, 2, 2, 0),
    "FormColumnGuide": (FANGSONG, 8, False, _CENTRE, 0, 2, 0),
    "FormTableTitle": (FANGSONG, 10.5, False, "left", 3, 3, 0),
    "FormRecord": (HEI, 10.5, False, "left", 6, 3, 0),
    "FormTextTitle": (HEI, 12, False, "left", 10, 4, 0),
    "FormTextPart": (SONG, 10.5, True, "left", 6, 3, 0),
    "FormProse": (FANGSONG, 10.5, False, "both", 2, 2, 0),
    "FormPledge": (FANGSONG, 10.5, False, "left", 36, 18, 0),
    "FormStamp": (FANGSONG, 12, False, "left", 24, 60, 0),
    "FormDate": (FANGSONG, 12, False, "right", 0, 24, 0),
    "FormGap": (FANGSONG, 4, False, "left", 0, 0, 0),
    "FormEnd": (FANGSONG, 1, False, "left", 0, 0, 0),
}
_BREAKS: Final = ("FormPart",)
_OUTLINE: Final = {"FormPart": 0, "FormHeading": 1, "FormUnit": 2, "FormTextTitle": 2}
_PROPERTIES: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTY_ID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


class Package:
    """An empty document with the form's styles."""

    def __init__(self, *, title: str, footer: str, properties: Mapping[str, str], created: datetime) -> None:
        self._document = Document()
        self._styles()
        self._page(footer)
        core = self._document.core_properties
        core.title, core.author, core.comments = title, "", ""
        core.created = core.modified = created
        core.language = "zh-CN"
        self._custom(properties)

    def extend(self, pieces: Iterable[_Element]) -> None:
        """Append to the body, before the page's own properties."""
        body = self._document.element.body
        end = body.find(qn("w:sectPr"))
        for piece in pieces:
            end.addprevious(piece)

    def save(self, file: IO[bytes]) -> None:
        """Write the file."""
        self._document.save(file)

    def _page(self, footer: str) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22.5)
        section.top_margin, section.bottom_margin = Mm(24), Mm(22)
        line = section.footer.paragraphs[0]
        line.add_run(f"{footer}　　第 ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = line.add_run()
            if kind:
                run._r.append(element("w:fldChar", fldCharType=kind))
            else:
                written = element("w:instrText")
                written.text = text
                run._r.append(written)
        line.add_run(" 页")
        for run in line.runs:
            _face(run.font, SONG, 8)

    def _styles(self) -> None:
        styles = self._document.styles
        _face(styles["Normal"].font, FANGSONG, 10.5)
        for name, (face, size, bold, align, before, after, _) in _STYLES.items():
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            _face(style.font, face, size)
            style.font.bold = bold
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(after)
            style.paragraph_format.page_break_before = name in _BREAKS or None
            style.paragraph_format.line_spacing = Pt(2) if name == "FormEnd" else 1.3
            properties = style.element.get_or_add_pPr()
            properties.append(element("w:jc", val=align))
            if name in _OUTLINE:
                properties.append(element("w:outlineLvl", val=str(_OUTLINE[name])))
        for name, colour in (("FormHint", 0x80), ("FormValue", 0), ("FormLabel", 0), ("FormGroup", 0)):
            style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            style.font.color.rgb = RGBColor(colour, colour, colour)
            style.font.bold = name == "FormGroup" or None
        _table_style(styles, "FormTable", lined=True)
        _table_style(styles, "FormCoverTable", lined=False)

    def _custom(self, properties: Mapping[str, str]) -> None:
        """docProps/custom.xml: which form this is."""
        rows = "".join(
            f'<property fmtid="{_PROPERTY_ID}" pid="{number}" name={quoteattr(name)}>'
            f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
            for number, (name, value) in enumerate(properties.items(), start=2)
        )
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
            'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
            f"{rows}</Properties>"
        )
        package = self._document.part.package
        part = Part(PackURI("/docProps/custom.xml"), _PROPERTIES, xml.encode(), package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def _face(font: Any, face: str, size: float) -> None:
    """Latin letters in Times, Chinese ones in ``face``."""
    font.name, font.size = _LATIN, Pt(size)
    fonts = font.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _table_style(styles: Any, name: str, *, lined: bool) -> None:
    style = styles.add_style(name, WD_STYLE_TYPE.TABLE)
    properties = element("w:tblPr")
    if lined:
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = (element(f"w:{side}", val="single", sz="4", space="0", color="000000") for side in sides)
        properties.append(element("w:tblBorders", *lines))
    margins = (element(f"w:{side}", w="100", type="dxa") for side in ("left", "right"))
    properties.append(element("w:tblCellMar", *margins))
    style.element.append(properties)
