"""Run by ``manage.py shell`` against a portal of its own: Lihua with an entry, signed in. Prints session and address."""

from __future__ import annotations

import time
from datetime import timedelta

from django.test import Client

from competition import clock, stages
from competition.middleware import current_edition
from competition.models import Stage
from submissions import services
from tests.fixtures import make_user
from tests.submissions.conftest import make_team


def prepare() -> str:
    """The session's key and the address of the section, separated by a space."""
    edition = current_edition()
    now = clock.now(edition)
    Stage.objects.filter(edition=edition, key=stages.SUBMISSION).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    lihua = make_user("lihua", "李华", phone="+8613800138001")
    entry = services.open_entry(make_team(edition, lihua))
    client = Client()
    client.force_login(lihua, backend="competition.accounts.backends.Passwords")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": lihua.email}
    ]
    session.save()
    return f"{session.session_key} /entry/{entry.pk}/form/overview/"
