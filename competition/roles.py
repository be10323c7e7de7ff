"""Roles are groups, made by a migration; their names are keys, their labels are for people."""

from __future__ import annotations

from typing import Final

OFFICER: Final = "officer"
CHIEF: Final = "chief"
COMMITTEE: Final = "committee"
CASE_HANDLER: Final = "case_handler"
DEPARTMENT: Final = "department"
EXPERT: Final = "expert"
HOST: Final = "host"
SUPERVISOR: Final = "supervisor"
PAYOUTS: Final = "payouts"
AUDITOR: Final = "auditor"

LABELS: Final[dict[str, str]] = {
    OFFICER: "秘书处办公室工作人员",
    CHIEF: "秘书处负责人",
    COMMITTEE: "组委会",
    CASE_HANDLER: "举报受理人",
    DEPARTMENT: "省有关部门审核人",
    EXPERT: "评审专家",
    HOST: "决赛主持",
    SUPERVISOR: "现场监督",
    PAYOUTS: "承办单位（奖金发放）",
    AUDITOR: "审计",
}

#: Roles whose holders are invited and need a second factor (all of them).
SECOND_FACTOR: Final = frozenset(LABELS)
#: Roles that work in the admin site.
ADMIN_SITE: Final = frozenset({OFFICER, CHIEF})
#: Roles whose sessions end after 30 idle minutes.
SHORT_SESSION: Final = frozenset(LABELS)
