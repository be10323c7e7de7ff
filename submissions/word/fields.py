"""A field of the form as pieces of a Word document: its label, and the content controls that take its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml.etree import _Element

from competition.form_schema import BoundField, Field, Option
from submissions.word.parts import Controls, paragraph, run
from submissions.word.tags import Tag

#: What an empty control shows; a text equal to it is no answer.
LINE: Final = "＿＿＿＿"
PICK: Final = "（请选择）"
WRITE: Final = "（请在此填写）"
FROM_REGISTRATION: Final = "（报名时填写，网上自动带入）"
REASON: Final = "（如不适用，请写明理由）"
LOCKED: Final = "sdtContentLocked"
KEPT: Final = "sdtLocked"
#: Blocks whose parts stand one after another in a line.
_IN_LINE: Final = ("inline", "years", "range")
LOOKUP_BREAK: Final = "；"


@dataclass(frozen=True)
class Place:
    """Where a field stands: the tag above it, and whether its control may be deleted with its row."""

    tag: Tag
    in_row: bool = False
    printed: bool = False  #: within something that comes from the registration
    blank: bool = False  #: the blank form

    def below(self, key: str) -> Place:
        """One step down."""
        return replace(self, tag=self.tag.below(key))

    def of(self, bound: BoundField) -> Place:
        """The place of a field among its siblings."""
        printed = self.printed or bool(bound.field.derived)
        here = self.below(key_of(bound))
        return replace(here, printed=printed, tag=replace(here.tag, printed=printed))

    @property
    def lock(self) -> str:
        """How far Word keeps hands off the control."""
        if self.printed and not self.blank:
            return LOCKED
        return "" if self.in_row or self.printed else KEPT


def key_of(bound: BoundField) -> str:
    """The key under which a field's answer is stored beside its siblings'."""
    return bound.name.rsplit("-", 1)[-1]


def title_of(field: Field, *, colon: bool = True) -> str:
    """``*1. 项目服务对象（多选）：`` as the annex prints it."""
    star = "*" if field.required and not field.no else ""
    label = f"{star}{field.no}. {field.label}" if field.no else f"{star}{field.label}"
    return label if not colon or label.endswith(("：", "）")) else f"{label}："


def hint_of(field: Field, *, printed: bool = False) -> str:
    """What an empty control shows."""
    if printed:
        return FROM_REGISTRATION
    if field.kind == "textarea":
        hint = field.guide or WRITE
        said = field.max_chars is None or f"{field.max_chars}字" in f"{hint}{field.label}"
        return hint if said else f"{hint}（限{field.max_chars}字）"
    return PICK if field.style in ("select", "lookup") else LINE


class Emitter:
    """Writes fields with the controls of one document; ``files`` are the names in each slot."""

    def __init__(self, controls: Controls, files: Mapping[str, tuple[str, ...]]) -> None:
        self._controls = controls
        self._files = files

    def item(
        self, bound: BoundField, place: Place, *, label: bool = True, star: bool = True
    ) -> Iterator[_Element]:
        """A field with its label as paragraphs; ``place`` is that of its siblings."""
        field, here = bound.field, place.of(bound)
        printed = title_of(field) if star else title_of(field).removeprefix("*")
        title = [run(printed, style="FormLabel")] if label and field.kind != "tick" else []
        if field.kind == "textarea":
            if title:
                yield paragraph(*title, style="FormText", keep=True)
            yield self.long(bound, here)
        elif field.grouped and bound.options:
            yield paragraph(*title, style="FormText", keep=True)
            for group, options in bound.grouped_options:
                yield paragraph(
                    run(f"{group}　", style="FormGroup"), *self._options(options, here), style="FormText"
                )
        elif field.kind == "block" and field.layout not in _IN_LINE:
            if title:
                yield paragraph(*title, style="FormText", keep=True)
            yield from self._parts(bound, here)
        else:
            yield paragraph(*title, *self.inline(bound, here), style="FormText")

    def _parts(self, bound: BoundField, here: Place) -> Iterator[_Element]:
        """Single values share a paragraph, everything else has its own."""
        waiting: list[_Element] = []
        for part in bound.parts:
            if part.field.kind == "block" or part.options or part.field.kind == "textarea":
                if waiting:
                    yield paragraph(*waiting, style="FormText")
                waiting = []
                yield from self.item(part, here, star=False)
            else:
                waiting += [*self._labelled(part, here), run("　")]
        if waiting:
            yield paragraph(*waiting, style="FormText")

    def _labelled(self, bound: BoundField, place: Place) -> list[_Element]:
        title = [] if bound.field.kind == "tick" else [run(f"{bound.field.label}：")]
        return [*title, *self.inline(bound, place.of(bound))]

    def long(self, bound: BoundField, here: Place) -> _Element:
        """A text of several paragraphs."""
        return self._controls.block(
            str(here.tag),
            bound.field.label,
            bound.value,
            hint_of(bound.field, printed=here.printed),
            style="FormProse",
            lock=here.lock,
        )

    def inline(self, bound: BoundField, here: Place) -> list[_Element]:
        """A field's controls within a line; ``here`` is its own place."""
        field = bound.field
        if field.kind == "block":
            found: list[_Element] = []
            for part in bound.parts:
                found += [*self._labelled(part, here), run("　")]
            return found[:-1]
        if field.kind == "file":
            return self._file(bound, here)
        if field.kind == "tick":
            box = self._controls.box(str(here.tag.at("1")), field.label, bool(bound.value), lock=here.lock)
            return [box, run(field.label)]
        if field.style == "lookup":
            labels = {option.choice.key: option.choice.label for option in bound.chosen}
            chosen = LOOKUP_BREAK.join(labels.get(key, key) for key in bound.values)
            return [self._line(bound, here, chosen)]
        if field.style == "select":
            return self._select(bound, here)
        if field.choices:
            return self._options(bound.options, here)
        unit = field.unit if field.unit and f"（{field.unit}）" not in field.label else ""
        return [self._line(bound, here, bound.value), *([run(unit)] if unit else [])]

    def _line(self, bound: BoundField, here: Place, text: str) -> _Element:
        hint = "　" if here.printed and here.in_row else hint_of(bound.field, printed=here.printed)
        return self._controls.inline(str(here.tag), bound.field.label, text, hint, lock=here.lock)

    def _select(self, bound: BoundField, here: Place) -> list[_Element]:
        field = bound.field
        chosen = next((option.choice.label for option in bound.chosen), bound.value)
        listed = ((choice.key, choice.label) for choice in field.choices)
        found = [
            self._controls.choice(str(here.tag), field.label, listed, chosen, hint_of(field), lock=here.lock)
        ]
        for option in bound.options:
            found += self._details(option, here)
        return found

    def _options(self, options: Iterable[Option], here: Place) -> list[_Element]:
        found: list[_Element] = []
        for option in options:
            tag = str(here.tag.at(option.choice.key))
            found.append(self._controls.box(tag, option.choice.label, option.ticked, lock=here.lock))
            found.append(run(option.choice.label))
            found += self._details(option, here)
            found.append(run("　"))
        return found[:-1]

    def _details(self, option: Option, here: Place) -> list[_Element]:
        if not option.details:
            return []
        above = replace(here, tag=replace(here.tag, path=here.tag.path.rpartition("-")[0], option=""))
        found: list[_Element] = [run("（")]
        for position, detail in enumerate(option.details):
            label = "" if detail.field.label == "请注明" else f"{detail.field.label}："
            if position or label:
                found.append(run(("，" if position else "") + label))
            found += self.inline(detail, above.below(key_of(detail)))
        return [*found, run("）")]

    def _file(self, bound: BoundField, here: Place) -> list[_Element]:
        """Names of files are printed; why none applies can be written."""
        names = "、".join(self._files.get(bound.attachment_key, ()))
        printed = replace(here, printed=True, tag=replace(here.tag, printed=True))
        found: list[_Element] = []
        if names or not bound.field.not_applicable:
            found.append(
                self._controls.inline(
                    str(printed.tag), bound.field.label, names, "（在网上上传）", lock=printed.lock
                )
            )
        if bound.field.not_applicable:
            tag = str(replace(here.tag, path=f"{here.tag.path}__na"))
            found.append(run("　不适用：" if names else "在网上上传；不适用："))
            found.append(self._controls.inline(tag, "不适用的理由", bound.na_reason, REASON, lock=here.lock))
        return found
