"""Shape of what is typed on the steps of the registration: which fields, how they look, what they are called.

Everything is kept as typed, so nothing is refused here; ``checks`` says beside each field what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from competition.reference import document_choices, is_complete_region, region_children, region_path
from registration.models import Representative, Team, Unit
from registration.models.team import LINE
from registration.terms import Terms

UNCHOSEN: Final = ("", "请选择")


@dataclass(frozen=True)
class Hints:
    """Sentences to show beside fields, by path: what is wrong, and what the officer wrote."""

    problems: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class FieldView:
    """A field as the page shows it."""

    bound: forms.BoundField
    path: str
    problem: str
    reason: str
    show_if: str = ""
    required: bool = True

    @property
    def kind(self) -> str:
        widget = self.bound.field.widget
        return "radio" if isinstance(widget, forms.RadioSelect) else "field"

    @property
    def control(self) -> str:
        """The control itself, marked when something is wrong with what it holds."""
        css = self.bound.field.widget.attrs.get("class", "")
        if not self.problem:
            return str(self.bound.as_widget())
        return str(self.bound.as_widget(attrs={"class": f"{css} is-invalid", "aria-invalid": "true"}))

    @property
    def counter(self) -> int:
        return int(self.bound.field.widget.attrs.get("data-cap", 0))


class TypedForm(forms.Form):
    """Fields whose input names are paths (``units.3.name``); ``typed`` reads them back raw."""

    optional: ClassVar[frozenset[str]] = frozenset()
    show_if: ClassVar[Mapping[str, str]] = {}
    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, hints: Hints, path: str = "", **kwargs: Any
    ) -> None:
        self.path = path
        self.hints = hints
        super().__init__(data, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            field.required = False
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            if isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "form-check-input"
            else:
                field.widget.attrs.setdefault("class", css)
                field.widget.attrs["aria-describedby"] = f"{self.add_prefix(name)}-problem"

    def add_prefix(self, field_name: str) -> str:
        return f"{self.path}.{field_name}" if self.path else field_name

    @cached_property
    def rows(self) -> dict[str, FieldView]:
        """The fields for the template, by name."""
        return {name: self._view(name) for name in self.fields}

    def _view(self, name: str) -> FieldView:
        path = self.add_prefix(name)
        condition = self.show_if.get(name, "")
        return FieldView(
            bound=self[name],
            path=path,
            problem=self.hints.problems.get(path, ""),
            reason=self.hints.reasons.get(path, ""),
            show_if=f"{self.path}.{condition}" if condition else "",
            required=name not in self.optional,
        )

    @classmethod
    def typed(cls, post: QueryDict, path: str = "") -> dict[str, str]:
        """What was sent for this form's fields, as typed; fields that were not sent are left out."""
        prefix = f"{path}." if path else ""
        sent = [name for name in cls.base_fields if f"{prefix}{name}" in post]
        return {name: str(post[f"{prefix}{name}"]) for name in sent}


def line(label: str, hint: str = "", **attrs: str) -> forms.CharField:
    """A text of one line; what is kept has a technical limit."""
    widget = forms.TextInput(attrs={"maxlength": str(LINE), **attrs})
    return forms.CharField(label=label, help_text=hint, widget=widget)


def choice(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    """A select that starts unchosen."""
    return forms.ChoiceField(label=label, help_text=hint, choices=[UNCHOSEN, *choices])


class TeamForm(TypedForm):
    name = line("团队名称", "符合法律法规和公序良俗；不要使用组织单位的名称。", autocomplete="off")
    project_name = line(
        "项目名称", "自行拟定，体现数据要素的主要特征；报名成功后不能更改。", autocomplete="off"
    )

    def __init__(
        self, team: Team, data: Mapping[str, Any] | None = None, *, hints: Hints, terms: Terms
    ) -> None:
        initial = {"name": team.name, "project_name": team.project_name}
        super().__init__(data, hints=hints, initial=initial)
        self.fields["name"].widget.attrs["data-cap"] = str(terms.max_name)
        self.fields["project_name"].widget.attrs["data-cap"] = str(terms.max_project_name)


class UnitForm(TypedForm):
    optional = frozenset({"parent_name", "nature_other"})
    show_if = {"nature_other": "nature=other"}
    #: How the unit answered whether it takes part; None where it need not.
    consent: dict[str, Any] | None = None

    credit_code = line(
        "统一社会信用代码",
        "18位，见营业执照或法人证书；填完后可带出已知信息。",
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )
    name = line("单位名称", "与营业执照或法人证书一致的全称。", autocomplete="organization")
    address = line("详细地址", autocomplete="street-address")
    nature = choice("单位性质", Unit.Nature.choices)
    nature_other = line("其他性质")
    central_subsidiary = forms.ChoiceField(
        label="是否央企子公司", choices=[("yes", "是"), ("no", "否")], widget=forms.RadioSelect
    )
    parent_name = line("母公司（控股单位）", "有母公司或控股单位的请填写；央企子公司必填。")
    contact = line("联系人", autocomplete="name")
    contact_title = line("职务", autocomplete="organization-title")
    contact_way = line("联系方式", "手机号码或电子邮箱；也可以是带区号的固定电话。", autocomplete="off")

    def __init__(self, unit: Unit, data: Mapping[str, Any] | None = None, *, hints: Hints) -> None:
        self.unit = unit
        texts = {name: getattr(unit, name) for name in self.base_fields if name != "central_subsidiary"}
        answer = {True: "yes", False: "no", None: ""}[unit.central_subsidiary]
        super().__init__(
            data, hints=hints, path=f"units.{unit.pk}", initial={**texts, "central_subsidiary": answer}
        )

    @property
    def region(self) -> dict[str, Any]:
        """The cascade of province, city, county with what is chosen, filled for browsers without scripts."""
        path = f"{self.path}.region"
        chosen = [
            step.code
            for step in region_path(read_region(self.data, path) if self.is_bound else self.unit.region)
        ]
        levels = []
        for level, label in enumerate(("省", "市", "县（区）")):
            parent = "" if level == 0 else (chosen[level - 1] if len(chosen) >= level else None)
            options = region_children(parent) if parent is not None else ()
            levels.append(
                {
                    "label": label,
                    "name": f"{path}.{level}",
                    "options": options,
                    "chosen": chosen[level] if len(chosen) > level else "",
                    "hidden": level > 0 and bool(chosen) and not options and is_complete_region(chosen[-1]),
                }
            )
        return {
            "path": path,
            "levels": levels,
            "problem": self.hints.problems.get(path, ""),
            "reason": self.hints.reasons.get(path, ""),
        }

    @classmethod
    def typed(cls, post: QueryDict, path: str = "") -> dict[str, str]:
        values = super().typed(post, path)
        if f"{path}.region.0" in post:
            values["region"] = read_region(post, f"{path}.region")
        return values


def read_region(post: Mapping[str, Any], path: str) -> str:
    """The deepest level that still belongs to the one above it (a province may just have changed)."""
    deepest = ""
    for level in range(3):
        code = str(post.get(f"{path}.{level}", ""))
        if not code or code not in {one.code for one in region_children(deepest)}:
            break
        deepest = code
    return deepest


class PersonForm(TypedForm):
    name = line("姓名", "与证件一致。", autocomplete="off")
    document_type = choice("证件类型", document_choices())
    document_number = line(
        "证件号码", "仅用于核对身份和参赛资格，加密保存。", autocomplete="off", spellcheck="false"
    )
    mobile = line("手机", "本人手机，用于接收确认短信。", inputmode="tel", autocomplete="off")
    unit = forms.ChoiceField(label="所在单位")
    title = line("职务/职称", autocomplete="off")
    role = line("项目中主要承担的角色", "例如：数据治理负责人。", autocomplete="off")

    def __init__(
        self,
        person: Representative,
        data: Mapping[str, Any] | None = None,
        *,
        hints: Hints,
        units: Iterable[Unit],
        terms: Terms,
    ) -> None:
        self.person = person
        initial = {name: getattr(person, name) for name in self.base_fields if name != "unit"}
        super().__init__(
            data,
            hints=hints,
            path=f"representatives.{person.pk}",
            initial={**initial, "unit": str(person.unit_id or "")},
        )
        self.fields["unit"].choices = [UNCHOSEN, *((str(unit.pk), str(unit)) for unit in units)]  # type: ignore[attr-defined]
        self.fields["role"].widget.attrs["data-cap"] = str(terms.max_role)
        if person.is_confirmed:
            for name in ("name", "document_type", "document_number", "mobile"):
                del self.fields[name]


class TopicForm(TypedForm):
    optional = frozenset({"public_body_note"})

    public_body_note = forms.CharField(
        label="公共机构参与说明",
        help_text="政府部门或事业单位参赛的，请说明本单位与赛事组织、评审工作的关系；其他单位不填。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, team: Team, data: Mapping[str, Any] | None = None, *, hints: Hints, terms: Terms
    ) -> None:
        super().__init__(data, hints=hints, initial={"public_body_note": team.public_body_note})
        self.fields["public_body_note"].widget.attrs["data-cap"] = str(terms.max_note)
