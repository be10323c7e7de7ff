"""What is missing, wrong or too long in a section's answers, one polite sentence each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from competition.chars import count_chars
from competition.form_schema.fields import (
    NOT_APPLICABLE,
    NUMBER_KINDS,
    ROW_ID,
    TEXT_KINDS,
    Choice,
    Condition,
    Field,
)
from competition.form_schema.values import as_dict, as_list, as_rows, as_text, decimal_of, is_date, is_month

MISSING: Final = "missing"
INVALID: Final = "invalid"
OVER: Final = "over"
RULE: Final = "rule"
WARNING: Final = "warning"
NA_REASON_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the input's name, what it is called on the page, the sentence, and its kind."""

    path: str
    field_label: str
    sentence: str
    kind: str

    @property
    def blocking(self) -> bool:
        """True when it stands in the way of a submission; a warning does not."""
        return self.kind != WARNING


@dataclass(frozen=True, slots=True)
class Where:
    """Where a check is: prefixes of names, labels and attachment keys, and what the caller knows besides."""

    complete: bool
    files: Collection[str]
    derived: Mapping[str, Any]
    names: str = ""
    labels: str = ""
    keys: str = ""

    def below(self, key: str, label: str, file_key: str = "") -> Where:
        """One step down."""
        return replace(
            self,
            names=f"{self.names}{key}-",
            labels=f"{self.labels}{label} · ",
            keys=f"{self.keys}{file_key or key}.",
        )

    def problem(self, key: str, label: str, sentence: str, kind: str) -> Problem:
        """A problem of the input with this key."""
        return Problem(self.names + key, self.labels + label, sentence, kind)


def check_fields(fields: Iterable[Field], answers: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    """Problems of sibling fields, in the order of the form; derived and hidden ones have none."""
    siblings = tuple(fields)
    for field in siblings:
        if field.derived or not shown(field, siblings, answers, where.derived):
            continue
        required = field.required or _holds(field.required_if, siblings, answers, where.derived)
        yield from _check(field, field.key, answers, where, required)
        yield from _check_against_siblings(field, siblings, answers, where)


def shown(
    field: Field, siblings: Iterable[Field], answers: Mapping[str, Any], derived: Mapping[str, Any]
) -> bool:
    """True when the field's condition holds, or it has none."""
    return field.show_if is None or _holds(field.show_if, siblings, answers, derived)


def _holds(
    condition: Condition | None,
    siblings: Iterable[Field],
    answers: Mapping[str, Any],
    derived: Mapping[str, Any],
) -> bool:
    if condition is None:
        return False
    sibling = next((one for one in siblings if one.key == condition.field), None)
    value = derived.get(sibling.derived) if sibling and sibling.derived else answers.get(condition.field)
    if condition.positive:
        number = decimal_of(as_text(value))
        return number is not None and number > 0
    return any(one in condition.values for one in as_list(value))


def _check(
    field: Field, key: str, answers: Mapping[str, Any], where: Where, required: bool
) -> Iterator[Problem]:
    """Problems of one field whose answer stands under `key`."""
    value = answers.get(key)
    if field.kind == "block":
        yield from _check_block(field, key, as_dict(value), where)
    elif field.kind == "table":
        yield from _check_table(field, key, as_rows(value), where)
    elif field.kind == "file":
        yield from _check_file(field, key, answers, where, required)
    elif field.choices:
        yield from _check_choices(field, key, answers, where, required)
    elif as_text(value):
        for sentence, kind in _check_text(field, as_text(value)):
            yield where.problem(key, field.label, sentence, kind)
    elif where.complete and required and not field.blank_is:
        yield where.problem(key, field.label, "请填写。", MISSING)


def _check_text(field: Field, text: str) -> Iterator[tuple[str, str]]:
    if field.kind in NUMBER_KINDS:
        yield from _check_number(field, text)
    elif field.kind == "date" and not is_date(text):
        yield f"“{_short(text)}”不是日期，请按 2019-07-01 的样子填写。", INVALID
    elif field.kind == "month" and not is_month(text):
        yield f"“{_short(text)}”不是年月，请按 2024-03 的样子填写。", INVALID
    elif field.kind in TEXT_KINDS and field.max_chars is not None:
        yield from over_cap(count_chars(text), field.max_chars)


def _check_number(field: Field, text: str) -> Iterator[tuple[str, str]]:
    number = decimal_of(text)
    if number is None:
        yield (
            f"“{_short(text)}”不是数字，请只填数字，例如 {'12' if field.kind == 'integer' else '12.5'}。",
            INVALID,
        )
    elif field.kind == "integer" and number != number.to_integral_value():
        yield "请填整数。", INVALID
    elif field.min_value is not None and number < field.min_value:
        yield f"不能小于{field.min_value}。", INVALID
    elif field.max_value is not None and number > field.max_value:
        yield f"不能大于{field.max_value}。", INVALID


def over_cap(used: int, cap: int) -> Iterator[tuple[str, str]]:
    """The sentence of a text over its cap, if it is (R104)."""
    if used > cap:
        yield f"已写{used}字，上限为{cap}字，请删去{used - cap}字。", OVER


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def _check_choices(
    field: Field, key: str, answers: Mapping[str, Any], where: Where, required: bool
) -> Iterator[Problem]:
    ticked = as_list(answers.get(key)) if field.kind == "choices" else as_list(as_text(answers.get(key)))
    for sentence, kind in _check_ticks(field, ticked, required and where.complete):
        yield where.problem(key, field.label, sentence, kind)
    known = [choice for choice in field.choices if choice.key in ticked]
    for choice in known:
        inside = replace(where, labels=f"{where.labels}{field.label} · {choice.label} · ")
        for detail in choice.details:
            yield from _check(detail, f"{key}__{choice.key}__{detail.key}", answers, inside, detail.required)
    if field.details_sum_max is not None:
        total = sum(_detail_numbers(key, known, answers), Decimal(0))
        if total > field.details_sum_max:
            sentence = f"各项占比合计为{total.normalize():f}%，不能超过{field.details_sum_max}%。"
            yield where.problem(key, field.label, sentence, RULE)


def _check_ticks(field: Field, ticked: list[str], must: bool) -> Iterator[tuple[str, str]]:
    strange = [one for one in ticked if field.choice(one) is None]
    if strange:
        what = "行业中类" if field.source == "industries" else "可选项"
        yield f"“{_short(strange[0])}”不是{what}，请从列表中选择。", INVALID
    count = len(ticked)
    if field.max_choices is not None and count > field.max_choices:
        yield f"最多选{field.max_choices}项，现已选{count}项，请取消{count - field.max_choices}项。", OVER
    alone = next(
        (choice for choice in field.choices if choice.key in field.exclusive and choice.key in ticked), None
    )
    if alone is not None and count > 1:
        yield f"“{alone.label}”不能与其他选项同时选择。", RULE
    if must and count < max(field.min_choices, 1):
        yield "请选择。" if field.min_choices <= 1 else f"请至少选{field.min_choices}项。", MISSING


def _detail_numbers(key: str, ticked: Iterable[Choice], answers: Mapping[str, Any]) -> Iterator[Decimal]:
    for choice in ticked:
        for detail in choice.details:
            number = decimal_of(as_text(answers.get(f"{key}__{choice.key}__{detail.key}")))
            if detail.kind in NUMBER_KINDS and number is not None:
                yield number


def _check_file(
    field: Field, key: str, answers: Mapping[str, Any], where: Where, required: bool
) -> Iterator[Problem]:
    reason = as_text(answers.get(key + NOT_APPLICABLE)) if field.not_applicable else ""
    for sentence, kind in over_cap(count_chars(reason), NA_REASON_CHARS):
        yield where.problem(key + NOT_APPLICABLE, f"{field.label} · 不适用的理由", sentence, kind)
    if where.complete and required and not reason and where.keys + key not in where.files:
        sentence = "请上传，或说明不适用的理由。" if field.not_applicable else "请上传。"
        yield where.problem(key, field.label, sentence, MISSING)


def _check_table(field: Field, key: str, rows: list[Mapping[str, Any]], where: Where) -> Iterator[Problem]:
    least = max(field.min_rows, 1 if field.required else 0)
    if where.complete and len(rows) < least:
        sentence = f"请至少填写{least}个{field.row_label}，现有{len(rows)}个。"
        yield where.problem(key, field.label, sentence, MISSING)
    if field.max_rows is not None and len(rows) > field.max_rows:
        sentence = f"最多填写{field.max_rows}个{field.row_label}，现有{len(rows)}个。"
        yield where.problem(key, field.label, sentence, OVER)
    table = replace(where, names=f"{where.names}{key}-", keys=f"{where.keys}{key}.")
    for index, row in enumerate(rows):
        inside = table.below(str(index), f"{field.row_label}{index + 1}", as_text(row.get(ROW_ID)))
        yield from check_fields(field.fields, row, inside)


def _check_block(field: Field, key: str, answers: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    inside = where.below(key, field.label)
    yield from check_fields(field.fields, answers, inside)
    if field.max_chars is not None:
        for sentence, kind in over_cap(chars_below(field.fields, answers), field.max_chars):
            yield where.problem(key, field.label, f"各部分合计{sentence}", kind)
    if field.one_of:
        yield from _check_one_of(field, key, answers, where)
    if field.min_filled and where.complete:
        filled = filled_indicators(field.fields, answers)
        if filled < field.min_filled:
            sentence = f"请至少填写{field.min_filled}项（数值大于0或有文字说明），现有{filled}项。"
            yield where.problem(key, field.label, sentence, MISSING)
    if field.sum_to:
        yield from _check_sum(field, key, answers, where)


def _check_one_of(field: Field, key: str, answers: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    parts = [part for part in field.fields if part.key in field.one_of]
    filled = [part for part in parts if answers.get(part.key)]
    names = "与".join(f"“{part.label}”" for part in parts)
    if len(filled) > 1:
        yield where.problem(key, field.label, f"{names}只能填写其中一项。", RULE)
    elif not filled and where.complete and field.required:
        yield where.problem(key, field.label, f"请在{names}中填写一项。", MISSING)


def _check_sum(field: Field, key: str, answers: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    total = decimal_of(as_text(answers.get(field.sum_to)))
    numbers = list(_numbers_below((part for part in field.fields if part.key != field.sum_to), answers))
    if total is not None and (numbers or where.complete) and sum(numbers, Decimal(0)) != total:
        parts = f"{sum(numbers, Decimal(0)):f}"
        sentence = f"各分项合计为{parts}，与总数{total:f}不一致，请核对；确认无误可以保留。"
        yield where.problem(key, field.label, sentence, WARNING)


def _numbers_below(fields: Iterable[Field], answers: Mapping[str, Any]) -> Iterator[Decimal]:
    for field in fields:
        if field.kind == "block":
            yield from _numbers_below(field.fields, as_dict(answers.get(field.key)))
        elif field.kind in NUMBER_KINDS:
            number = decimal_of(as_text(answers.get(field.key)))
            if number is not None:
                yield number


def chars_below(fields: Iterable[Field], answers: Mapping[str, Any]) -> int:
    """Characters of all texts below together, for a cap on a block or section (R104)."""
    total = 0
    for field in fields:
        if field.kind == "block":
            total += chars_below(field.fields, as_dict(answers.get(field.key)))
        elif field.kind in TEXT_KINDS:
            total += count_chars(as_text(answers.get(field.key)))
    return total


def filled_indicators(fields: Iterable[Field], answers: Mapping[str, Any]) -> int:
    """How many single indicators carry a number above 0 or a text (R66, R103)."""
    total = 0
    for field in fields:
        value = answers.get(field.key)
        if field.kind == "block":
            below = filled_indicators(field.fields, as_dict(value))
            total += min(below, 1) if field.one_indicator else below
        elif field.kind in NUMBER_KINDS:
            total += (decimal_of(as_text(value)) or Decimal(0)) > 0
        else:
            total += bool(count_chars(as_text(value)))
    return total


def _check_against_siblings(
    field: Field, siblings: tuple[Field, ...], answers: Mapping[str, Any], where: Where
) -> Iterator[Problem]:
    other_key = field.not_above or field.not_before
    if not other_key:
        return
    other = next(one for one in siblings if one.key == other_key)
    mine, limit = as_text(answers.get(field.key)), as_text(answers.get(other_key))
    if field.not_before and is_month(mine) and is_month(limit) and mine < limit:
        yield where.problem(field.key, field.label, f"不能早于“{other.label}”（{limit}）。", RULE)
    if field.not_above:
        number, most = decimal_of(mine), decimal_of(limit or other.blank_is)
        if number is not None and most is not None and number > most:
            yield where.problem(field.key, field.label, f"不能大于“{other.label}”（{most:f}）。", RULE)
