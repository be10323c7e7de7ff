"""What a team's page shows of the judging of its entry."""

from __future__ import annotations

from competition import stages
from competition.desk import address_in
from competition.models import User
from judging.desk import final
from judging.models import Gate, Presentation, Verification
from judging.workflow import GateStatus, Mode, VerificationStatus
from registration.models import Team
from registration.registries import TeamCard
from submissions.models import Entry
from submissions.workflow import EntryStatus


def cards(team: Team, user: User) -> list[TeamCard]:
    """Not recommended, with the reason (decision 25); else the technical verification: when, where, result.

    And the final: when, where, its place in the order. That an entry is recommended is not told, and experts are
    never named. One query.
    """
    if not is_judged(team):
        return []
    gate = (
        Gate.objects.filter(entry__team=team)
        .select_related("entry__verification", "entry__presentation__session", "edition")
        .defer("edition__form", "edition__rubrics", "edition__data")
        .first()
    )
    if gate is None:
        return []
    if gate.status == GateStatus.DECLINED:
        text = f"经初步把关审核，作品不进入专家评审。理由：{gate.opinion}"
        return [TeamCard(title="作品未获推荐进入评审", text=text)]
    found: Verification | None = getattr(gate.entry, "verification", None)
    if found is None or found.status == VerificationStatus.VOID:
        return []
    one: Presentation | None = getattr(gate.entry, "presentation", None)
    if one is not None and not one.is_void:
        return [final.card(one, gate.edition)]
    title, text, urgent = _texts(found)
    url = address_in(gate.edition, "judging:verification_team", pk=gate.entry_id)
    return [TeamCard(title=title, text=text, url=url, action="查看", urgent=urgent)]


def is_judged(team: Team) -> bool:
    """Whether anything of judging can concern the team: its entry passed the formal check, or did once."""
    entry: Entry | None = getattr(team, "entry", None)
    return entry is not None and entry.status in {EntryStatus.ACCEPTED, EntryStatus.WITHDRAWN}


def _texts(found: Verification) -> tuple[str, str, bool]:
    if found.status == VerificationStatus.PASSED:
        return "技术验证已通过", "技术真实性、数据来源和知识产权合法性三项审查均已通过。", False
    if found.status == VerificationStatus.FAILED:
        return "技术验证未通过", "作品退出名单，可查看验证意见。", False
    if found.starts_at:
        how = "线上" if found.mode == Mode.ON_LINE else "线下"
        when = stages.format_instant(found.starts_at)
        return "请参加技术验证", f"{when}，{found.place}（{how}）。请准备系统演示和有关证明材料。", True
    if found.mode == Mode.ON_LINE_ASKED:
        return "作品进入技术验证", "线上验证申请已提交，等待秘书处答复。", False
    text = "时间和地点确定后通知。技术验证以线下方式进行，特殊情况可申请线上完成。"
    return "作品进入技术验证", text, False
