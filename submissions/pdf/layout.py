"""How annex 2 is laid out on paper: parts, headings and boxes, from the form's rows. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from competition.form_schema import BoundField, Field, FormSchema, Row, Section, Tick, rows_of
from submissions.facts import Facts

#: A table with more columns stands in bands of six, as the annex prints the cases.
WIDEST_GRID: Final = 8
BAND: Final = 6
#: Values up to this many characters may share a line with their neighbour.
SHORT: Final = 18
CHOICES: Final = "choices"
_TALL: Final = ("group", "grid", "bands")
#: Texts up to this many characters are not torn over two pages.
KEPT: Final = 600


@dataclass(frozen=True)
class Node:
    """One thing on paper; ``kind``: text, paragraphs, choices, group, grid, bands or files."""

    kind: str
    key: str
    label: str
    no: str = ""
    star: bool = False
    guide: str = ""
    layout: str = ""
    text: str = ""
    blank: bool = True
    groups: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    parts: tuple[Node, ...] = ()
    columns: tuple[str, ...] = ()
    records: tuple[tuple[str, tuple[tuple[Node, ...], ...]], ...] = ()
    files: tuple[str, ...] = ()
    unit: str = ""
    cap: str = ""

    @property
    def title(self) -> str:
        """The label as it stands before a value: with a colon unless it ends a clause; none for a single box."""
        if self.kind == CHOICES and [option.label for _, options in self.groups for option in options] == [
            self.label
        ]:
            return ""
        if not self.label or self.label.endswith("：") or (self.kind in (CHOICES, *_TALL) and self._closed):
            return self.label
        return f"{self.label}："

    @property
    def _closed(self) -> bool:
        return self.label.endswith("）") and self.layout != "inline"

    @property
    def texts(self) -> tuple[Node, ...]:
        """The texts under a heading of part two: its parts, or itself."""
        return self.parts or (self,)

    @property
    def paragraphs(self) -> list[str]:
        """A long text line by line, without empty lines."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def keep(self) -> bool:
        """Whether it stays on one page."""
        return (
            self.short
            or self.kind not in (*_TALL, "paragraphs")
            or (self.kind == "paragraphs" and len(self.text) <= KEPT)
        )

    @property
    def short(self) -> bool:
        """Whether it may share a line with another."""
        if self.kind == "text":
            return len(self.text) <= SHORT and len(self.label) <= SHORT
        if self.kind == CHOICES:
            options = [option for _, options in self.groups for option in options]
            return len(options) <= 3 and not any(option.parts for option in options)
        return self.kind == "group" and self.layout == "years"


@dataclass(frozen=True)
class Option:
    """A box to tick, ticked or not, with what stands behind it."""

    label: str
    ticked: bool
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Block:
    """What stands under a heading: paired lines, a band with numbered items, or texts."""

    label: str
    star: bool
    lines: tuple[tuple[Node, ...], ...]
    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A heading of the annex with its blocks; ``style`` is table or texts."""

    part: str
    heading: str
    anchor: str
    style: str
    blocks: tuple[Block, ...]
    guide: str = ""
    new_part: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Sheet:
    """The whole document."""

    title: str
    cover: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    units: tuple[str, ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()
    proofs: tuple[Mapping[str, Any], ...] = ()
    contents: tuple[tuple[str, str, int], ...] = field(default=())


def sheet_of(schema: FormSchema, content: Mapping[str, Any], facts: Facts) -> Sheet:
    """The filled form from a version's content."""
    answers = {(one["key"], one["unit"]): one["answers"] for one in content["sections"]}
    files: dict[str, tuple[str, ...]] = {}
    for file in content["attachments"]:
        files[file["slot"]] = (*files.get(file["slot"], ()), file_label(file))
    chapters: list[Chapter] = []
    for section in schema.sections:
        for unit_id in facts.unit_ids if section.repeat == "unit" else [None]:
            derived = facts.derived(unit_id, full=True)
            rows = section.rows(answers.get((section.key, unit_id), {}), derived=derived)
            unit = facts.unit(unit_id)["name"] if unit_id is not None else ""
            chapters.append(_chapter(section, [node_of(row, files) for row in rows], unit, unit_id))
    labels = {
        slot.key: slot.label
        for one in schema.sections
        for slot in one.slots(answers.get((one.key, None), {}))
    }
    derived = facts.derived()
    return _sheet(
        schema,
        [(line.label, str(derived.get(line.derived, ""))) for line in schema.cover],
        chapters,
        units=tuple(unit["name"] for unit in facts.public["units"]),
        attachments=tuple({**file, "label": labels.get(file["slot"], "")} for file in content["attachments"]),
        proofs=tuple(
            {**proof, "unit": unit["name"]} for unit in facts.public["units"] for proof in unit["proofs"]
        ),
    )


def file_label(file: Mapping[str, Any]) -> str:
    """A file by name; one that was declared but had not arrived when the version was made says so (decision 4)."""
    if not file.get("pending"):
        return str(file["name"])
    return f"{file['name']}（上传中，声明的校验值 {file['sha256'][:16]}…）"


def blank_sheet(schema: FormSchema) -> Sheet:
    """The empty form: every box and every line to fill in."""
    chapters = [
        _chapter(section, [blank_node(bound) for bound in section.bind({})], "", None)
        for section in schema.sections
    ]
    return _sheet(schema, [(line.label, "") for line in schema.cover], chapters)


def _sheet(schema: FormSchema, cover: list[tuple[str, str]], chapters: list[Chapter], **more: Any) -> Sheet:
    merged = _merge(chapters)
    contents: list[tuple[str, str, int]] = []
    for chapter in merged:
        if chapter.new_part:
            contents.append((chapter.part, f"{chapter.anchor}-part", 1))
        if not any(text == chapter.heading for text, _, _ in contents):
            contents.append((chapter.heading, chapter.anchor, 2))
        if chapter.unit:
            contents.append((chapter.unit, f"{chapter.anchor}-unit", 3))
    if more.get("attachments"):
        contents.append(("附件清单", "files", 1))
    return Sheet(schema.title, tuple(cover), tuple(merged), contents=tuple(contents), **more)


def _merge(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Sections under one heading become one chapter; blocks of one label become one block."""
    merged: list[Chapter] = []
    for chapter in chapters:
        last = merged[-1] if merged else None
        if last is not None and last.heading == chapter.heading and not chapter.unit:
            merged[-1] = replace(last, blocks=_join(last.blocks, chapter.blocks))
        else:
            merged.append(replace(chapter, new_part=last is None or last.part != chapter.part))
    return merged


def _join(before: tuple[Block, ...], after: tuple[Block, ...]) -> tuple[Block, ...]:
    if before[-1].label and before[-1].label == after[0].label:
        return (*before[:-1], replace(before[-1], items=before[-1].items + after[0].items), *after[1:])
    return before + after


def _chapter(section: Section, nodes: list[Node], unit: str, unit_id: int | None) -> Chapter:
    texts = all(node.kind == "paragraphs" or node.layout == "texts" for node in nodes)
    if section.block:
        blocks: tuple[Block, ...] = (Block(section.block, section.required, (), tuple(nodes)),)
    elif texts:
        blocks = (Block("", False, tuple((node,) for node in nodes)),)
    else:
        blocks = tuple(_blocks(nodes))
    anchor = f"s-{section.key}" + (f"-{unit_id}" if unit_id is not None else "")
    return Chapter(
        section.part,
        section.heading,
        anchor,
        "texts" if texts else "table",
        blocks,
        guide=section.guide,
        unit=unit,
    )


def _blocks(nodes: list[Node]) -> Iterable[Block]:
    """Plain fields in lines of one or two; a block of items and a table stand by themselves."""
    plain: list[Node] = []
    for node in nodes:
        if node.kind == "group" and node.layout == "items":
            if plain:
                yield Block("", False, _lines(plain))
            plain = []
            yield Block(node.label, node.star, (), node.parts)
        elif node.kind in ("grid", "bands"):
            if plain:
                yield Block("", False, _lines(plain))
            plain = []
            yield Block(node.label, node.star, (), (replace(node, label="", no=""),))
        else:
            plain.append(node)
    if plain:
        yield Block("", False, _lines(plain))


def _lines(nodes: list[Node]) -> tuple[tuple[Node, ...], ...]:
    lines: list[tuple[Node, ...]] = []
    for node in nodes:
        if lines and len(lines[-1]) == 1 and lines[-1][0].short and node.short:
            lines[-1] = (lines[-1][0], node)
        else:
            lines.append((node,))
    return tuple(lines)


def node_of(row: Row, files: Mapping[str, tuple[str, ...]]) -> Node:
    """A row to read as a thing on paper, its files by name."""
    node = Node(
        kind=row.form,
        key=row.name,
        label=row.label,
        no=row.field.no,
        star=row.field.required,
        layout=row.field.layout,
        text=row.text,
        blank=row.blank,
        cap=_cap(row.field),
    )
    if row.form == "choices" and row.field.style in ("select", "lookup"):
        return replace(node, kind="text", text=row.chosen)
    if row.form == "choices":
        return replace(node, groups=_grouped(row.ticks, files))
    if row.form == "group":
        return replace(node, parts=tuple(node_of(part, files) for part in row.parts))
    if row.form == "table":
        records = [(record.label, [node_of(cell, files) for cell in record.cells]) for record in row.records]
        return _table(node, row.columns, records)
    if row.form == "files":
        return replace(node, files=files.get(row.attachment_key, ()))
    return node


def _cap(field: Field) -> str:
    """'限500字', unless the label or the guide says it already."""
    said = f"{field.max_chars}字"
    wanted = field.max_chars and field.kind in ("textarea", "block")
    return f"（限{said}）" if wanted and said not in field.label + field.guide else ""


def blank_node(bound: BoundField) -> Node:
    """A field of the empty form, with everything that could be filled in."""
    (row,) = rows_of([replace(bound, visible=True)])
    field = bound.field
    unit = field.unit if field.unit and f"（{field.unit}）" not in field.label else ""
    node = replace(node_of(row, {}), guide=field.guide, unit=unit)
    if field.style in ("select", "lookup"):
        return replace(node, kind="text", text="", guide=_list_guide(field))
    if node.kind == "text":
        return replace(node, text="")
    if bound.options:
        groups: dict[str, tuple[Option, ...]] = {}
        for option in bound.options:
            shown = Option(option.choice.label, False, tuple(blank_node(detail) for detail in option.details))
            groups[option.choice.group] = (*groups.get(option.choice.group, ()), shown)
        return replace(node, kind="choices", groups=tuple(groups.items()))
    if bound.parts:
        return replace(node, parts=tuple(blank_node(part) for part in bound.parts))
    if field.kind == "table":
        cells = [blank_node(cell) for cell in bound.blank_row.cells] if bound.blank_row else []
        cells = cells or [Node("text", column.key, column.label) for column in field.fields]
        return _table(node, tuple(column.label for column in field.fields), [("", cells)])
    return node


def _list_guide(field: Field) -> str:
    """What the empty form says instead of a long list."""
    details = "".join(
        f"（如选“{choice.label}”，填写{detail.label}）" for choice, detail, _ in field.details()
    )
    return (field.guide or "（从列表中选择）") + details


def _table(node: Node, columns: tuple[str, ...], records: list[tuple[str, list[Node]]]) -> Node:
    if len(columns) <= WIDEST_GRID:
        rows = tuple((label, (tuple(cells),)) for label, cells in records)
        label = "" if node.text else node.label  # the count says what is counted
        return replace(node, kind="grid", label=label, columns=columns, records=rows)
    bands = tuple(
        (label, tuple(tuple(cells[start : start + BAND]) for start in range(0, len(cells), BAND)))
        for label, cells in records
    )
    return replace(node, kind="bands", columns=columns, records=bands)


def _grouped(
    ticks: Iterable[Tick], files: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    groups: dict[str, tuple[Option, ...]] = {}
    for tick in ticks:
        option = Option(tick.label, tick.ticked, tuple(node_of(detail, files) for detail in tick.details))
        groups[tick.group] = (*groups.get(tick.group, ()), option)
    return tuple(groups.items())
