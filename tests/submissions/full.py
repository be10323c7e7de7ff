"""An application form filled to the brim: every text at its cap, every table at its limit, five units and members.

content, private = full_content(schema, cases=200, patents=60)    # as a frozen version holds it
answers = full_answers(section)                                   # one section, as a team would save it
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from competition.form_schema import Field, FormSchema, Section
from competition.form_schema.checking import shown
from competition.form_schema.fields import NUMBER_KINDS, ROW_ID

#: A sentence of an application, with Latin words, digits, and a character outside the basic plane.
SENTENCE: Final = (
    "平台汇聚煤矿安全监测、设备运行与气象遥感等12类数据，经清洗、标注和融合，形成覆盖“采集—治理—应用”的数据资源体系，"
    "由𬭎数实验室的GraphSAGE模型每5分钟给出一次预警，误报率由8.6%降至1.9%；"
)
#: What nobody can break by words: an address without a space.
UNBROKEN: Final = "https://data.example.cn/" + "abcdefghij0123456789" * 8
LINES: Final = 7  #: sentences in a paragraph
NAMES: Final = ("李华", "王芳", "陈𬭎", "古丽米热·阿卜杜热依木", "欧阳文山")
PUBLIC_CHARS: Final = 1500  #: of a text without a cap of its own


def text_of(chars: int, start: int = 0) -> str:
    """Exactly ``chars`` characters that are not white space, in paragraphs; one of them an unbroken address."""
    made: list[str] = []
    used, number = 0, start
    while used < chars:
        piece = UNBROKEN if number % 11 == 10 else SENTENCE
        piece = piece[: chars - used]
        made.append(piece)
        used += len(piece)
        number += 1
    lines = ["".join(made[index : index + LINES]) for index in range(0, len(made), LINES)]
    return "\n".join(lines)


def full_answers(
    section: Section, *, rows: dict[str, int] | None = None, derived: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Answers of a section with everything filled in; ``rows`` says how many a table has by its key."""
    sizes = rows or {}
    share = section.max_chars // len(section.fields) if section.max_chars else 0
    return _fields(section.fields, sizes, share, derived or {})


def _fields(
    fields: tuple[Field, ...], rows: dict[str, int], share: int, derived: dict[str, Any], at: int = 0
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for field in fields:
        if not field.derived:
            _fill(field, field.key, answers, rows, share, at)
    return {
        key: value
        for key, value in answers.items()
        if (field := next((one for one in fields if one.key == key), None)) is None
        or shown(field, fields, answers, derived)
    }


def _fill(field: Field, key: str, answers: dict[str, Any], rows: dict[str, int], share: int, at: int) -> None:
    value = _value(field, rows, share, at)
    if value:
        answers[key] = value
    for choice in field.choices:
        if choice.key in (value if isinstance(value, list) else [value]):
            for detail in choice.details:
                _fill(detail, f"{key}__{choice.key}__{detail.key}", answers, rows, 0, at)


def _value(field: Field, rows: dict[str, int], share: int, at: int) -> Any:
    if field.kind == "block":
        inner = field.max_chars // len(field.fields) if field.max_chars else 0
        kept = field.one_of[:1] or tuple(one.key for one in field.fields)
        return _fields(tuple(one for one in field.fields if one.key in kept), rows, inner, {}, at)
    if field.kind == "table":
        wanted = rows.get(field.key, 3)
        return [
            {ROW_ID: f"r{number + 1}", **_fields(field.fields, rows, 0, {}, number)}
            for number in range(wanted)
        ]
    if field.kind == "choices":
        ticked = [choice.key for choice in field.choices if choice.key not in field.exclusive]
        return ticked[: field.max_choices or (30 if field.style == "lookup" else None)]
    if field.kind == "choice":
        if field.choice("enterprise"):
            return "enterprise"
        with_details = [choice.key for choice in field.choices if choice.details]
        return with_details[-1] if with_details else field.choices[at % len(field.choices)].key
    if field.kind in NUMBER_KINDS:
        return "33" if field.max_value == 100 else str(1234567 + at if field.unit != "%" else 35.5)
    if field.kind in ("text", "textarea"):
        return text_of(field.max_chars or share or PUBLIC_CHARS, at)
    return {"date": "2015-06-01", "month": "2024-03", "tick": "1", "file": None}[field.kind]


def full_content(
    schema: FormSchema, *, units: int = 5, cases: int = 200, patents: int = 60, pending: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and private values of a frozen version; with ``pending`` one file is still on its way."""
    rows = {"cases": cases, "patents": patents, "copyrights": patents, "contracts": 20, "others": 20}
    sections = [
        {"key": section.key, "unit": unit, "answers": full_answers(section, rows=rows)}
        for section in schema.sections
        for unit in (range(1, units + 1) if section.repeat == "unit" else [None])
    ]
    files = [
        _file(slot.key, pending and slot.key.endswith("video"))
        for section, one in ((schema.section(one["key"]), one) for one in sections)
        if section is not None and one["unit"] is None
        for slot in section.slots(one["answers"])
    ]
    content = {
        "format": 1,
        "edition": {"slug": "full", "name": "2025年“数据要素×”大赛山西分赛"},
        "entry": "E000042",
        "form": {"title": schema.title, "digest": schema.digest},
        "registration": _registration(units),
        "sections": sections,
        "attachments": files,
    }
    private = {
        "members": {
            str(at): {"document_number": f"11010119900307{at:03d}X", "mobile": f"1390000000{at}"}
            for at in range(1, 6)
        },
        "units": {str(at): f"0351-700000{at}" for at in range(1, units + 1)},
    }
    return content, private


def _file(slot: str, pending: bool) -> dict[str, Any]:
    sha256 = hashlib.sha256(slot.encode()).hexdigest()
    kind, name = (
        ("video/mp4", "项目演示.mp4")
        if slot.endswith("video")
        else ("application/pdf", "证明材料（盖章）.pdf")
    )
    found = {
        "slot": slot,
        "key": sha256[:32],
        "name": name,
        "size": 3_456_789,
        "sha256": sha256,
        "type": kind,
    }
    return {**found, "pending": True} if pending else found


def _registration(units: int) -> dict[str, Any]:
    names = [f"山西示例{'甲乙丙丁戊'[at]}数据要素流通与安全治理科技有限责任公司" for at in range(units)]
    return {
        "team": {"reference": "T000042", "name": "晋数𬭎图先锋队", "members": list(_members(names))},
        "project": {
            "name": "面向煤矿安全生产的多源数据融合与风险智能预警一体化平台建设及规模化应用示范项目",
            "track": "赛道一 能源低碳",
            "topic_code": "1-4",
            "topic": "提升安全生产监管能力",
        },
        "units": [_unit(at + 1, name) for at, name in enumerate(names)],
    }


def _members(units: list[str]) -> Iterator[dict[str, Any]]:
    for at, name in enumerate(NAMES):
        yield {
            "position": at + 1,
            "name": name,
            "document_type": "居民身份证",
            "document_number": "110***********123X",
            "document_hash": "0" * 64,
            "unit": units[at % len(units)],
            "title": "正高级工程师",
            "mobile": "139****0000",
            "mobile_hash": "0" * 64,
            "role": text_of(50, at),
            "is_contact": at == 0,
        }


def _unit(pk: int, name: str) -> dict[str, Any]:
    return {
        "id": pk,
        "is_lead": pk == 1,
        "name": name,
        "credit_code": f"91140100MA0H0000{pk}X",
        "address": "山西省太原市小店区学府街道学府街1号数据大厦A座2101室",
        "nature": "private",
        "nature_other": "",
        "central_sub": "yes" if pk == 2 else "no",
        "parent_name": "某某能源集团有限公司" if pk == 2 else "",
        "contact": "王经理",
        "contact_title": "经理",
        "contact_way": "035*****001",
        "contact_way_hash": "0" * 64,
        "proofs": [
            {
                "slot": "qualification",
                "label": "基本资质证明",
                "name": "营业执照.pdf",
                "size": 234_567,
                "sha256": hashlib.sha256(name.encode()).hexdigest(),
                "not_applicable": "",
            },
            {
                "slot": "audit",
                "label": "财务审计证明",
                "name": "",
                "size": 0,
                "sha256": "",
                "not_applicable": "成立不满一年，尚无审计报告。",
            },
        ],
    }
