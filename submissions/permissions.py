"""Who may do what with an entry, and the loaders through which every view gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from competition import roles
from registration.models import Team
from submissions.models import Attachment, Entry, KeptText, Receipt, Revision, SupplementRequest, Upload
from submissions.workflow import EntryStatus, VirusScan

if TYPE_CHECKING:
    from uuid import UUID

    from competition.models import User
    from submissions.querysets import EntryQuerySet

_TEAM = ("team", "team__topic", "team__topic__track", "edition")
#: Kept by schema_of after the first look; not read again with every entry.
_LARGE = ("edition__form", "edition__rubrics")


def is_of_team(user: User, entry: Entry) -> bool:
    """Whether the person is of the entry's team: its owner or a confirmed representative."""
    return user.pk in entry.of_team or Team.objects.belonging_to(user).filter(pk=entry.team_id).exists()


def can_edit_entry(user: User, entry: Entry) -> bool:
    """Whoever is of the team may write while the entry's state admits it; deadlines are the services'."""
    return entry.is_editable and is_of_team(user, entry)


def can_submit_entry(user: User, entry: Entry) -> bool:
    """Whoever may write may also freeze a version, attach its scan and submit it."""
    return can_edit_entry(user, entry)


def can_withdraw_entry(user: User, entry: Entry) -> bool:
    """Only the owner says 'we will not take part', and only before the formal check is over."""
    return entry.team.owner_id == user.pk and entry.status not in {
        EntryStatus.WITHDRAWN,
        EntryStatus.REJECTED,
    }


def can_check_entry(user: User, entry: Entry | None = None) -> bool:
    """Officers and chiefs do the formal check, never of an entry of their own team."""
    if not user.is_authenticated or not user.has_role(roles.OFFICER, roles.CHIEF):
        return False
    return entry is None or not is_of_team(user, entry)


def get_entry_for(user: User, pk: int, *, lock: bool = False) -> Entry:
    """An entry that the person may know of, with team, topic, track and edition; else 404.

    With ``lock`` its row is locked until the transaction ends, as ``services.entries.lock`` does, and comes
    with its edition alone: people save every few seconds.
    """
    entries = Entry.objects.visible_to(user).defer(*_LARGE).filter(pk=pk)
    if lock:
        return _one(entries.select_related("edition").select_for_update(of=("self",), no_key=True))
    return _one(entries.select_related(*_TEAM))


def get_own_entry_for(user: User, pk: int, *, lock: bool = False) -> Entry:
    """An entry of the person's own team: 404 for strangers, 403 for staff, who use the admin site."""
    entry = get_entry_for(user, pk, lock=lock)
    # For everybody else what is visible is the own.
    if user.has_role(roles.OFFICER, roles.CHIEF) and not is_of_team(user, entry):
        raise PermissionDenied("这是参赛团队使用的页面；工作人员请在管理后台办理。")
    entry.of_team = frozenset({user.pk})
    return entry


def get_attachment_for(user: User, key: UUID) -> Attachment:
    """A file (also a removed one, which a sealed version may still name) of a visible entry; else 404.

    Also 404 for one with a virus: nobody is handed it.
    """
    attachment = (
        Attachment.objects.filter(key=key, entry__in=Entry.objects.visible_to(user))
        .exclude(file="")
        .exclude(virus_scan=VirusScan.INFECTED)
        .select_related("entry", "revision")
        .first()
    )
    if attachment is None:
        raise Http404("attachment")
    return attachment


def get_removable_attachment(entry: Entry, key: UUID) -> Attachment:
    """A file of an entry whose writer was asked about already, to be taken out: with a virus above all."""
    found = Attachment.objects.filter(key=key, entry=entry).exclude(file="").select_related("entry").first()
    if found is None:
        raise Http404("attachment")
    return found


def get_named_attachment(entry_id: int, key: UUID) -> Attachment:
    """A file of an entry whose reader was asked about already; 404 when it is not there or has a virus."""
    found = Attachment.objects.filter(key=key, entry=entry_id).exclude(virus_scan=VirusScan.INFECTED).first()
    if found is None or not found.file.storage.exists(found.file.name or ""):
        raise Http404("attachment")
    return found


def get_upload_for(user: User, key: UUID) -> Upload:
    """An upload of an entry of the person's own team, with entry and edition; else 404."""
    found = (
        Upload.objects.filter(key=key, entry__team__in=Team.objects.belonging_to(user))
        .select_related("entry__edition", "entry__team__owner")
        .defer("entry__edition__form", "entry__edition__rubrics")
        .first()
    )
    if found is None:
        raise Http404("upload")
    return found


def get_kept_text_for(user: User, pk: int) -> KeptText:
    """A kept text of an entry of the person's own team, with entry and edition; else 404."""
    found = (
        KeptText.objects.filter(pk=pk, entry__team__in=Team.objects.belonging_to(user))
        .select_related("entry__edition", "entry__team__owner")
        .defer("entry__edition__form", "entry__edition__rubrics")
        .first()
    )
    if found is None:
        raise Http404("kept text")
    return found


def get_revision_for(user: User, pk: int, number: int) -> Revision:
    """Version ``number`` of a visible entry; else 404."""
    revision = (
        Revision.objects.filter(number=number, entry__pk=pk, entry__in=Entry.objects.visible_to(user))
        .select_related("entry", *(f"entry__{name}" for name in _TEAM), "pdf")
        .first()
    )
    if revision is None:
        raise Http404("revision")
    return revision


def get_supplement_for(user: User, pk: int, number: int) -> SupplementRequest:
    """A request for more material of a visible entry; else 404."""
    found = (
        SupplementRequest.objects.filter(pk=number, entry__pk=pk, entry__in=Entry.objects.visible_to(user))
        .select_related("entry", *(f"entry__{name}" for name in _TEAM))
        .first()
    )
    if found is None:
        raise Http404("supplement")
    return found


def get_receipt_for(user: User, number: str) -> Receipt:
    """A receipt of a visible entry by its number; else 404."""
    receipt = (
        Receipt.objects.filter(number=number, revision__entry__in=Entry.objects.visible_to(user))
        .select_related(
            "scan",
            "submitted_by",
            "revision",
            "revision__entry",
            *(f"revision__entry__{name}" for name in _TEAM),
        )
        .first()
    )
    if receipt is None:
        raise Http404("receipt")
    return receipt


def _one(entries: EntryQuerySet) -> Entry:
    entry: Entry | None = entries.first()
    if entry is None:
        raise Http404("entry")
    return entry
