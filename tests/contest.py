"""Entries that passed the formal check and people of the staff, made in a few rows each: the ground of judging."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from competition import clock, crypto
from competition.identity import name_key
from competition.models import Edition, Topic, User
from competition.phones import phone_hash
from judging.models import Expert, ExpertUnit
from registration.models import Representative, Team, Unit
from registration.services.phones import document_hash
from submissions import services
from submissions.form import schema_of
from submissions.models import SCAN, Attachment, Entry, EntrySection, Receipt, Revision
from submissions.registries import entry_accepted
from submissions.sealing import content_hash, receipt_hash
from submissions.services.progress import completeness
from submissions.services.revisions import content_of
from tests.factories import credit_code, resident_id
from tests.fixtures import make_user
from tests.submissions.answers import complete

_numbers = count(1)


def accepted_entry(
    edition: Edition,
    owner: User,
    *,
    topic: str = "1-1",
    unit: str = "",
    also: User | None = None,
    blind_pdf: bytes = b"",
    answers: dict[str, dict[str, Any]] | None = None,
    team_name: str = "",
    blind_name: str = "匿名评审材料.pdf",
) -> Entry:
    """An entry of ``owner`` whose sealed version passed the formal check; what follows acceptance has followed.

    ``answers`` replaces answers of sections ({section: {field: value}}); ``blind_pdf`` is the file in the slot
    匿名评审材料, ``blind_name`` its name; ``also`` is a confirmed representative besides the owner.
    """
    number = next(_numbers)
    team = Team.objects.create(
        edition=edition,
        owner=owner,
        name=team_name or f"数智先锋{number}队",
        project_name=f"煤矿安全数据融合平台{number}",
        topic=Topic.objects.get(track__edition=edition, code=topic),
        submitted_at=timezone.now(),
    )
    _unit(team, number, unit)
    _people(team, [owner, *([also] if also else [])], number)
    Team.objects.filter(pk=team.pk).update(status="approved")
    entry = services.open_entry(Team.objects.get(pk=team.pk))
    for section in schema_of(edition).sections:
        for unit_id in team.units.values_list("pk", flat=True) if section.repeat == "unit" else [None]:
            given = {**complete(section), **(answers or {}).get(section.key, {})}
            EntrySection.objects.create(
                entry=entry, key=section.key, unit_id=unit_id, answers=given, updated_by=owner
            )
    if blind_pdf:
        _file(entry, "attachments.anonymous", blind_name, blind_pdf)
    _seal(entry, owner)
    Entry.objects.filter(pk=entry.pk).update(status="accepted", submitted_at=clock.now(edition))
    entry = Entry.objects.get(pk=entry.pk)
    for _, follow in entry_accepted:
        follow(entry)
    return entry


def _unit(team: Team, number: int, name: str) -> None:
    name = name or f"山西示例{number}科技有限公司"
    code = credit_code(5000 + number)
    Unit.objects.create(
        team=team, position=1, is_lead=True, name=name, name_key=name_key(name), credit_code=code,
        credit_key=code, region="140105", address="学府街1号", nature="private", central_subsidiary=False,
        contact="王经理", contact_title="经理", contact_way="0351-1234567",
    )  # fmt: skip


def _people(team: Team, people: Iterable[User], number: int) -> None:
    for position, user in enumerate(people, start=1):
        document = resident_id(number * 5 + position)
        Representative.objects.create(
            team=team, edition=team.edition, position=position, name=user.full_name or f"代表{position}",
            document_type="resident_id", document_number=document,
            document_hash=document_hash("resident_id", document), unit=team.units.get(),
            title="工程师", mobile=user.phone or "+8613900000000",
            mobile_hash=user.phone_hash or phone_hash(f"1390000{number:04d}"), role="技术负责人",
            is_contact=position == 1, confirmed_at=timezone.now(), consent_version="2025-1", holds=True,
        )  # fmt: skip


def _file(entry: Entry, slot: str, name: str, data: bytes, revision: Revision | None = None) -> Attachment:
    return Attachment.objects.create(
        entry=entry, revision=revision, slot=slot, file=ContentFile(data, name=name), name=name,
        size=len(data), sha256=crypto.keyed_hash("test", name), content_type="application/pdf",
        uploaded_by=entry.team.owner,
    )  # fmt: skip


def _seal(entry: Entry, owner: User) -> None:
    content = content_of(entry, completeness(entry, proofs=True))
    now = clock.now(entry.edition)
    revision = Revision.objects.create(
        entry=entry, number=1, content=content, form_digest=schema_of(entry.edition).digest,
        sha256=content_hash(content), frozen_by=owner, frozen_at=now,
    )  # fmt: skip
    scan = _file(entry, SCAN, "盖章扫描件.pdf", b"%PDF-1.4 scan", revision)
    Receipt.objects.create(
        revision=revision, number=f"TEST-{entry.pk}", scan=scan, scan_sha256=scan.sha256,
        sha256=receipt_hash(revision.sha256, scan.sha256), arrived_at=now, submitted_at=now, submitted_by=owner,
    )  # fmt: skip


def expert(
    edition: Edition, user: User, *, tracks: Iterable[int] = (1,), unit: str = "太原某研究院"
) -> Expert:
    """``user`` (with the role expert) on the roll of the edition, for tracks by number, of a unit."""
    one = Expert.objects.create(edition=edition, user=user, title="教授")
    one.tracks.set(edition.tracks.filter(number__in=list(tracks)))
    ExpertUnit.objects.create(expert=one, name=unit, name_key=name_key(unit))
    return one


def people(role: str, names: Iterable[str]) -> list[User]:
    """Accounts with a role, one for each name."""
    return [make_user(f"{role}-{number}", name, role=role) for number, name in enumerate(names, start=1)]
