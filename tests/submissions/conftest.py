"""Teams that passed the eligibility review, and their entries in several states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competition import crypto
from competition.models import Edition, Topic, User
from competition.phones import phone_hash
from registration.models import Representative, Team, Unit
from submissions import services
from submissions.checklist import items_of
from submissions.form import schema_of
from submissions.models import Entry, Receipt, Revision
from tests.sound import pdf_bytes
from tests.submissions.answers import complete

PDF = pdf_bytes()
_numbers = count(1)


def pdf(name: str = "材料.pdf", mark: str = "") -> SimpleUploadedFile:
    """A small PDF; ``mark`` makes it another file."""
    return SimpleUploadedFile(name, PDF + mark.encode(), content_type="application/pdf")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }


def make_team(
    edition: Edition, owner: User, *, units: int = 2, topic: Topic | None = None, also: User | None = None
) -> Team:
    """An approved team with its units and a confirmed contact; ``also`` is on it, too."""
    number = next(_numbers)
    topic = topic or Topic.objects.filter(track__edition=edition).order_by("track__number", "number").first()
    team = Team.objects.create(
        edition=edition,
        owner=owner,
        name=f"晋数先锋{number}队",
        project_name=f"煤矿安全数据融合平台{number}",
        topic=topic,
        submitted_at=timezone.now(),
    )
    made = [_unit(team, position) for position in range(1, units + 1)]
    _person(team, made[0], 1, f"1390000{number:04d}")
    if also is not None:
        _person(team, made[0], 2, also.phone)
    Team.objects.filter(pk=team.pk).update(status="approved")
    team.refresh_from_db()
    return team


def _person(team: Team, unit: Unit, position: int, phone: str) -> Representative:
    number = f"1101011990{team.pk:05d}{position}14"
    return Representative.objects.create(
        team=team,
        edition=team.edition,
        position=position,
        name="李华",
        document_type="resident_id",
        document_number=number,
        document_hash=crypto.keyed_hash("document", number),
        unit=unit,
        title="工程师",
        mobile=phone,
        mobile_hash=phone_hash(phone),
        role="技术负责人",
        is_contact=position == 1,
        confirmed_at=timezone.now(),
        consent_version="2025-1",
        holds=True,
    )


def _unit(team: Team, position: int) -> Unit:
    return Unit.objects.create(
        team=team,
        position=position,
        is_lead=position == 1,
        name=f"山西示例{'甲乙丙丁戊'[position - 1]}科技有限公司",
        credit_code=f"91140100MA0H{team.pk:05d}{position}"[:18],
        region="140105",
        address="学府街1号",
        nature="private",
        central_subsidiary=False,
        contact="王经理",
        contact_title="经理",
        contact_way="0351-1234567",
    )


def fill(entry: Entry, actor: User) -> None:
    """Save complete answers in every section and a file in every slot that needs one."""
    facts = services.facts_of(entry)
    for section in schema_of(entry.edition).sections:
        for unit_id in facts.unit_ids if section.repeat == "unit" else [None]:
            services.save_section(
                entry, key=section.key, unit_id=unit_id, answers=complete(section), version=0, actor=actor
            )


@pytest.fixture
def entry(approved_team: Team, open_stage: Callable[..., Any]) -> Entry:
    """Lihua's entry, opened by the approval; Wangfang is on the team; the submission stage is open."""
    open_stage("submission")
    return Entry.objects.select_related("team__topic__track", "edition").get(team=approved_team)


@pytest.fixture
def filled(entry: Entry, lihua: User) -> Entry:
    """Lihua's entry with nothing missing."""
    fill(entry, lihua)
    entry.refresh_from_db()
    return entry


@pytest.fixture
def frozen(filled: Entry, lihua: User) -> Revision:
    """Version 1 of Lihua's entry."""
    return services.freeze(filled, actor=lihua)


@pytest.fixture
def submitted(frozen: Revision, lihua: User) -> Receipt:
    """Version 1 of Lihua's entry, submitted with its scan."""
    scan = services.attach_scan(frozen, upload=pdf("盖章扫描件.pdf", "scan"), actor=lihua)
    return services.submit(frozen, scan=scan, actor=lihua)


@pytest.fixture
def soon() -> Callable[[float], Any]:
    """``soon(3600)``: that many seconds from now."""
    return lambda seconds: timezone.now() + timedelta(seconds=seconds)


@pytest.fixture
def other_entry(edition: Edition, zhaolei: User) -> Entry:
    """Zhaolei's entry: foreign to Lihua."""
    return services.open_entry(make_team(edition, zhaolei))


def settled(edition: Edition, value: str = "yes") -> dict[str, str]:
    """A checklist with every item judged."""
    return {item.key: value for item in items_of(edition)}


@pytest.fixture
def accepted(submitted: Receipt, qianjin: User) -> Entry:
    """Lihua's entry after it passed the formal check."""
    services.accept(submitted, officer=qianjin, checklist=settled(submitted.revision.entry.edition))
    return Entry.objects.get(pk=submitted.revision.entry_id)
