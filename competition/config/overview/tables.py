"""The numbers as tables and as charts: one source for the page, the file and the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from competition.config.overview.numbers import STEPS, Numbers, Place
from competition.sheets import Sheet
from registration.workflow import TeamStatus

#: Series of the charts by place: (words, states, token of the colour).
SERIES: Final = (
    ("填写和修改", (TeamStatus.DRAFT, TeamStatus.RETURNED), "--line-strong"),
    ("待资格审核", (TeamStatus.SUBMITTED,), "--ember"),
    ("报名成功", (TeamStatus.APPROVED,), "--indigo"),
    ("未通过或退出", (TeamStatus.REJECTED, TeamStatus.WITHDRAWN, TeamStatus.DISQUALIFIED), "--ink"),
)
STEP_COLOURS: Final = ("--line-strong", "--cyan", "--indigo", "--ember", "--leaf")


@dataclass(frozen=True)
class Table:
    """A table below its chart; ``total`` is its last row, if it has one."""

    key: str
    title: str
    note: str
    columns: list[str]
    rows: list[list[Any]]
    total: list[Any]
    empty: str

    @property
    def is_empty(self) -> bool:
        return not self.rows or not any(isinstance(cell, int) and cell for row in self.rows for cell in row)


def tables_of(numbers: Numbers) -> list[Table]:
    """Every table of the page, in its order."""
    return [
        _funnel(numbers),
        _places("tracks", "各赛道", "按所选赛题的赛道统计。", "赛道", numbers.tracks),
        _places("cities", "各市", "按牵头单位所在地统计。", "所在地", numbers.cities),
        Table(
            "ages",
            "待审报名的等待时间",
            "自最近一次提交的次日起，按工作日计算。",
            ["已等待（工作日）", "报名（个）"],
            [[words, number] for words, number in numbers.ages],
            ["合计", sum(number for _, number in numbers.ages)],
            "没有等待资格审核的报名。",
        ),
        Table(
            "officers",
            "经办情况",
            "办理时长为从提交到作出结论的小时数的中位数（含休息日）。",
            ["工作人员", "在办（个）", "已作结论（次）", "办理时长（小时）"],
            [
                [one.name, one.claimed, one.decided, "—" if one.hours is None else one.hours]
                for one in numbers.officers
            ],
            [],
            "还没有人领取或审核报名。",
        ),
    ]


def _funnel(numbers: Numbers) -> Table:
    return Table(
        "funnel",
        "参赛进程",
        "每日累计；提交报名按最近一次提交的日期，提交作品按首次提交的日期。",
        ["日期", *STEPS.values()],
        [[day.isoformat(), *row.values()] for day, row in numbers.funnel],
        [],
        "还没有团队开始报名。",
    )


def _places(key: str, title: str, note: str, head: str, places: list[Place]) -> Table:
    rows = [[one.name, *one.states.values(), one.total, one.handed, one.accepted] for one in places]
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    columns = [head, *TeamStatus.labels, "合计", "已提交作品", "形式审查通过"]
    return Table(key, title, note, columns, rows, ["合计", *sums] if rows else [], "还没有团队报名。")


def charts_of(numbers: Numbers) -> dict[str, Any]:
    """What the page's script draws."""
    return {
        "funnel": {
            "kind": "lines",
            "series": [
                {
                    "name": name,
                    "colour": colour,
                    "points": [[day.isoformat(), row[step]] for day, row in numbers.funnel],
                }
                for (step, name), colour in zip(STEPS.items(), STEP_COLOURS, strict=True)
            ],
        },
        "tracks": _bars(numbers.tracks),
        "cities": _bars(numbers.cities),
        "ages": {
            "kind": "columns",
            "names": [words for words, _ in numbers.ages],
            "series": [
                {"name": "待审报名", "colour": "--ember", "values": [number for _, number in numbers.ages]}
            ],
        },
        "officers": {
            "kind": "bars",
            "names": [one.name for one in numbers.officers],
            "series": [
                {
                    "name": "已作结论",
                    "colour": "--indigo",
                    "values": [one.decided for one in numbers.officers],
                },
                {"name": "在办", "colour": "--ember", "values": [one.claimed for one in numbers.officers]},
            ],
        },
    }


def _bars(places: list[Place]) -> dict[str, Any]:
    return {
        "kind": "bars",
        "names": [one.name for one in places],
        "series": [
            {
                "name": name,
                "colour": colour,
                "values": [sum(one.states[state] for state in states) for one in places],
            }
            for name, states, colour in SERIES
        ],
    }


def sheets_of(numbers: Numbers) -> list[Sheet]:
    """The tables as sheets of a file."""
    return [
        Sheet(one.title, one.columns, [*one.rows, *([one.total] if one.total else [])])
        for one in tables_of(numbers)
    ]
