"""Draws of lots: list and commitment are published first, numbers are called out, then everything (R28, R19)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction

from competition import audit, clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, User
from judging import draws as rules
from judging.models import Draw
from judging.permissions.results import can_draw, can_witness

CALLER_MOST = 60


@transaction.atomic
def publish(
    edition: Edition,
    *,
    kind: str,
    items: Sequence[str],
    labels: Sequence[str],
    actor: User,
    secret: str = "",
) -> Draw:
    """Publish the list that is drawn from and the hash of a fresh secret, before any number is called (R28).

    A list that was never drawn may be followed by another; a draw that was held stays (decision 14). ``labels``
    say for people what the items are. Raises NotAllowed, WrongState (held already), Invalid (a bad list).
    """
    if not can_draw(actor, kind):
        raise NotAllowed("只有秘书处工作人员（决赛还有主持人）可以公布抽签名单。")
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)
    if Draw.objects.filter(edition=edition, kind=kind, held_at__isnull=False).exists():
        raise WrongState("这项抽签已经进行，结果不能重来。")
    if len(labels) != len(items):
        raise ValueError("each item needs its label")
    if secret and not edition.is_rehearsal:
        raise ValueError("only a rehearsal brings its own secret, so that it can be repeated")
    secret = secret or secrets.token_hex(32)
    try:
        list_hash = rules.list_hash_of(items)
    except rules.DrawRefused as refused:
        raise Invalid({"items": str(refused)}) from refused
    draw = Draw.objects.create(
        edition=edition,
        kind=kind,
        items=list(items),
        labels=list(labels),
        list_hash=list_hash,
        commitment=rules.commitment_of(secret),
        secret=secret,
        listed_by=actor,
        listed_at=clock.now(edition),
    )
    audit.record(actor, "draw.published", draw, edition=edition, kind=kind, list_hash=list_hash)
    return draw


@transaction.atomic
def hold(draw: Draw, *, called: Sequence[tuple[str, int]], actor: User, witness: User) -> Draw:
    """Hold a draw with the numbers called out by at least two, in the order called; once and for all (R28).

    Raises NotAllowed (who holds it, or who witnesses), WrongState (held, or a newer list), Invalid (the numbers).
    """
    draw = Draw.objects.select_for_update(of=("self",)).select_related("edition").get(pk=draw.pk)
    if not can_draw(actor, draw.kind):
        raise NotAllowed("只有秘书处工作人员（决赛还有主持人）可以抽签。")
    if not can_witness(witness, actor):
        raise NotAllowed("抽签须由另一人见证：现场监督或秘书处负责人。")
    if draw.held_at is not None:
        raise WrongState("这项抽签已经进行，结果不能重来。")
    if Draw.objects.filter(edition=draw.edition, kind=draw.kind, pk__gt=draw.pk).exists():
        raise WrongState("名单已经重新公布，请按最新公布的名单抽签。")
    if any(len(caller.strip()) > CALLER_MOST for caller, _ in called):
        raise Invalid({"called": f"报数人的名称最多{CALLER_MOST}字。"})
    try:
        held = rules.hold(
            draw.items,
            commitment=draw.commitment,
            secret=draw.secret,
            called=[rules.Called(caller.strip(), number) for caller, number in called],
        )
    except rules.DrawRefused as refused:
        raise Invalid({"called": str(refused)}) from refused
    now = clock.now(draw.edition)
    Draw.objects.filter(pk=draw.pk).update(
        record=held.as_data(), held_by=actor, witnessed_by=witness, held_at=now
    )
    draw.refresh_from_db()
    audit.record(
        actor, "draw.held", draw, edition=draw.edition, kind=draw.kind, seed=held.seed, witness=witness.pk
    )
    return draw
