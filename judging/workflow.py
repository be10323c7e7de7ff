"""States of judging and the moves between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class Round(TextChoices):
    PRELIMINARY = "preliminary", "初赛"
    FINAL = "final", "决赛"


class Pool(TextChoices):
    """The lists of seats; the values are those of an edition's ``prizes[].pool``."""

    FINALISTS = "finalists", "入围决赛"
    EXCELLENCE = "excellence", "优秀奖"


class GateStatus(TextChoices):
    WAITING = "waiting", "待把关"
    DECLINING = "declining", "不推荐，待秘书处确认"
    RECOMMENDING = "recommending", "推荐，待第二人确认"
    RECOMMENDED = "recommended", "推荐"
    DECLINED = "declined", "不推荐"
    VOID = "void", "已退出"


GATE: Final[dict[str, frozenset[str]]] = {
    GateStatus.WAITING: frozenset(
        {GateStatus.RECOMMENDED, GateStatus.RECOMMENDING, GateStatus.DECLINING, GateStatus.VOID}
    ),
    # The second pair of eyes agrees, or sends it back.
    GateStatus.DECLINING: frozenset({GateStatus.DECLINED, GateStatus.WAITING, GateStatus.VOID}),
    GateStatus.RECOMMENDING: frozenset({GateStatus.RECOMMENDED, GateStatus.WAITING, GateStatus.VOID}),
    GateStatus.RECOMMENDED: frozenset({GateStatus.VOID}),
    GateStatus.DECLINED: frozenset({GateStatus.VOID}),
    GateStatus.VOID: frozenset(),
}


class MaterialStatus(TextChoices):
    PREPARING = "preparing", "正在生成"
    WAITING = "waiting", "待逐页检查"
    RELEASED = "released", "已放行"
    FAILED = "failed", "无法生成"


MATERIAL: Final[dict[str, frozenset[str]]] = {
    MaterialStatus.PREPARING: frozenset({MaterialStatus.WAITING, MaterialStatus.FAILED}),
    MaterialStatus.FAILED: frozenset({MaterialStatus.PREPARING}),
    MaterialStatus.WAITING: frozenset({MaterialStatus.RELEASED, MaterialStatus.PREPARING}),
    # Taken back when something is found later.
    MaterialStatus.RELEASED: frozenset({MaterialStatus.WAITING}),
}


class AssignmentStatus(TextChoices):
    OPEN = "open", "待评分"
    SUBMITTED = "submitted", "已提交"
    RECUSED = "recused", "已回避"
    VOID = "void", "作品已退出"


ASSIGNMENT: Final[dict[str, frozenset[str]]] = {
    AssignmentStatus.OPEN: frozenset(
        {AssignmentStatus.SUBMITTED, AssignmentStatus.RECUSED, AssignmentStatus.VOID}
    ),
    AssignmentStatus.SUBMITTED: frozenset({AssignmentStatus.RECUSED, AssignmentStatus.VOID}),
    AssignmentStatus.RECUSED: frozenset(),
    AssignmentStatus.VOID: frozenset(),
}


class ResultStatus(TextChoices):
    PROPOSED = "proposed", "待第二人确认"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "未确认"


#: Proposals that a second person confirms or refuses: results and replacements.
PROPOSAL: Final[dict[str, frozenset[str]]] = {
    ResultStatus.PROPOSED: frozenset({ResultStatus.CONFIRMED, ResultStatus.REFUSED}),
    ResultStatus.CONFIRMED: frozenset(),
    ResultStatus.REFUSED: frozenset(),
}


class VerificationStatus(TextChoices):
    WAITING = "waiting", "待验证"
    PASSED = "passed", "通过"
    FAILED = "failed", "未通过"
    VOID = "void", "已退出"


VERIFICATION: Final[dict[str, frozenset[str]]] = {
    VerificationStatus.WAITING: frozenset(
        {VerificationStatus.PASSED, VerificationStatus.FAILED, VerificationStatus.VOID}
    ),
    VerificationStatus.PASSED: frozenset({VerificationStatus.VOID}),
    VerificationStatus.FAILED: frozenset(),
    VerificationStatus.VOID: frozenset(),
}


class Mode(TextChoices):
    """How a technical verification is held (R24, R26)."""

    ON_SITE = "on_site", "线下"
    ON_LINE_ASKED = "on_line_asked", "线下（已申请线上）"
    ON_LINE = "on_line", "线上"


class FinalStatus(TextChoices):
    PREPARING = "preparing", "筹备"
    LISTED = "listed", "名单已公布，待抽签"
    DRAWN = "drawn", "已抽签"
    RUNNING = "running", "进行中"
    LOCKED = "locked", "成绩已锁定"


FINAL: Final[dict[str, frozenset[str]]] = {
    FinalStatus.PREPARING: frozenset({FinalStatus.LISTED}),
    FinalStatus.LISTED: frozenset({FinalStatus.PREPARING, FinalStatus.DRAWN}),
    FinalStatus.DRAWN: frozenset({FinalStatus.RUNNING}),
    FinalStatus.RUNNING: frozenset({FinalStatus.LOCKED}),
    FinalStatus.LOCKED: frozenset(),
}


class ChangeKind(TextChoices):
    """What happened to a track's lists after they were confirmed; replayed in order by ``standing``."""

    VOID = "void", "退出名单"
    MOVE_UP = "move_up", "递补"
    LEAVE_VACANT = "leave_vacant", "名额空缺"
