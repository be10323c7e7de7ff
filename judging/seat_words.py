"""The splitting of places in words and rows, so that anybody can follow it with a pocket calculator (R19)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from judging.scoring import shown
from judging.seats import METHOD_NAMES, Method


def explain(data: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """What a page shows of an allotment (`seats.Allotment.as_data`); ``names`` by number of track.

    `rounds` are those of the largest remainder, each with sentences before and after its table; `steps` the places of
    a divisor method in order; `seats` the outcome by track.
    """
    tie = data["tie"]
    return {
        "method": METHOD_NAMES[Method(data["method"])],
        "total": data["total"],
        "rounds": [_round(number, one, names) for number, one in enumerate(data["rounds"], start=1)],
        "steps": [
            {**step, "name": names[step["track"]], "shown": shown(Fraction(step["quotient"]), 4)}
            for step in data["steps"]
        ],
        "seats": [
            {"track": int(number), "name": names[int(number)], "places": places}
            for number, places in data["seats"].items()
        ],
        "unfilled": f"参评作品少于名额，{data['unfilled']}个名额空缺。" if data["unfilled"] else "",
        "tie": f"{_names(tie['tracks'], names)}的余数和作品数均相同，尚有{tie['places']}个名额，须抽签决定。"
        if tie
        else "",
    }


def _round(number: int, one: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    places, lines = one["places"], one["lines"]
    total = sum(line["entries"] for line in lines)
    whole = sum(line["whole"] for line in lines)
    extra = sorted((line for line in lines if line["extra"]), key=lambda line: -Fraction(line["remainder"]))
    spare = places - whole
    before = (
        f"第{number}轮：{places}个名额，{len(lines)}个赛道，作品共{total}个。"
        f"各赛道应得＝{places}×作品数÷{total}，先取整数部分，共{whole}个。"
    )
    after = (
        f"余下{spare}个依次给余数最大的赛道（余数相同的，作品数多者在前；再相同的，抽签）："
        f"{_names([line['track'] for line in extra], names) or '待抽签'}各1个。"
        if spare
        else "整数部分正好分完，没有余下的名额。"
    )
    short = [line for line in lines if line["taken"] < line["whole"] + line["extra"]]
    left = sum(line["whole"] + line["extra"] - line["taken"] for line in short)
    rest = (
        f"{_names([line['track'] for line in short], names)}可列入的作品不足，"
        f"{left}个名额按同样方法在其余赛道中再分。"
        if short
        else ""
    )
    return {"before": before, "after": after, "rest": rest, "lines": [_line(line, names) for line in lines]}


def _line(line: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        **line,
        "name": names[line["track"]],
        "share": shown(Fraction(line["share"]), 4),
        "remainder": shown(Fraction(line["remainder"]), 4),
        "exact": line["remainder"],
    }


def _names(tracks: list[int], names: Mapping[int, str]) -> str:
    return "、".join(names[track] for track in tracks)
