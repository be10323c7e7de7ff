"""The pieces of a Word document's XML that the form needs: runs, paragraphs, tables, content controls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml.etree import Element, _Element

TICKED: Final = "☑"
EMPTY: Final = "☐"
#: What XML 1.0 cannot hold; such characters are left out of a document, and of comparisons with it.
UNWRITABLE: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BOX_FONT: Final = "MS Gothic"
#: The width of the page between its margins, in twentieths of a point.
WIDTH: Final = 9354
_W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"


def element(name: str, *children: _Element, **attributes: str) -> Any:
    """``element("w:b", val="0")`` with attributes of the w namespace."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(children)
    return made


def run(text: str, *, style: str = "") -> Any:
    """A run; tabs and line ends become Word's own."""
    made = element("w:r")
    if style:
        made.append(element("w:rPr", element("w:rStyle", val=style)))
    for piece in re.split(r"(\t|\n)", UNWRITABLE.sub("", text)):
        if piece == "\t":
            made.append(element("w:tab"))
        elif piece == "\n":
            made.append(element("w:br"))
        elif piece:
            written = element("w:t")
            written.text = piece
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(written)
    return made


def paragraph(*runs: _Element, style: str = "", keep: bool = False) -> Any:
    """A paragraph in a named style."""
    properties = element("w:pPr")
    if style:
        properties.append(element("w:pStyle", val=style))
    if keep:
        properties.append(element("w:keepNext"))
    return element("w:p", properties, *runs) if len(properties) else element("w:p", *runs)


class Controls:
    """Makes content controls with ids of their own within one document."""

    def __init__(self) -> None:
        self._ids = count(1000)

    def inline(
        self, tag: str, title: str, text: str, hint: str, *, lock: str = "", lines: bool = True
    ) -> Any:
        """A control within a paragraph: one line (or several, by soft breaks)."""
        properties = self._properties(tag, title, lock, empty=not text)
        properties.append(element("w:text", multiLine="1") if lines else element("w:text"))
        shown = run(text, style="FormValue") if text else run(hint, style="FormHint")
        return element("w:sdt", properties, element("w:sdtContent", shown))

    def block(self, tag: str, title: str, text: str, hint: str, *, style: str, lock: str = "") -> Any:
        """A control of whole paragraphs, one for each line of the text."""
        properties = self._properties(tag, title, lock, empty=not text)
        content = element("w:sdtContent")
        if text:
            content.extend(paragraph(run(line), style=style) for line in text.split("\n"))
        else:
            content.append(paragraph(run(hint, style="FormHint"), style=style))
        return element("w:sdt", properties, content)

    def choice(
        self,
        tag: str,
        title: str,
        options: Iterable[tuple[str, str]],
        chosen: str,
        hint: str,
        *,
        lock: str = "",
    ) -> Any:
        """A list to choose one from; ``options`` are (value, label)."""
        properties = self._properties(tag, title, lock, empty=not chosen)
        listed = element("w:dropDownList")
        for value, label in options:
            listed.append(element("w:listItem", displayText=label, value=value))
        properties.append(listed)
        shown = run(chosen, style="FormValue") if chosen else run(hint, style="FormHint")
        return element("w:sdt", properties, element("w:sdtContent", shown))

    def box(self, tag: str, title: str, ticked: bool, *, lock: str = "") -> Any:
        """A box to tick."""
        properties = self._properties(tag, title, lock, empty=False)
        state = _w14("checkbox")
        state.append(_w14("checked", val="1" if ticked else "0"))
        state.append(_w14("checkedState", val="2611", font=_BOX_FONT))
        state.append(_w14("uncheckedState", val="2610", font=_BOX_FONT))
        properties.append(state)
        shown = element("w:r")
        fonts = dict.fromkeys(("ascii", "eastAsia", "hAnsi"), _BOX_FONT)
        shown.append(element("w:rPr", element("w:rFonts", hint="eastAsia", **fonts)))
        mark = element("w:t")
        mark.text = TICKED if ticked else EMPTY
        shown.append(mark)
        return element("w:sdt", properties, element("w:sdtContent", shown))

    def _properties(self, tag: str, title: str, lock: str, *, empty: bool) -> Any:
        properties = element(
            "w:sdtPr",
            element("w:alias", val=UNWRITABLE.sub("", title)[:60]),
            element("w:tag", val=tag),
            element("w:id", val=str(next(self._ids))),
        )
        if lock:
            properties.append(element("w:lock", val=lock))
        if empty:
            properties.append(element("w:showingPlcHdr"))
        return properties


def _w14(name: str, **attributes: str) -> Any:
    made = Element(f"{{{_W14}}}{name}", nsmap={"w14": _W14})
    for key, value in attributes.items():
        made.set(f"{{{_W14}}}{key}", value)
    return made


def cell(
    width: int, content: Sequence[_Element], *, span: int = 1, shade: str = "", middle: bool = True
) -> Any:
    """A cell of a table; it holds at least one paragraph, and ends with one."""
    properties = element("w:tcPr", element("w:tcW", w=str(width), type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=str(span)))
    if shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=shade))
    if middle:
        properties.append(element("w:vAlign", val="center"))
    made = element("w:tc", properties, *content)
    if made[-1].tag != qn("w:p"):
        made.append(paragraph(style="FormEnd"))
    return made


def row(*cells: _Element, whole: bool = False, heading: bool = False) -> Any:
    """A row of a table; ``whole`` keeps it on one page, a ``heading`` is repeated on each."""
    properties = element("w:trPr")
    if whole:
        properties.append(element("w:cantSplit"))
    if heading:
        properties.append(element("w:tblHeader"))
    return element("w:tr", properties, *cells) if len(properties) else element("w:tr", *cells)


def table(widths: Sequence[int], rows: Iterable[_Element]) -> Any:
    """A table with fixed columns and thin black lines."""
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val="FormTable"),
        element("w:tblW", w=str(sum(widths)), type="dxa"),
        element("w:tblLayout", type="fixed"),
    )
    grid = element("w:tblGrid", *(element("w:gridCol", w=str(width)) for width in widths))
    return element("w:tbl", properties, grid, *rows)


def unlined(widths: Sequence[int], rows: Iterable[_Element]) -> Any:
    """The cover's table: no lines but those under the values."""
    made = table(widths, rows)
    properties = made[0]
    properties[0].set(qn("w:val"), "FormCoverTable")
    properties.insert(2, element("w:jc", val="center"))
    for one in made.iter(qn("w:tr")):
        line = element("w:bottom", val="single", sz="6", space="0", color="000000")
        one[-1][0].insert(1, element("w:tcBorders", line))
    return made
