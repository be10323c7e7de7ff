"""From form.yaml to a FormSchema; everything that does not add up becomes a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from competition.declaration import Node, Problems, read_yaml, say_duplicates
from competition.form_schema.fields import (
    BLIND,
    HIDE,
    KINDS,
    LAYOUTS,
    NUMBER_KINDS,
    STYLES,
    TEXT_KINDS,
    Choice,
    Condition,
    Field,
)
from competition.form_schema.section import CoverLine, FormSchema, ScanRule, Section
from competition.reference import industry_choices, province_choices, source_choices

SOURCES: Final[dict[str, Callable[[], tuple[tuple[str, str], ...]]]] = {
    "sources": source_choices,
    "provinces": province_choices,
    "industries": industry_choices,
}
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_CHOICE_KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*", re.ASCII)
_EXTENSION: Final = re.compile(r"[a-z0-9]{2,5}", re.ASCII)
#: A single line without a cap of its own: a technical one.
TEXT_CEILING: Final = 200


def read_form(path: Path) -> FormSchema:
    """The form declared in a file; raises EditionProblems with all that is wrong in it."""
    problems = Problems()
    form = form_from(read_yaml(path, problems))
    problems.raise_if_any()
    return form


def form_from(root: Node) -> FormSchema:
    """The form declared under a node; problems go into the node's list."""
    sections = root.items("sections")
    form = FormSchema(
        title=root.text("title"),
        cover=tuple(_cover_line(line) for line in root.items("cover", required=False)),
        scan=_scan(root.at("scan")),
        sections=tuple(_section(node) for node in sections),
    )
    say_duplicates(
        ((node, section.key) for node, section in zip(sections, form.sections, strict=True)), "部分"
    )
    root.no_more()
    return form


def _cover_line(node: Node) -> CoverLine:
    line = CoverLine(_key(node), node.text("label"), node.text("derived"))
    node.no_more()
    return line


def _scan(node: Node) -> ScanRule:
    rule = ScanRule(node.text("label"), _accept(node), node.whole("max_mb", least=1))
    node.flag("assumed")
    node.no_more()
    return rule


def _section(node: Node) -> Section:
    section = Section(
        key=_key(node),
        title=node.text("title"),
        part=node.text("part"),
        heading=node.text("heading"),
        block=node.text("block", default=""),
        required=node.flag("required"),
        guide=node.text("guide", default=""),
        repeat=node.one_of("repeat", ["unit"], default=""),
        max_chars=_optional(node, "max_chars", least=1),
        fields=_fields(node, "fields", HIDE),
    )
    node.no_more()
    return section


def _key(node: Node) -> str:
    key = node.text("key")
    if key and not _KEY.fullmatch(key):
        node.say(f"键“{key}”只能由小写字母、数字和单个下划线组成，以字母开头。")
    return key


def _optional(node: Node, key: str, *, least: int | None = None) -> int | None:
    return node.whole(key, least=-(10**9) if least is None else least) if node.has(key) else None


def _fields(node: Node, key: str, blind: str, *, required: bool = True) -> tuple[Field, ...]:
    nodes = node.items(key, required=required)
    fields = tuple(_field(one, blind) for one in nodes)
    say_duplicates(((one, field.key) for one, field in zip(nodes, fields, strict=True)), "字段")
    for one, field in zip(nodes, fields, strict=True):
        _check_references(one, field, fields)
    return fields


def _field(node: Node, inherited: str) -> Field:
    """One field. A block and a choice hand `blind` down to what is inside; a table does not."""
    kind = node.one_of("type", [*KINDS, "bool"])
    yes_no = kind == "bool"
    kind = "choice" if yes_no else kind
    blind = node.one_of("blind", BLIND, default=inherited)
    choices = _yes_no(node, blind) if yes_no else _choices(node, kind, blind)
    parts = _fields(node, "fields", blind if kind == "block" else HIDE) if kind in ("block", "table") else ()
    field = Field(
        key=_key(node),
        label=node.text("label"),
        kind=kind,
        no=node.text("no", default=""),
        guide=node.text("guide", default=""),
        blind=blind,
        required=node.flag("required"),
        assumed=node.flag("assumed"),
        rule=node.text("rule", default=""),
        derived=node.text("derived", default=""),
        layout=node.one_of("layout", LAYOUTS, default="items") if kind == "block" else "",
        default=node.text("default", default=""),
        max_chars=_max_chars(node, kind),
        choices=choices,
        fields=parts,
        **_choice_part(node, kind),
        **_number_part(node, kind),
        **_table_part(node, kind),
        **_block_part(node, kind),
        not_before=node.text("not_before", default="") if kind == "month" else "",
        show_if=_condition(node, "show_if"),
        required_if=_condition(node, "required_if"),
        **_file_part(node, kind),
    )
    _check_field(node, field)
    node.no_more()
    return field


def _max_chars(node: Node, kind: str) -> int | None:
    if kind not in TEXT_KINDS and kind != "block":
        return None
    return _optional(node, "max_chars", least=1) or (TEXT_CEILING if kind == "text" else None)


def _choice_part(node: Node, kind: str) -> dict[str, Any]:
    if kind not in STYLES:
        return {}
    style = node.one_of("style", STYLES[kind], default=STYLES[kind][0])
    source = node.one_of("source", SOURCES, default="")
    if kind == "choice":
        return {"style": style, "source": source}
    return {
        "style": style,
        "source": source,
        "min_choices": node.whole("min", default=0),
        "max_choices": _optional(node, "max", least=1),
        "exclusive": node.texts("exclusive", required=False),
        "details_sum_max": _optional(node, "details_sum_max", least=1),
    }


def _number_part(node: Node, kind: str) -> dict[str, Any]:
    if kind not in NUMBER_KINDS:
        return {}
    return {
        "unit": node.text("unit", default=""),
        "blank_is": node.text("blank_is", default=""),
        "min_value": _optional(node, "min_value"),
        "max_value": _optional(node, "max_value"),
        "not_above": node.text("not_above", default=""),
    }


def _table_part(node: Node, kind: str) -> dict[str, Any]:
    if kind != "table":
        return {}
    return {
        "min_rows": node.whole("min_rows", default=0),
        "max_rows": _optional(node, "max_rows", least=1),
        "row_label": node.text("row_label"),
        "count_label": node.text("count_label", default=""),
        "count_unit": node.text("count_unit", default=""),
    }


def _block_part(node: Node, kind: str) -> dict[str, Any]:
    if kind != "block":
        return {}
    return {
        "min_filled": node.whole("min_filled", default=0),
        "one_indicator": node.flag("one_indicator"),
        "one_of": node.texts("one_of", required=False),
        "sum_to": node.text("sum_to", default=""),
    }


def _file_part(node: Node, kind: str) -> dict[str, Any]:
    if kind != "file":
        return {}
    return {
        "accept": _accept(node),
        "max_mb": node.whole("max_mb", least=1),
        "max_files": node.whole("max_files", default=1, least=1),
        "not_applicable": node.flag("not_applicable"),
    }


def _accept(node: Node) -> tuple[str, ...]:
    extensions = node.texts("accept")
    for extension in extensions:
        if not _EXTENSION.fullmatch(extension):
            node.at("accept").say(f"“{extension}”不是文件扩展名（小写，不带点）。")
    return extensions


def _condition(node: Node, key: str) -> Condition | None:
    if not node.has(key):
        return None
    below = node.at(key)
    values = below.texts("is", required=False)
    condition = Condition(below.text("field"), values, below.flag("positive"))
    if bool(values) == condition.positive:
        below.say("应写 is（取值列表）或 positive: true 中的一个。")
    below.no_more()
    return condition


def _yes_no(node: Node, blind: str) -> tuple[Choice, ...]:
    details = _fields(node, "yes", blind, required=False)
    return (Choice("yes", "是", details=details), Choice("no", "否"))


def _choices(node: Node, kind: str, blind: str) -> tuple[Choice, ...]:
    if kind not in STYLES:
        return ()
    if node.has("source"):
        return _sourced(node, blind)
    if node.has("groups"):
        return _unique(node, [choice for group in node.items("groups") for choice in _group(group, blind)])
    return _unique(node, [_choice(one, blind, "", "") for one in node.items("choices")])


def _unique(node: Node, choices: list[Choice]) -> tuple[Choice, ...]:
    say_duplicates(((node, choice.key) for choice in choices), "选项")
    return tuple(choices)


def _sourced(node: Node, blind: str) -> tuple[Choice, ...]:
    listed = SOURCES.get(str(node.at("source").value), tuple)()
    details = {key: _fields(node.at("details"), key, blind) for key, _ in node.entries("details")}
    for key in set(details) - {key for key, _ in listed}:
        node.at("details").say(f"没有选项“{key}”。")
    return tuple(Choice(key, label, details=details.get(key, ())) for key, label in listed)


def _group(node: Node, blind: str) -> list[Choice]:
    key, label = _key(node), node.text("label")
    choices = [_choice(one, blind, f"{key}_", label) for one in node.items("choices")]
    node.no_more()
    return choices


def _choice(node: Node, blind: str, prefix: str, group: str) -> Choice:
    """`- key: 标签`, or `- {key: .., label: .., text: true}`, or with `details`."""
    if isinstance(node.value, dict) and len(node.value) == 1 and "key" not in node.value:
        key = str(next(iter(node.value)))
        choice = Choice(prefix + key, node.text(key), group)
    else:
        details = _fields(node, "details", blind, required=False)
        if node.flag("text"):
            details = (
                *details,
                Field("text", "请注明", "text", blind=blind, required=True, max_chars=100, assumed=True),
            )
        choice = Choice(prefix + node.text("key"), node.text("label"), group, details)
        node.no_more()
    if not _CHOICE_KEY.fullmatch(choice.key):
        node.say(f"选项的键“{choice.key}”只能由小写字母、数字和单个下划线组成。")
    return choice


def _check_field(node: Node, field: Field) -> None:
    """What one field says must make sense by itself."""
    count = len(field.choices)
    if field.max_choices is not None and (field.max_choices > count or field.max_choices < field.min_choices):
        node.say(f"最多{field.max_choices}项，而选项有{count}个、最少{field.min_choices}项。")
    for key in (*field.exclusive, *([field.default] if field.default and field.choices else [])):
        if field.choice(key) is None:
            node.say(f"没有选项“{key}”。")
    if field.max_rows is not None and field.max_rows < field.min_rows:
        node.say(f"最多{field.max_rows}行，少于最少{field.min_rows}行。")
    if field.min_value is not None and field.max_value is not None and field.max_value < field.min_value:
        node.say(f"最大值{field.max_value}小于最小值{field.min_value}。")
    if field.kind == "table" and any(part.kind == "table" for part in field.walk() if part is not field):
        node.say("表格中不能再有表格。")
    part_keys = {part.key for part in field.fields}
    for key in (*field.one_of, *([field.sum_to] if field.sum_to else [])):
        if key not in part_keys:
            node.say(f"没有名为“{key}”的分项。")


def _check_references(node: Node, field: Field, siblings: tuple[Field, ...]) -> None:
    """What a field says about its siblings must be true of them."""
    by_key = {sibling.key: sibling for sibling in siblings}
    for key in (field.not_above, field.not_before):
        if key and key not in by_key:
            node.say(f"没有名为“{key}”的同级字段。")
    for condition in (field.show_if, field.required_if):
        if condition is None:
            continue
        sibling = by_key.get(condition.field)
        if sibling is None:
            node.say(f"条件中没有名为“{condition.field}”的同级字段。")
            continue
        for value in condition.values:
            if sibling.choice(value) is None:
                node.say(f"条件中“{sibling.label}”没有选项“{value}”。")
