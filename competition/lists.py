"""The lists that the office imports: their columns, and what a row of a file means. Values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from competition import identity
from competition.documents import document_hash
from competition.list_cells import Problems, code, day_of, names_of, short, year_of
from competition.reference.documents import DOCUMENT_TYPES, RESIDENT_ID

EXCLUSIONS: Final = "exclusions"
WINNERS: Final = "winners"
WORDS: Final = "words"
HOLIDAYS: Final = "holidays"
RELATIONS: Final = ("组织单位", "下属单位", "分公司", "子公司", "控股公司", "母公司", "关联单位")
_KINDS_OF_DAY: Final = {"工作日": True, "上班": True, "休息日": False, "节假日": False, "放假": False}
#: The heading may stand below a title.
HEADING_WITHIN: Final = 10


@dataclass(frozen=True)
class Column:
    """A column by its heading; a file may leave out what is not required."""

    label: str
    required: bool = False
    hint: str = ""
    also: tuple[str, ...] = ()

    def is_called(self, heading: str) -> bool:
        keys = {identity.name_key(one) for one in (self.label, *self.also)}
        return identity.name_key(heading).rstrip("*") in keys


@dataclass(frozen=True)
class ListRow:
    """What a row of a file says. ``aliases`` are further names of the same; ``detail`` is kept as it is."""

    number: int
    name: str = ""
    credit_code: str = ""
    document_type: str = ""
    document: str = ""
    project: str = ""
    day: date | None = None
    aliases: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    shown: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What two rows that say the same have in common."""
        return row_key(
            name_key=identity.name_key(self.name),
            credit_key=self.credit_code,
            document_hash=document_hash(self.document_type, self.document) if self.document else "",
            project_key=identity.name_key(self.project),
            day=self.day,
        )


def row_key(
    *, name_key: str, credit_key: str, document_hash: str, project_key: str, day: date | None
) -> tuple[str, ...]:
    """The key of a row, from a file or from what is kept."""
    return (name_key, credit_key, document_hash, project_key, day.isoformat() if day else "")


@dataclass(frozen=True)
class ListKind:
    """A list: its key, what it is for by which rule, its columns, how a row reads, and rows for the template."""

    key: str
    label: str
    rule: str
    purpose: str
    columns: tuple[Column, ...]
    read: Callable[[dict[str, str], Problems], ListRow]
    samples: tuple[tuple[str, ...], ...]
    source_hint: str = ""

    @property
    def labels(self) -> list[str]:
        return [column.label for column in self.columns]


@dataclass(frozen=True)
class Reading:
    """The rows of a file as understood, and what is wrong with it: (row, column, sentence)."""

    rows: list[ListRow]
    problems: list[tuple[int, str, str]]


def read_list(kind: ListKind, cells: Sequence[Sequence[str]]) -> Reading:
    """Understand a file's cells as rows of a list; row numbers are those that Excel shows. Never raises."""
    place, columns = _heading(kind, cells)
    if place < 0:
        needed = "”“".join(column.label for column in kind.columns if column.required)
        sentence = f"没有找到表头“{needed}”，请下载模板，把内容填入模板后再上传。"
        return Reading([], [(1, "表头", sentence)])
    rows: list[ListRow] = []
    problems: list[tuple[int, str, str]] = []
    for number, row in enumerate(cells[place + 1 :], start=place + 2):
        given = {label: row[at] if at < len(row) else "" for label, at in columns.items()}
        if not any(given.values()):
            continue
        found = Problems()
        for column in kind.columns:
            if column.required and not given.get(column.label):
                found.add(column.label, f"请填写{column.label}。")
        one = kind.read({column.label: given.get(column.label, "") for column in kind.columns}, found)
        rows.append(replace(one, number=number, shown=_shown(kind, given)))
        problems += [(number, label, sentence) for label, sentence in found.items()]
    if not rows:
        problems.append((place + 1, "表头", "表头下面没有内容，请填写后再上传。"))
    return Reading(rows, problems)


def _heading(kind: ListKind, cells: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The row (from 0) in which the headings end, and label -> column; (-1, {}) when there are none.

    A heading whose cell is merged over two rows stands in the upper one.
    """
    needed = {column.label for column in kind.columns if column.required}
    for place in range(min(len(cells), HEADING_WITHIN)):
        for depth in (1, 2):
            columns = _columns(kind, cells[place : place + depth])
            if needed <= columns.keys():
                return place + depth - 1, columns
    return -1, {}


def _columns(kind: ListKind, headings: Sequence[Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in headings:
        for at, heading in enumerate(row):
            for column in kind.columns:
                if heading and column.is_called(heading):
                    found.setdefault(column.label, at)
    return found


def _shown(kind: ListKind, given: dict[str, str]) -> tuple[str, ...]:
    """The row as the preview shows it: documents masked."""
    return tuple(
        identity.mask_document(given.get(label, "")) if label == "证件号码" else given.get(label, "")[:200]
        for label in kind.labels
    )


def _exclusion(given: dict[str, str], problems: Problems) -> ListRow:
    relation = given["关系"] or "关联单位"
    if relation not in RELATIONS:
        problems.add("关系", f"“{short(relation)}”不在可选的关系之中，请填写{'、'.join(RELATIONS)}之一。")
    if relation != "组织单位" and not given["所属组织单位"]:
        problems.add("所属组织单位", "请填写它属于哪一家组织单位。")
    return ListRow(
        0,
        name=problems.within("单位名称", given["单位名称"], 200),
        credit_code=code("统一社会信用代码", given["统一社会信用代码"], problems),
        aliases=names_of("别名", given["别名"], problems),
        detail={
            "relation": relation,
            "of": problems.within("所属组织单位", given["所属组织单位"], 200),
            "note": problems.within("说明", given["说明"], 500),
        },
    )


def _listed(given: dict[str, str], problems: Problems) -> ListRow:
    """R49, R50, R51: a unit by its code or a person by the document; a name alone is for staff to judge."""
    labels = {one.label: one.key for one in DOCUMENT_TYPES}
    kind = labels.get(given["证件类型"] or "居民身份证", "")
    document = identity.normalise_document(given["证件号码"])
    if not kind:
        problems.add("证件类型", f"没有“{short(given['证件类型'])}”这种证件，请填写{'、'.join(labels)}之一。")
    elif "*" in document:
        document = ""  # as published: a number with its middle hidden says nothing
    elif document and (problem := problems.number(document) or identity.document_problem(kind, document)):
        problems.add("证件号码", problem)
    return ListRow(
        0,
        name=problems.within("名称或姓名", given["名称或姓名"], 200),
        credit_code=code("统一社会信用代码", given["统一社会信用代码"], problems),
        document_type=(kind or RESIDENT_ID) if document else "",
        document=document,
        detail={
            "reference": problems.within("案号或文号", given["案号或文号"], 200),
            "listed_on": _iso(day_of("列入日期", given["列入日期"], problems)),
            "note": problems.within("说明", given["说明"], 500),
        },
    )


def _winner(given: dict[str, str], problems: Problems) -> ListRow:
    """R74: units in the order of the file; the first is ``name``, the code is the first unit's."""
    units = names_of("获奖单位", given["获奖单位"], problems)
    first, *others = units or ("",)
    return ListRow(
        0,
        name=first,
        credit_code=code("统一社会信用代码", given["统一社会信用代码"], problems),
        project=problems.within("项目名称", given["项目名称"], 200),
        aliases=tuple(others),
        detail={
            "year": year_of("年份", given["年份"], problems),
            "award": problems.within("奖项", given["奖项"], 100),
            "units": list(units),
        },
    )


def _word(given: dict[str, str], problems: Problems) -> ListRow:
    """R58: a word that a name should not contain, compared without regard to white space, width and case."""
    word = problems.within("词语", given["词语"], 30)
    if word and not identity.name_key(word):
        problems.add("词语", "词语应含有文字。")
    return ListRow(0, name=word, detail={"note": problems.within("说明", given["说明"], 500)})


def _holiday(given: dict[str, str], problems: Problems) -> ListRow:
    """R89: a day that is worked or not, besides the published calendar."""
    worked = _KINDS_OF_DAY.get(given["类型"])
    if given["类型"] and worked is None:
        problems.add("类型", f"“{short(given['类型'])}”应为“工作日”或“休息日”。")
    return ListRow(
        0,
        name="工作日" if worked else "休息日",
        day=day_of("日期", given["日期"], problems),
        detail={"is_workday": bool(worked), "note": problems.within("依据", given["依据"], 200)},
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


_CODE: Final = Column("统一社会信用代码", hint="18位，单元格须为文本格式", also=("信用代码", "社会信用代码"))
_NOTE: Final = Column("说明", also=("备注",))


def fixed_kinds() -> tuple[ListKind, ...]:
    """The lists that every edition has besides its credit lists."""
    return (
        ListKind(
            EXCLUSIONS,
            "组织单位及关联单位",
            "R53",
            "组织单位及其下属分公司、子公司、控股公司、母公司不得参赛；与名称、别名或信用代码相符的单位会被标出。",
            (
                Column("单位名称", True, "执照或法人证书上的全称", ("名称",)),
                Column("别名", hint="曾用名、简称，多个用“、”隔开", also=("简称", "曾用名")),
                _CODE,
                Column("关系", hint=f"{'、'.join(RELATIONS)}；不填按关联单位"),
                Column("所属组织单位", hint="关系为组织单位的不填", also=("上级单位",)),
                _NOTE,
            ),
            _exclusion,
            (("山西示例数据集团有限公司", "示例集团", "", "子公司", "山西数据交易中心", ""),),
        ),
        ListKind(
            WINNERS,
            "往届全国总决赛获奖项目",
            "R74",
            "2024年全国总决赛获奖的单位再次参赛，或项目名称相近的，会标出由工作人员判断。",
            (
                Column("获奖单位", True, "多家用“、”隔开", ("单位名称", "参赛单位", "单位")),
                _CODE,
                Column("项目名称", True, "", ("项目", "获奖项目")),
                Column("年份", True, "例如 2024", ("届次", "年度")),
                Column("奖项", hint="例如 一等奖", also=("获奖等次", "名次")),
            ),
            _winner,
            (("山西示例科技有限公司", "", "煤矿安全数据融合应用", "2024", "一等奖"),),
        ),
        ListKind(
            WORDS,
            "敏感词",
            "R58",
            "团队名称、项目名称含有这些词语的，会标出由工作人员判断。",
            (Column("词语", True, "最多30个字", ("敏感词",)), _NOTE),
            _word,
            (("示例词语", "不符合公序良俗"),),
        ),
        ListKind(
            HOLIDAYS,
            "节假日安排",
            "R89",
            "计算公示期、复核期时，以此处的工作日、休息日为准；未列出的日期按已公布的日历。",
            (
                Column("日期", True, "例如 2026-10-01"),
                Column("类型", True, "工作日或休息日"),
                Column("依据", hint="例如 国务院办公厅通知的文号", also=("说明", "备注")),
            ),
            _holiday,
            (("2026-10-01", "休息日", "国庆节"), ("2026-10-10", "工作日", "调休上班")),
        ),
    )


def credit_kind(key: str, label: str, rule: str) -> ListKind:
    """A credit list of an edition (R49, R50, R51)."""
    columns = (
        Column("名称或姓名", True, "单位全称或个人姓名", ("名称", "姓名", "单位名称", "被执行人")),
        _CODE,
        Column("证件类型", hint="个人填写；不填按居民身份证"),
        Column("证件号码", hint="个人填写，单元格须为文本格式", also=("身份证号码", "身份证号")),
        Column("案号或文号", also=("案号", "文号", "决定书文号")),
        Column("列入日期", hint="例如 2025-03-01", also=("发布日期",)),
        _NOTE,
    )
    purpose = f"列入{label}的单位和个人不得参赛；与信用代码或证件号码相符的会被标出。"
    sample = ("山西示例贸易有限公司", "", "", "", "（2025）晋01执1号", "2025-03-01", "")
    return ListKind(key, label, rule, purpose, columns, _listed, (sample,))


def all_kinds(credit_lists: Iterable[dict[str, str]]) -> dict[str, ListKind]:
    """Every list of an edition by key; ``credit_lists`` as in its declaration (key, label, rule)."""
    first, *others = fixed_kinds()
    credit = (credit_kind(one["key"], one["label"], one["rule"]) for one in credit_lists)
    return {kind.key: kind for kind in (first, *credit, *others)}
