"""Public pages of the edition and the secretariat's pages about it."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from competition import audit, outbox, roles
from competition.models import Article, AuditEvent, OutboxMessage, Stage, Topic
from tests.permissions.table import Row, admin_rows, everybody, only

OFFICE = {"officer", "chief"}


def prepare(world: Any) -> None:
    world.article = Article.objects.create(
        edition=world.edition,
        category=Article.Category.NEWS,
        title="报名指引",
        published_at=timezone.now(),
        file=ContentFile(b"text", name="guide.txt"),
    )
    outbox.post("test.kind", "thing:1", "1", channel="mail")
    audit.record(world.lihua, "test.did", world.article)


ROWS = [
    Row("home", everybody()),
    Row("home", everybody(), args=lambda w: {"edition_slug": w.edition.slug}),
    Row("home", everybody(404), args=lambda w: {"edition_slug": "unknown"}),
    Row("competition:tracks", everybody()),
    Row(
        "competition:tracks",
        everybody(),
        args=lambda w: {"edition_slug": w.edition.slug},
    ),
    Row("competition:track", everybody(), args=lambda w: {"number": 1}),
    Row("competition:track", everybody(404), args=lambda w: {"number": 10}),
    Row("competition:articles", everybody(), args=lambda w: {"category": "news"}),
    Row("competition:article", everybody(), args=lambda w: {"pk": w.article.pk}),
    Row("competition:article_file", everybody(), args=lambda w: {"pk": w.article.pk}),
    Row("competition:notice", everybody()),
    Row("competition:downloads", everybody()),
    Row("competition:faq", everybody()),
    Row("competition:organisation", everybody()),
    Row("competition:privacy", everybody()),
    Row("competition:desk", only(*roles.LABELS, others=302)),
    Row("competition:schedule", everybody()),
    Row("competition:time_now", everybody()),
    Row("competition:regions", everybody()),
    Row("competition:audit_head", everybody()),
    Row("competition:challenge", everybody()),
    *admin_rows(
        "competition_stage",
        view=OFFICE,
        pk=lambda w: Stage.objects.filter(edition=w.edition).values_list("pk", flat=True)[0],
    ),
    *admin_rows(
        "competition_topic",
        view=OFFICE,
        pk=lambda w: Topic.objects.filter(track__edition=w.edition).values_list("pk", flat=True)[0],
    ),
    *admin_rows("competition_article", view=OFFICE, add=OFFICE, pk=lambda w: w.article.pk),
    *admin_rows(
        "competition_outboxmessage",
        view=OFFICE,
        pk=lambda w: OutboxMessage.objects.values_list("pk", flat=True)[0],
    ),
    *admin_rows(
        "competition_auditevent",
        view={"chief"},
        pk=lambda w: AuditEvent.objects.values_list("pk", flat=True)[0],
    ),
]
