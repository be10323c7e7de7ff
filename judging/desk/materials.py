"""Blind material at the work desk."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import BlindMaterial
from judging.permissions.materials import sees_materials
from judging.workflow import MaterialStatus


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs, with what waits to be looked through or could not be made."""
    if not sees_materials(user):
        return []
    waiting = BlindMaterial.objects.filter(
        edition=edition, status__in=[MaterialStatus.WAITING, MaterialStatus.FAILED]
    )
    text = "逐页检查匿名评审材料，遮盖能辨认参赛单位和人员的内容，放行后专家才能看到（四（三）2）。"
    url = address_in(edition, "judging:materials_list")
    return [DeskPage(30, "盲评材料", text, url, group="初赛", waiting=waiting)]
