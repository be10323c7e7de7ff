"""rubrics.yaml: points that add up, and criteria about parts of the form that experts may see."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from competition.declaration import Node, say_duplicates
from competition.edition_schema.data import CriterionData, RoundData
from competition.form_schema import SHOW, FormSchema

FULL_MARKS: Final = Decimal(100)
ROUNDS: Final = ("preliminary", "final")
VOTE: Final = "vote"


def rounds_from(root: Node, form: FormSchema) -> tuple[RoundData, ...]:
    """The rounds and their criteria."""
    nodes = root.items("rounds")
    rounds = tuple(_round(node, form) for node in nodes)
    say_duplicates(((node, one.key) for node, one in zip(nodes, rounds, strict=True)), "评审环节")
    missing = [key for key in ROUNDS if key not in {one.key for one in rounds}]
    if missing:
        root.at("rounds").say(f"缺少评审环节：{'、'.join(missing)}。")
    root.flag("assumed")
    root.no_more()
    return rounds


def _round(node: Node, form: FormSchema) -> RoundData:
    key = node.one_of("key", ROUNDS)
    nodes = node.items("criteria")
    one = RoundData(key, node.text("name"), tuple(_criterion(below, form, key) for below in nodes))
    say_duplicates(((below, c.key) for below, c in zip(nodes, one.criteria, strict=True)), "评分项")
    total = sum((criterion.points for criterion in one.criteria), Decimal(0))
    if total != FULL_MARKS:
        node.say(f"“{one.name}”各评分项合计应为100分，现为{total.normalize():f}分。")
    node.no_more()
    return one


def _criterion(node: Node, form: FormSchema, round_key: str) -> CriterionData:
    nodes = node.items("parts", required=False)
    criterion = CriterionData(
        key=node.text("key"),
        label=node.text("label"),
        points=_points(node),
        source=node.text("from", default=""),
        parts=tuple(_criterion(below, form, round_key) for below in nodes),
    )
    say_duplicates(((below, c.key) for below, c in zip(nodes, criterion.parts, strict=True)), "评分项")
    total = sum((part.points for part in criterion.parts), Decimal(0))
    if criterion.parts and total != criterion.points:
        node.say(f"“{criterion.label}”各分项合计为{total}分，与{criterion.points}分不一致。")
    _check_source(node, criterion.source, form, round_key)
    node.no_more()
    return criterion


def _points(node: Node) -> Decimal:
    text = node.text("points")
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal(0)
    if not points.is_finite() or points <= 0:
        node.at("points").say('应是大于0的分数，写在引号中，例如 "13.5"。')
        return Decimal(1)
    return points


def _check_source(node: Node, source: str, form: FormSchema, round_key: str) -> None:
    if not source:
        return
    section_key, _, field_key = source.partition(".")
    section = form.section(section_key)
    fields = [field for field in section.fields if field_key in ("", field.key)] if section else []
    if not fields:
        node.at("from").say(f"申报书中没有“{source}”。")
    elif round_key == "preliminary" and any(field.blind != SHOW for field in fields):
        node.at("from").say(f"“{source}”不向盲评专家展示，不能据以评分。")


def check_ties(root: Node, rounds: tuple[RoundData, ...]) -> None:
    """The order of `scoring.ties` names criteria of the preliminary and ends with a vote."""
    ties = root.at("scoring").texts("ties")
    keys = {criterion.key for one in rounds if one.key == "preliminary" for criterion in one.criteria}
    unknown = [key for key in ties[:-1] if key not in keys]
    if unknown:
        root.at("scoring").at("ties").say(f"初赛评分项中没有“{unknown[0]}”。")
    if ties and ties[-1] != VOTE:
        root.at("scoring").at("ties").say("最后一项应为 vote（评审组表决），同分时不能没有结果。")
