"""What a field of the form is. Values only; reading, posting, checking and showing stand in the modules beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SHOW: Final = "show"
MASK: Final = "mask"
HIDE: Final = "hide"
BLIND: Final = (SHOW, MASK, HIDE)

#: kind -> what an answer of it is. `bool` is written in form.yaml and becomes a choice of yes and no.
KINDS: Final = {
    "text": "str, one line",
    "textarea": "str",
    "number": "str, a canonical decimal, or what was typed if it is none",
    "integer": "str, likewise",
    "date": "str, YYYY-MM-DD, or what was typed",
    "month": "str, YYYY-MM, or what was typed",
    "tick": "'1' or absent",
    "choice": "str, the key of the choice",
    "choices": "list of keys",
    "block": "dict of the parts' answers",
    "table": "list of dicts, each with the row's stable id under _id",
    "file": "nothing; its files are found by the attachment key, its 'not applicable' reason under <key>__na",
}
TEXT_KINDS: Final = frozenset({"text", "textarea"})
NUMBER_KINDS: Final = frozenset({"number", "integer"})
STYLES: Final = {"choice": ("radio", "select", "lookup"), "choices": ("checkboxes", "lookup")}
LAYOUTS: Final = ("items", "inline", "rows", "years", "range", "parts", "indicators", "texts")

ROW_ID: Final = "_id"
NOT_APPLICABLE: Final = "__na"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick. `details` are fields that count only while it is ticked (如是 ...; 其他: ____)."""

    key: str
    label: str
    group: str = ""
    details: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when a sibling's answer is one of `values`, or, with `positive`, a number above 0."""

    field: str
    values: tuple[str, ...] = ()
    positive: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field, block or table of the form; see KINDS for what its answer is."""

    key: str
    label: str
    kind: str
    no: str = ""
    guide: str = ""
    blind: str = HIDE
    required: bool = False
    assumed: bool = False
    rule: str = ""
    derived: str = ""  #: where a read-only value comes from, e.g. 'unit.name'; such a field is never posted
    style: str = ""  #: of choices: radio, select, checkboxes or lookup
    layout: str = ""  #: of blocks: one of LAYOUTS
    source: str = ""  #: of choices that come from reference data
    default: str = ""  #: pre-selected while nothing is stored
    blank_is: str = ""  #: what an empty number stands for
    unit: str = ""
    min_value: int | None = None
    max_value: int | None = None
    max_chars: int | None = None  #: of a text, or of all texts below together
    min_choices: int = 0
    max_choices: int | None = None  #: counts the top choices, not their details
    exclusive: tuple[str, ...] = ()  #: choices that stand alone
    details_sum_max: int | None = None  #: the numbers among the ticked choices' details together
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()  #: parts of a block, columns of a table
    min_rows: int = 0
    max_rows: int | None = None
    row_label: str = ""
    count_label: str = ""
    count_unit: str = ""
    min_filled: int = 0  #: of a block: indicators with a number above 0 or a text
    one_indicator: bool = False  #: of a block: counts once for min_filled
    one_of: tuple[str, ...] = ()  #: of a block: exactly one of these parts
    sum_to: str = ""  #: of a block: the part that all other numbers should add up to (a warning)
    not_above: str = ""  #: the sibling that this number may not exceed
    not_before: str = ""  #: the sibling that this month may not precede
    show_if: Condition | None = None
    required_if: Condition | None = None
    accept: tuple[str, ...] = ()  #: of files: extensions, lower case
    max_mb: int = 0
    max_files: int = 1
    not_applicable: bool = False  #: of files: the team may give a reason instead

    @property
    def widget(self) -> str:
        """The name of the partial that renders the field."""
        if self.derived:
            return "derived"
        return self.style or self.kind

    @property
    def grouped(self) -> bool:
        """True when its choices stand under headings."""
        return any(choice.group for choice in self.choices)

    @property
    def groups(self) -> tuple[str, ...]:
        """The headings of its choices, in order."""
        return tuple(dict.fromkeys(choice.group for choice in self.choices))

    def choice(self, key: str) -> Choice | None:
        """The choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def detail_key(self, choice: Choice, detail: Field) -> str:
        """The key under which a detail's answer stands, beside the field's own."""
        return f"{self.key}__{choice.key}__{detail.key}"

    def details(self) -> Iterator[tuple[Choice, Field, str]]:
        """Every detail with its choice and the key of its answer."""
        for choice in self.choices:
            for detail in choice.details:
                yield choice, detail, self.detail_key(choice, detail)

    def walk(self) -> Iterator[Field]:
        """This field, its parts and its details, depth first."""
        yield self
        for part in self.fields:
            yield from part.walk()
        for _, detail, _ in self.details():
            yield from detail.walk()
