"""Named people and the edition they take part in.

Lihua owns the team, Wangfang is on it, Zhaolei is a stranger, officer Qianjin runs the office,
chief Sunli is the second pair of eyes, expert Sunmei scores.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from competition import clock, roles
from competition.accounts.session_store import SEEN_AT
from competition.edition_schema import EditionData, read_edition
from competition.models import Edition, Stage, User
from competition.services.editions import store_edition
from registration.models import Team
from tests import factories

BASE_DIR = Path(__file__).resolve().parent.parent
EDITION_FOLDER = BASE_DIR / "competition" / "editions" / "shanxi-2025"
PASSWORD = "a-long-test-password-7"


@pytest.fixture(autouse=True, scope="session")
def _flush_may_truncate(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Immutable tables refuse TRUNCATE; only the tests' own clean-up may pass their triggers."""
    # On the class: where a browser's event loop runs in the thread, connections are objects of their own.
    operations = type(connection.ops)
    original = operations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        original(
            self, ["SET session_replication_role = replica;", *sql_list, "RESET session_replication_role;"]
        )
        Group.objects.bulk_create(Group(name=role) for role in roles.LABELS)  # as the migration made them

    operations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    operations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _no_test_lasts_for_ever() -> Iterator[None]:
    """A browser or a server that hangs fails its test after five minutes instead of hanging the run."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TimeoutError("the test took longer than five minutes")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, 300, 60)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def edition_data() -> EditionData:
    """The real edition's folder, read once."""
    return read_edition(EDITION_FOLDER)


@pytest.fixture
def edition(db: None, settings: Any, edition_data: EditionData) -> Edition:
    """The real edition with every stage in the future, as current edition."""
    edition = store_edition(edition_data)
    edition.refresh_from_db()  # its own copy: a test that changes it must not change the next one's
    settings.CURRENT_EDITION = edition.slug
    start = timezone.now() + timedelta(days=30)
    for stage in edition.stages.all():
        Stage.objects.filter(pk=stage.pk).update(
            opens_at=start + timedelta(days=10 * stage.position),
            closes_at=start + timedelta(days=10 * stage.position + 9),
        )
    return edition


@pytest.fixture
def open_stage(edition: Edition) -> Callable[..., Stage]:
    """``open_stage("registration")``: it opened yesterday and closes in ``days`` (default 5)."""

    def opener(key: str, *, days: float = 5) -> Stage:
        stage = edition.stages.get(key=key)
        stage.opens_at = clock.now(edition) - timedelta(days=1)
        stage.closes_at = clock.now(edition) + timedelta(days=days)
        stage.save()
        return stage

    return opener


@pytest.fixture
def close_stage(edition: Edition) -> Callable[[str], Stage]:
    """``close_stage("registration")``: it closed ten minutes ago."""

    def closer(key: str) -> Stage:
        stage = edition.stages.get(key=key)
        stage.opens_at = clock.now(edition) - timedelta(days=30)
        stage.closes_at = clock.now(edition) - timedelta(minutes=10)
        stage.save()
        return stage

    return closer


def make_user(name: str, full_name: str, *, phone: str = "", role: str = "") -> User:
    """A user who signs in by e-mail and password; roles of staff get the admin flag."""
    user = User(email=f"{name}@example.com", full_name=full_name)
    user.set_password(PASSWORD)
    if phone:
        user.set_phone(phone, verified=True)
    user.is_staff = role in roles.ADMIN_SITE
    user.save()
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def lihua(db: None) -> User:
    return make_user("lihua", "李华", phone="+8613800138001")


@pytest.fixture
def wangfang(db: None) -> User:
    return make_user("wangfang", "王芳", phone="+8613800138002")


@pytest.fixture
def zhaolei(db: None) -> User:
    return make_user("zhaolei", "赵磊", phone="+8613800138003")


@pytest.fixture
def qianjin(db: None) -> User:
    return make_user("qianjin", "钱进", role=roles.OFFICER)


@pytest.fixture
def sunli(db: None) -> User:
    return make_user("sunli", "孙立", role=roles.CHIEF)


@pytest.fixture
def sunmei(db: None) -> User:
    """An expert's account; ``tests.contest.expert`` puts her on an edition's roll."""
    return make_user("sunmei", "孙梅", role=roles.EXPERT)


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """``staff("department", "周康")``: an account with a role of the staff."""

    def maker(role: str, full_name: str = "") -> User:
        number = User.objects.count()
        return make_user(f"{role}{number}", full_name or f"{roles.LABELS[role]}{number}", role=role)

    return maker


@pytest.fixture
def as_user() -> Callable[[User | None], Client]:
    """``as_user(lihua)``: a client signed in as that person; staff with their second factor done."""

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="competition.accounts.backends.Passwords")
            now = time.time()
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": now, "email": user.email},
                {"method": "mfa", "at": now, "type": "totp"},
            ]
            # Seen a little ahead: a slow machine must not write the session while somebody counts queries.
            session[SEEN_AT] = now + 600
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return sign_in


@pytest.fixture
def draft_team(edition: Edition, open_stage: Callable[..., Stage], lihua: User) -> Team:
    """Lihua's team, complete but not submitted; Wangfang is its second representative."""
    open_stage("registration")
    people = {1: {"name": "李华", "mobile": "13800138001"}, 2: {"name": "王芳", "mobile": "13800138002"}}
    return factories.complete_team(lihua, edition, people=people)


@pytest.fixture
def submitted_team(draft_team: Team) -> Team:
    return factories.submit(draft_team)


@pytest.fixture
def approved_team(submitted_team: Team, qianjin: User) -> Team:
    return factories.approve(submitted_team, qianjin)
