"""What the comparison stands on: ten thousand entries, and a few people who write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from competition import crypto, stages
from competition.models import Edition, Stage, Topic, User
from registration.models import Team
from registration.workflow import TeamStatus
from submissions.models import Entry, EntrySection

SECTIONS = ("overview", "effects", "business")
#: About as long as a part of a written form.
TEXT = "汇聚多源数据形成可复用的数据产品，服务生产经营与公共治理。" * 25


@dataclass(frozen=True)
class Writer:
    """One person: the section that is saved, the row of another one that is touched, the session's cookies."""

    path: str
    row: int
    cookies: str
    token: str


def lay(entries: int, writers: int) -> list[Writer]:
    """Fill the database; the first ``writers`` entries have an owner who is signed in."""
    call_command("load_edition", str(settings.BASE_DIR / "competition/editions/shanxi-2025"), verbosity=0)
    edition = Edition.objects.get(slug="shanxi-2025")
    now = timezone.now()
    Stage.objects.filter(edition=edition, key=stages.SUBMISSION).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
    )
    people = User.objects.bulk_create(
        User(username=f"bench{number}", full_name="测量", phone_hash=crypto.keyed_hash("bench", str(number)))
        for number in range(writers + 1)
    )
    topic = Topic.objects.filter(track__edition=edition).first()
    teams = Team.objects.bulk_create(
        (
            Team(
                edition=edition,
                owner=people[min(number, writers)],
                status=TeamStatus.APPROVED,
                name=f"测量{number}队",
                project_name=f"测量项目{number}",
                topic=topic,
                submitted_at=now,
            )
            for number in range(entries)
        ),
        batch_size=500,
    )
    made = Entry.objects.bulk_create((Entry(team=team, edition=edition) for team in teams), batch_size=1000)
    EntrySection.objects.bulk_create(
        (
            EntrySection(
                entry=entry, key=key, answers={"background": TEXT}, updated_by=people[min(number, writers)]
            )
            for number, entry in enumerate(made)
            for key in SECTIONS
        ),
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [_writer(person, made[number]) for number, person in enumerate(people[:writers])]


def _writer(person: User, entry: Entry) -> Writer:
    client = Client()
    client.force_login(person)
    session: SessionBase = client.session
    token = "a" * 32
    row = EntrySection.objects.get(entry=entry, key="business")
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return Writer(f"/entry/{entry.pk}/form/overview/", row.pk, cookies, token)
