"""Load an edition's folder: all of it or nothing, any number of times."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from competition import audit, clock
from competition.edition_schema import EditionData, EditionProblems, TrackData, read_edition
from competition.models import Article, Department, Edition, Organisation, Stage, Topic, Track


def load_edition(folder: Path, *, slug: str = "", rehearsal: bool = False) -> Edition:
    """Load the edition that ``folder`` declares, under another ``slug`` for a rehearsal.

    Raises EditionProblems with everything that does not add up, and then nothing has changed (R10, R37).
    """
    return store_edition(read_edition(folder), slug=slug, rehearsal=rehearsal)


@transaction.atomic
def store_edition(data: EditionData, *, slug: str = "", rehearsal: bool = False) -> Edition:
    """Store an edition that was read; unchanged data changes nothing.

    Changed data brings texts up to date and keeps what staff decided: stages that are no longer
    provisional, and topics' departments. Raises EditionProblems when a topic that a team chose is gone.
    """
    edition = Edition.objects.select_for_update().filter(slug=slug or data.slug).first()
    if edition is not None and edition.digest == data.digest:
        return edition
    if edition is None:
        edition = Edition(slug=slug or data.slug, is_rehearsal=rehearsal)
    _describe(edition, data)
    _load_organisations(edition, data)
    _load_stages(edition, data)
    departments = _load_departments(edition, data)
    for track in data.tracks:
        _load_track(edition, track, departments)
    _drop_withdrawn_topics(edition, data)
    _load_articles(edition, data)
    audit.record(None, "edition.loaded", edition, edition=edition, digest=data.digest)
    return edition


def _describe(edition: Edition, data: EditionData) -> None:
    edition.name = data.name
    edition.short_name = data.short_name
    edition.theme = data.theme
    edition.data = dict(data.settings)
    edition.form = dict(data.form_source)
    edition.rubrics = dict(data.rubrics_source)
    edition.digest = data.digest
    edition.save()


def _load_organisations(edition: Edition, data: EditionData) -> None:
    edition.organisations.all().delete()
    Organisation.objects.bulk_create(
        Organisation(
            edition=edition,
            role=one.role,
            position=one.position,
            name=one.name,
            short_name=one.short_name,
            aliases=list(one.aliases),
            credit_code=one.credit_code,
        )
        for one in data.organisations
    )


def _load_stages(edition: Edition, data: EditionData) -> None:
    settled = set(edition.stages.filter(provisional=False).values_list("key", flat=True))
    for stage in data.stages:
        if stage.key not in settled:
            Stage.objects.update_or_create(
                edition=edition,
                key=stage.key,
                defaults={
                    "name": stage.name,
                    "position": stage.position,
                    "opens_at": stage.opens_at,
                    "closes_at": stage.closes_at,
                    "provisional": stage.provisional,
                    "month_text": stage.month_text,
                },
            )


def _load_departments(edition: Edition, data: EditionData) -> dict[str, Department]:
    for name in data.departments:
        Department.objects.get_or_create(edition=edition, name=name)
    return {department.name: department for department in edition.departments.all()}


def _load_track(edition: Edition, data: TrackData, departments: dict[str, Department]) -> None:
    track, _ = Track.objects.update_or_create(
        edition=edition,
        number=data.number,
        defaults={
            "name": data.name,
            "short_name": data.short_name,
            "heading": data.heading,
            "summary": data.summary,
            "intro": data.intro,
        },
    )
    for topic in data.topics:
        texts = {
            "code": topic.code,
            "title": topic.title,
            "description": topic.description,
            "public_bodies": topic.public_bodies,
        }
        Topic.objects.update_or_create(
            track=track,
            number=topic.number,
            defaults=texts,
            create_defaults={**texts, "department": departments.get(topic.department)},
        )


def _drop_withdrawn_topics(edition: Edition, data: EditionData) -> None:
    codes = [topic.code for track in data.tracks for topic in track.topics]
    gone = Topic.objects.filter(track__edition=edition).exclude(code__in=codes)
    if chosen := list(gone.filter(teams__isnull=False).distinct()):
        raise EditionProblems([f"tracks.yaml：赛题{topic.code}已有团队选报，不能删除。" for topic in chosen])
    gone.delete()
    edition.tracks.exclude(number__in=[track.number for track in data.tracks]).delete()


def _load_articles(edition: Edition, data: EditionData) -> None:
    for article in data.articles:
        Article.objects.update_or_create(
            edition=edition,
            source=article.source,
            defaults={
                "category": article.category,
                "title": article.title,
                "body": article.body,
                "position": article.position,
            },
            create_defaults={
                "category": article.category,
                "title": article.title,
                "body": article.body,
                "position": article.position,
                "published_at": clock.now(edition),
            },
        )
    kept = [article.source for article in data.articles]
    edition.articles.exclude(source="").exclude(source__in=kept).delete()
