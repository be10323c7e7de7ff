"""Fills in the application form of any edition: walks the declaration and answers field by field.

Texts come from the team's voice, numbers from the ranges of figures.yaml, choices from the dice; whatever the
declaration caps is kept below its cap. Files are attached afterwards, slot by slot (see scenes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from competition.config.rehearsal import numbers, units
from competition.config.rehearsal.texts import Voice
from competition.form_schema import Choice, Field, Section
from competition.form_schema.fields import NUMBER_KINDS, ROW_ID, TEXT_KINDS
from competition.form_schema.values import canonical_number

#: How much of a cap a text uses.
LEAST, MOST = 0.52, 0.82
FREE_LENGTH: Final = 240
NOT_APPLICABLE: Final = "本项目暂不涉及该类材料，相关情况已在正文中说明。"


@cache
def _figures() -> Mapping[str, Any]:
    """{'ranges': {path end or unit: [least, most]}, 'lines': {path end: [texts]}, 'rows': .., 'chances': ..}"""
    found: Mapping[str, Any] = yaml.safe_load(
        Path(__file__).with_name("figures.yaml").read_text(encoding="utf-8")
    )
    return found


class Filler:
    """Answers of one entry; the same seed answers the same."""

    def __init__(self, rng: Random, voice: Voice) -> None:
        self.rng, self.voice = rng, voice

    def section(self, section: Section) -> dict[str, Any]:
        """Complete answers of a section (of one unit, where it repeats)."""
        return self._fields(section.fields, section.key, section.max_chars)

    def _fields(self, fields: Sequence[Field], path: str, cap: int | None = None) -> dict[str, Any]:
        """Answers of sibling fields; ``cap`` is shared by the texts among them."""
        texts = sum(field.kind in TEXT_KINDS and not field.derived for field in fields)
        share = cap // texts if cap and texts else None
        answers: dict[str, Any] = {}
        for field in fields:
            if field.derived or not self._shown(field, answers):
                continue
            self._answer(field, field.key, f"{path}.{field.key}", answers, share)
        return answers

    def _shown(self, field: Field, answers: Mapping[str, Any]) -> bool:
        condition = field.show_if
        return condition is None or str(answers.get(condition.field, "")) in condition.values

    def _answer(self, field: Field, key: str, path: str, answers: dict[str, Any], share: int | None) -> None:
        if field.kind == "file":
            if field.not_applicable and self._chance(path):
                answers[f"{key}__na"] = NOT_APPLICABLE
            return
        value = self._value(field, path, answers, share)
        if value in ("", None, [], {}):
            return
        answers[key] = value
        self._details(field, key, path, answers)

    def _value(self, field: Field, path: str, answers: Mapping[str, Any], share: int | None) -> Any:
        if field.kind == "block":
            return self._block(field, path)
        if field.kind == "table":
            return self._rows(field, path)
        if field.kind == "choices":
            return self._ticks(field, path)
        if field.kind == "choice":
            return self._tick(field, path)
        if field.kind in NUMBER_KINDS:
            return self._number(field, path, answers)
        if field.kind == "textarea":
            return self.voice.write(path, self._length(share or field.max_chars))
        if field.kind == "text":
            return self._line(field, path)
        return self._date(field, path, answers)

    def _length(self, cap: int | None) -> int:
        return int((cap or FREE_LENGTH) * self.rng.uniform(LEAST, MOST))

    # --- lines and dates -------------------------------------------------------------------------
    def _line(self, field: Field, path: str) -> str:
        made = {
            "patents.name": lambda: f"一种{self.voice.word('functions')}方法及系统",
            "patents.number": lambda: numbers.patent_number(self.rng),
            "copyrights.name": lambda: f"{self.voice.word('functions')}软件V{self.rng.randrange(1, 6)}.0",
            "copyrights.number": lambda: numbers.copyright_number(self.rng),
            "contracts.name": lambda: f"{self.voice.word('functions')}技术服务合同",
            "contracts.number": lambda: numbers.contract_number(self.rng),
            "others.name": lambda: f"{self.voice.word('functions')}用户使用证明",
            "cases.org_name": lambda: units.company(self.rng, self.rng.choice(units.counties())).name,
            "yes.purpose": lambda: f"用于{self.voice.word('functions')}和{self.voice.word('functions')}",
            "other": lambda: f"{self.voice.word('metrics')}持续改善",
        }
        for end, make in made.items():
            if path.endswith(f".{end}"):
                return "" if end == "other" and self.rng.random() < 0.7 else make()
        for end, lines in _figures()["lines"].items():
            if path.endswith(f".{end}"):
                return str(self.rng.choice(lines))
        return self.voice.word("functions")[: field.max_chars]

    def _date(self, field: Field, path: str, answers: Mapping[str, Any]) -> str:
        if field.kind == "tick":
            return ""
        if field.kind == "date":
            return f"{self.rng.randrange(2003, 2022)}-{self.rng.randrange(1, 13):02d}-{self.rng.randrange(1, 29):02d}"
        if field.not_before and (start := str(answers.get(field.not_before, ""))):
            return f"{int(start[:4]) + 1}-{self.rng.randrange(1, 13):02d}"
        return f"{self.rng.randrange(2021, 2024)}-{self.rng.randrange(1, 13):02d}"

    # --- numbers ---------------------------------------------------------------------------------
    def _number(self, field: Field, path: str, answers: Mapping[str, Any]) -> str:
        least, most = self._range(field, path)
        if field.max_value is not None:
            most = min(most, float(field.max_value))
        if field.not_above:
            most = min(most, float(answers.get(field.not_above) or 0))
            least = min(least, most)
        value = self.rng.uniform(least, most)
        return canonical_number(str(int(value)) if field.kind == "integer" else f"{value:.1f}")

    def _range(self, field: Field, path: str) -> tuple[float, float]:
        ranges = _figures()["ranges"]
        found = next((pair for end, pair in ranges.items() if path.endswith(f".{end}")), None)
        least, most = found or ranges.get(f"unit {field.unit}") or (1, 100)
        return float(least), float(most)

    # --- choices ---------------------------------------------------------------------------------
    def _tick(self, field: Field, path: str) -> str:
        keys = {choice.key for choice in field.choices}
        if keys == {"yes", "no"}:
            return "yes" if self._chance(path) else "no"
        if field.default:
            return field.default
        if field.source == "industries":
            return self.rng.choice([code for code in self.voice.industries if code in keys] or sorted(keys))
        if field.source == "provinces":
            return (
                "140000"
                if self.rng.random() < 0.8
                else self.rng.choice(["130000", "150000", "410000", "610000"])
            )
        return self.rng.choice(self._plain(field)).key

    def _ticks(self, field: Field, path: str) -> list[str]:
        if field.source == "industries":
            return [code for code in self.voice.industries if field.choice(code)]
        own = [key.replace(".", "_") for key in self.voice.scenarios if field.choice(key.replace(".", "_"))]
        if own and field.grouped:
            return own
        choices = [choice.key for choice in self._plain(field) if choice.key not in field.exclusive]
        most = min(field.max_choices or 3, len(choices))
        count = self.rng.randint(min(max(field.min_choices, 1), most), most)
        chosen = set(self.rng.sample(choices, count))
        return [key for key in choices if key in chosen]

    def _plain(self, field: Field) -> list[Choice]:
        """Choices other than 'other: ____'."""
        plain = [choice for choice in field.choices if not choice.key.endswith("other")]
        return plain or list(field.choices)

    def _details(self, field: Field, key: str, path: str, answers: dict[str, Any]) -> None:
        value = answers.get(key)
        ticked = value if isinstance(value, list) else [value]
        chosen = [choice for choice in field.choices if choice.key in ticked]
        share = field.details_sum_max // len(chosen) if field.details_sum_max and chosen else None
        for choice in chosen:
            for detail in choice.details:
                name = field.detail_key(choice, detail)
                if share is not None and detail.kind in NUMBER_KINDS:
                    answers[name] = str(share - self.rng.randrange(10))
                else:
                    self._answer(detail, name, f"{path}.{choice.key}.{detail.key}", answers, None)

    # --- blocks and tables -----------------------------------------------------------------------
    def _block(self, field: Field, path: str) -> dict[str, Any]:
        if field.one_of:
            part = next(one for one in field.fields if one.key == field.one_of[0])
            return {part.key: self._value(part, f"{path}.{part.key}", {}, None)}
        answers = self._fields(field.fields, path, field.max_chars)
        if field.sum_to:
            answers[field.sum_to] = str(_sum({k: v for k, v in answers.items() if k != field.sum_to}))
        return answers

    def _rows(self, field: Field, path: str) -> list[dict[str, Any]]:
        least, most = _figures()["rows"].get(field.key, (0, 1))
        count = max(self.rng.randint(least, most), field.min_rows)
        return [{ROW_ID: f"r{at + 1}", **self._fields(field.fields, path)} for at in range(count)]

    def _chance(self, path: str) -> bool:
        chances = _figures()["chances"]
        return self.rng.random() < next((p for end, p in chances.items() if path.endswith(f".{end}")), 0.0)


def _sum(answers: Mapping[str, Any]) -> int:
    return sum(_sum(value) if isinstance(value, dict) else int(value) for value in answers.values())
