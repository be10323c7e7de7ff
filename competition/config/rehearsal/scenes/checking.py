"""Officers do the formal check of what was submitted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from competition import clock
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Ledger
from competition.config.rehearsal.scenes.writing import entry_of
from competition.config.rehearsal.theatre import Theatre
from submissions import services
from submissions.checklist import items_of
from submissions.models import FormalCheck
from submissions.workflow import EntryStatus

TIME_TO_MEND: Final = timedelta(days=2)
ASKED: Final = {"overview/scene": "请补充说明主要客户类型，并与代表性案例保持一致。"}
UNFIT: Final = "所附合同与案例不能说明项目已经开展实际应用，形式审查不通过。"


def check(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Accept a submitted entry, send it back once, or turn it down."""
    entry = entry_of(theatre, plan)
    if entry is None or entry.status != EntryStatus.SUBMITTED:
        return
    receipt = services.last_receipt(entry)
    if receipt is None:
        return
    officer = theatre.officer(plan)
    checklist = {item.key: "yes" for item in items_of(theatre.edition)}
    checked_before = FormalCheck.objects.filter(receipt__revision__entry=entry).exists()
    if plan.habits.formally_rejected:
        checklist |= {key: "no" for key in checklist if key == "in_use"}
        services.reject(receipt, officer=officer, checklist=checklist, note=UNFIT)
    elif plan.habits.formally_returned and not checked_before:
        services.return_for_correction(
            receipt,
            officer=officer,
            checklist=checklist,
            reasons=ASKED,
            until=clock.now(theatre.edition) + TIME_TO_MEND,
        )
    else:
        services.accept(receipt, officer=officer, checklist=checklist)
