"""Certificates at the work desk and on the team's page."""

from __future__ import annotations

from awards.models import Award, Certificate
from awards.permissions.certificates import sees_certificates
from awards.workflow import CertificateStatus
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from registration.registries import TeamCard


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs, with those that wait for a decision about missing characters."""
    if not sees_certificates(user):
        return []
    rows = Certificate.objects.filter(award__edition=edition, status=CertificateStatus.NUMBERED)
    waiting = rows.exclude(missing_glyphs="")
    text = "已编号的证书和制作情况；缺字的由工作人员决定（五（一））。"
    url = address_in(edition, "awards:certificates_list")
    return [DeskPage(120, "获奖证书", text, url, group="颁奖", waiting=waiting)]


def card(award: Award) -> TeamCard | None:
    """The team's certificate, to download once made."""
    one: Certificate | None = getattr(award, "certificate", None)
    if one is None:
        return None
    tier = award.tier.name
    if one.status == CertificateStatus.REVOKED:
        return TeamCard(title="获奖证书已撤销", text=f"证书 {one.number} 已被撤销，不再有效。")
    if one.status == CertificateStatus.NUMBERED:
        return TeamCard(
            title="获奖证书制作中", text=f"{tier}，证书编号 {one.number}，制作完成后可在这里下载。"
        )
    url = address_in(award.edition, "awards:certificates_file", number=one.number)
    text = f"{tier}，证书编号 {one.number}。任何人可扫描证书上的二维码验证真伪。"
    return TeamCard(title="获奖证书", text=text, url=url, action="下载证书")
