"""What teams hear of a confirmed preliminary that did not list them: written by a task, not in the confirmation."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from competition import outbox
from competition.models import OutboxMessage
from judging.models import Result
from judging.workflow import Pool
from submissions.models import Entry
from submissions.workflow import EntryStatus

CHANNEL: Final = "judging.tidings"
KIND: Final = "result.unlisted"


def post(result: Result) -> None:
    """Leave a note in the confirmation's transaction that the others are to be told."""
    outbox.post(
        KIND,
        f"result:{result.pk}",
        "all",
        channel=CHANNEL,
        edition=result.edition,
        data={"result": result.pk},
    )


def send_job(message: OutboxMessage) -> None:
    """Deliver a job of the outbox."""
    tell_unlisted(Result.objects.select_related("edition").get(pk=message.data["result"]))


@transaction.atomic
def tell_unlisted(result: Result) -> int:
    """Tell every team whose entry was ranked and is on neither list, once; returns how many (R20, R21)."""
    tracks = result.content["lists"].values()
    ranked = {int(pk) for one in tracks for group in one["groups"] for pk in group}
    listed = {int(pk) for one in tracks for pool in Pool.values for pk in one[pool]}
    others = Entry.objects.filter(pk__in=ranked - listed, status=EntryStatus.ACCEPTED)
    told = 0
    for entry in others.select_related("team__owner").order_by("pk").iterator(chunk_size=500):
        told += outbox.tell(
            entry.team.owner,
            KIND,
            entry.reference,
            str(result.pk),
            title="初赛结果",
            body=f"团队“{entry.team.name}”的作品“{entry.team.project_name}”未进入决赛，也未列入优秀奖候选名单。"
            "入围名单和各赛道名额的计算过程在网站“获奖结果”中公布。感谢您的参与。",
            edition=result.edition,
        )
    return told
