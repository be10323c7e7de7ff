"""The application form as a Word document in the layout of annex 2, blank or with a team's answers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from lxml.etree import _Element

from competition.form_schema import BoundField, BoundRow, FormSchema, Section
from submissions.word import parts, tags
from submissions.word.fields import FROM_REGISTRATION, LOCKED, Emitter, Place, title_of
from submissions.word.package import Package
from submissions.word.parts import Controls, paragraph, row, run, table
from submissions.word.tags import Tag

#: Four columns: label, value, label, value.
_LINE: Final = (1700, 2977, 1700, 2977)
_LABEL: Final = "F2F2F2"
_BAND: Final = "E7E6E6"
#: A table with more columns stands in bands of six, as the annex prints the cases.
_WIDEST: Final = 8
_BAND_OF: Final = 6
#: Empty rows for what is not there yet, in the blank form and behind one's own rows.
_BLANK_ROWS: Final = 3
_SPARE_ROWS: Final = 1
_SHORT: Final = 18
BLANK_NOTE: Final = (
    "填写说明：请在各填写框内填写，方框单击即可勾选；表格不够时复制整行（案例复制整个表格）。"
    "填好后可在网上的“导入 Word 稿”中带入申报书，附件和盖章扫描件在网上上传。有多家参赛单位的，请复制“参赛单位基本信息”一节。"
)
OWN_NOTE: Final = (
    "填写说明：灰色底纹的内容来自报名信息，不能在此修改。修改后可在网上的“导入 Word 稿”中带回，"
    "带回前会逐项列出差异，由您确认。本文稿供讨论修改使用，盖章请用网上定稿生成的 PDF。"
)


@dataclass(frozen=True)
class Filled:
    """What a section holds: answers, values from the registration, and whose it is."""

    section: Section
    answers: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    unit_name: str = ""

    @property
    def tag(self) -> Tag:
        """The place of the section; ``units.1`` in the blank form."""
        ordinal = 1 if self.section.repeat and self.unit_id is None else None
        return Tag(self.section.key, "", unit_id=self.unit_id, ordinal=ordinal)


@dataclass(frozen=True)
class Document:
    """Everything that goes into a document."""

    schema: FormSchema
    edition_name: str
    edition_slug: str
    sections: list[Filled]
    cover: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entry: str = ""  #: the reference of the entry; '' for the blank form
    at: datetime | None = None

    @property
    def blank(self) -> bool:
        return not self.entry


def render(document: Document) -> bytes:
    """The document as a .docx file."""
    package = Package(
        title=document.schema.title,
        footer=f"{document.edition_name} · "
        + (
            "空白申报书（以网上填报为准）"
            if document.blank
            else f"{document.entry} · Word 文稿（盖章请用网上定稿的 PDF）"
        ),
        properties={
            "form-edition": document.edition_slug,
            "form-digest": document.schema.digest,
            "form-entry": document.entry,
        },
        created=document.at or datetime(2025, 1, 1, tzinfo=UTC),
    )
    package.extend(_Writer(document).body())
    kept = io.BytesIO()
    package.save(kept)
    return kept.getvalue()


class _Writer:
    """Walks the form and gives the document's body piece by piece."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._controls = Controls()
        self._emit = Emitter(self._controls, document.files)

    def body(self) -> Iterator[_Element]:
        """Cover, then part by part."""
        yield from self._cover()
        part = heading = band = ""
        for filled in self._document.sections:
            section = filled.section
            if section.part != part:
                yield paragraph(run(section.part), style="FormPart")
            if section.heading != heading:
                yield paragraph(run(section.heading), style="FormHeading", keep=True)
                if section.guide:
                    yield paragraph(run(section.guide), style="FormGuide")
                band = ""
            if section.repeat:
                yield self._unit_title(filled)
            again = bool(section.block) and section.block == band
            part, heading, band = section.part, section.heading, section.block
            yield from self._section(filled, again)
        yield from self._stamps()

    def _cover(self) -> Iterator[_Element]:
        document = self._document
        title, _, name = document.schema.title.partition("参赛项目")
        yield paragraph(run("附件2"), style="FormAnnex")
        yield paragraph(run(title), style="FormTitle")
        yield paragraph(run(f"参赛项目{name}"), style="FormName")
        rows = []
        for line in document.schema.cover:
            tag = str(Tag("cover", line.key, printed=True))
            hint = "　" if not document.blank else FROM_REGISTRATION
            lock = "" if document.blank else LOCKED
            value = self._controls.inline(tag, line.label, document.cover.get(line.key, ""), hint, lock=lock)
            label = parts.cell(2600, [paragraph(run(f"{line.label}："), style="FormCover")])
            rows.append(row(label, parts.cell(5000, [paragraph(value, style="FormCover")])))
        yield parts.unlined((2600, 5000), rows)
        yield paragraph(run(BLANK_NOTE if document.blank else OWN_NOTE), style="FormNote")

    def _unit_title(self, filled: Filled) -> _Element:
        tag = str(replace(filled.tag, path="unit_title", printed=True))
        lock = "" if self._document.blank else LOCKED
        name = self._controls.inline(tag, "参赛单位", filled.unit_name, "＿＿＿＿＿＿＿＿", lock=lock)
        return paragraph(run("参赛单位："), name, style="FormUnit", keep=True)

    def _section(self, filled: Filled, again: bool) -> Iterator[_Element]:
        place = Place(filled.tag, blank=self._document.blank)
        bound = filled.section.bind(filled.answers, derived=filled.derived)
        if all(one.field.kind == "textarea" or one.field.layout == "texts" for one in bound):
            for one in bound:
                yield from self._text(one, place)
            return
        band = filled.section.block if not again else ""
        star = "*" if filled.section.required else ""
        rows = [_band(f"{star}{band}")] if band else []
        for alone, some in _paired(bound, numbered=bool(filled.section.block)):
            one = some[0]
            if not alone:
                rows.append(self._line(some, place))
            else:
                inner = one.parts if one.field.layout == "items" and not one.field.no else (one,)
                below = place if inner == (one,) else place.of(one)
                if inner != (one,):
                    rows.append(_band(title_of(one.field, colon=False)))
                yield from self._items(rows, inner, below)
                rows = []
        yield from _closed(rows)

    def _items(self, rows: list[_Element], items: tuple[BoundField, ...], place: Place) -> Iterator[_Element]:
        """Numbered items, one a row over the whole width; tables stand between them."""
        for one in items:
            if one.field.kind == "table":
                yield from _closed(rows)
                rows = []
                yield from self._table(one, place)
            elif any(part.field.kind == "table" for part in one.parts):
                rows.append(_whole([paragraph(run(title_of(one.field)), style="FormText", keep=True)]))
                yield from self._items(rows, one.parts, place.of(one))
                rows = []
            else:
                rows.append(_whole(list(self._emit.item(one, place))))
        yield from _closed(rows)

    def _text(self, bound: BoundField, place: Place) -> Iterator[_Element]:
        """A heading of part two with its text, or its texts."""
        yield paragraph(run(bound.field.label), style="FormTextTitle", keep=True)
        if bound.field.kind == "textarea":
            yield self._emit.long(bound, place.of(bound))
        for part in bound.parts:
            yield paragraph(run(part.field.label), style="FormTextPart", keep=True)
            yield self._emit.long(part, place.of(bound).of(part))

    def _line(self, pair: tuple[BoundField, ...], place: Place) -> _Element:
        cells = []
        for position, one in enumerate(pair):
            here = place.of(one)
            shade = _LABEL if here.printed and not place.blank else ""
            label = [paragraph(run(title_of(one.field, colon=False)), style="FormCell")]
            plain = one.field.kind in ("textarea",) or (one.field.grouped and bool(one.options))
            content = list(self._emit.item(one, place, label=False)) if plain else []
            content = content or [paragraph(*self._emit.inline(one, here), style="FormText")]
            span = 3 if len(pair) == 1 else 1
            width = sum(_LINE[1:]) if span == 3 else _LINE[2 * position + 1]
            cells += [parts.cell(_LINE[0], label), parts.cell(width, content, span=span, shade=shade)]
        return row(*cells)

    def _table(self, bound: BoundField, place: Place) -> Iterator[_Element]:
        """A table of the form: a grid, or a band of two rows of cells for each record."""
        here = replace(place.of(bound), in_row=True)
        yield paragraph(run(title_of(bound.field)), style="FormTableTitle", keep=True)
        records = [(one.id or str(number), one) for number, one in enumerate(bound.rows)]
        records += [(tags.new_row(number + 1), one) for number, one in enumerate(self._spare(bound))]
        if len(bound.field.fields) > _WIDEST:
            for number, (row_id, one) in enumerate(records):
                yield from self._record(bound, one, here.below(row_id), number)
        else:
            yield from self._grid(bound, records, here)

    def _spare(self, bound: BoundField) -> list[BoundRow]:
        if bound.field.derived:
            if not self._document.blank:
                return []
            return [_empty_row(bound)] * (bound.field.max_rows or _BLANK_ROWS)
        most = (bound.field.max_rows or 1000) - len(bound.rows)
        wanted = _BLANK_ROWS if self._document.blank else _SPARE_ROWS
        return [bound.blank_row] * max(0, min(wanted, most)) if bound.blank_row else []

    def _record(self, bound: BoundField, one: BoundRow, place: Place, number: int) -> Iterator[_Element]:
        yield paragraph(run(f"{bound.field.row_label}{number + 1}"), style="FormRecord", keep=True)
        width = parts.WIDTH // _BAND_OF
        rows = []
        for start in range(0, len(one.cells), _BAND_OF):
            some = one.cells[start : start + _BAND_OF]
            rows.append(row(*(_heading(width, cell) for cell in some), whole=True))
            rows.append(row(*(self._cell(width, cell, place) for cell in some)))
        yield table((width,) * _BAND_OF, rows)

    def _grid(
        self, bound: BoundField, records: list[tuple[str, BoundRow]], place: Place
    ) -> Iterator[_Element]:
        cells = records[0][1].cells if records else _empty_row(bound).cells
        widths = _widths([cell.field.kind for cell in cells])
        rows = [
            row(*(_heading(width, cell) for width, cell in zip(widths, cells, strict=True)), heading=True)
        ]
        for row_id, one in records:
            below = place.below(row_id)
            made = [self._cell(width, cell, below) for width, cell in zip(widths, one.cells, strict=True)]
            rows.append(row(*made, whole=True))
        yield table(widths, rows)

    def _cell(self, width: int, bound: BoundField, place: Place) -> _Element:
        here = place.of(bound)
        shade = _LABEL if here.printed and not place.blank else ""
        if bound.field.kind == "textarea":
            return parts.cell(width, [self._emit.long(bound, here)], middle=False)
        return parts.cell(
            width, [paragraph(*self._emit.inline(bound, here), style="FormCell")], shade=shade, middle=False
        )

    def _stamps(self) -> Iterator[_Element]:
        yield paragraph(
            run("本团队及各参赛单位对申报书全部内容及所附材料的准确性和真实性负责。"), style="FormPledge"
        )
        names = [one.unit_name for one in self._document.sections if one.section.repeat]
        for position, name in enumerate(names or [""]):
            label = "牵头单位（盖章）：" if position == 0 and len(names) > 1 else "参赛单位（盖章）："
            tag = str(Tag("stamp", f"u{position}", printed=True))
            lock = "" if self._document.blank else LOCKED
            unit = self._controls.inline(tag, "单位名称", name, "＿＿＿＿＿＿＿＿", lock=lock)
            yield paragraph(run(label), unit, style="FormStamp")
            yield paragraph(run("年　　月　　日"), style="FormDate")


def _closed(rows: list[_Element]) -> Iterator[_Element]:
    """A table of the rows, and a little space so that the next does not grow into it."""
    if rows:
        yield table(_LINE, rows)
        yield paragraph(style="FormGap")


def _band(label: str) -> _Element:
    content = [paragraph(run(label), style="FormBand", keep=True)]
    return row(parts.cell(parts.WIDTH, content, span=4, shade=_BAND), whole=True)


def _whole(content: list[_Element]) -> _Element:
    return row(parts.cell(parts.WIDTH, content, span=4))


def _heading(width: int, bound: BoundField) -> _Element:
    guide = bound.field.guide if bound.field.kind == "textarea" else ""
    label = [paragraph(run(bound.field.label), style="FormColumn")]
    if guide:
        label.append(paragraph(run(f"（{guide}）"), style="FormColumnGuide"))
    return parts.cell(width, label, shade=_LABEL)


def _empty_row(bound: BoundField) -> BoundRow:
    """An empty row of a table that the registration fills; bound as if it were the team's."""
    plain = replace(bound.field, derived="")
    section = Section("x", "", "", "", (plain,))
    blank = section.bind({})[0].blank_row
    if blank is None:
        raise ValueError(f"{bound.field.key} is no table")
    return blank


def _widths(kinds: list[str]) -> tuple[int, ...]:
    """Equal columns over the whole width; the first takes what is left over."""
    each = parts.WIDTH // max(len(kinds), 1)
    return (parts.WIDTH - each * (len(kinds) - 1), *(each for _ in kinds[1:]))


def _paired(
    bound: tuple[BoundField, ...], *, numbered: bool
) -> Iterator[tuple[bool, tuple[BoundField, ...]]]:
    """Short plain fields two to a line; numbered items, blocks of items and tables by themselves (True)."""
    waiting: tuple[BoundField, ...] = ()
    for one in bound:
        alone = numbered or one.field.kind == "table" or one.field.layout == "items"
        short = not alone and _is_short(one)
        if waiting and not short:
            yield False, waiting
            waiting = ()
        if not short:
            yield alone, (one,)
            continue
        waiting = (*waiting, one)
        if len(waiting) == 2:
            yield False, waiting
            waiting = ()
    if waiting:
        yield False, waiting


def _is_short(bound: BoundField) -> bool:
    if bound.field.kind in ("textarea", "block", "file") or len(bound.field.label) > _SHORT:
        return False
    if bound.options and bound.field.style not in ("select", "lookup"):
        return len(bound.options) <= 3 and not any(option.details for option in bound.options)
    return len(bound.value) <= _SHORT
