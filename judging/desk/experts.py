"""The roll of experts and their assignments at the work desk."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.permissions.experts import sees_roll
from judging.services.workload import short_of_experts


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs; entries that have too few experts wait."""
    if not sees_roll(user):
        return []
    return [
        DeskPage(
            20,
            "专家与评审组",
            "管理专家名册、任职单位、可评赛道和利益冲突，组成各赛道和决赛的评审组。",
            address_in(edition, "judging:experts_list"),
            group="初赛",
        ),
        DeskPage(
            40,
            "分配",
            "分赛道为推荐作品分配评审专家，避开利益冲突，均衡工作量（四（三）2）。",
            address_in(edition, "judging:assignments"),
            group="初赛",
            waiting=short_of_experts(edition),
        ),
    ]
