"""Loading an edition's folder: idempotent, all or nothing, and it keeps what staff decided."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from competition.edition_schema import EditionProblems
from competition.models import Article, AuditEvent, Department, Edition, Organisation, Stage, Topic, Track
from competition.services.editions import load_edition
from registration.models import Team
from tests.fixtures import EDITION_FOLDER, make_user

pytestmark = pytest.mark.django_db
COUNTED = (Track, Topic, Stage, Organisation, Department, Article, AuditEvent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EDITION_FOLDER, tmp_path / "edition"))


def _replace(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def _counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


@pytest.mark.rule("R10", "R98")
def test_load_edition_brings_nine_tracks_and_48_topics_and_the_open_one(folder: Path) -> None:
    edition = load_edition(folder)

    topics = [track.topics.exclude(code="9-0").count() for track in edition.tracks.order_by("number")]
    assert topics == [7, 5, 8, 8, 5, 4, 3, 8, 0]
    assert Topic.objects.get(track__edition=edition, code="9-0").public_bodies
    assert edition.stages.filter(provisional=True).count() == 7


def test_load_edition_twice_changes_nothing(folder: Path) -> None:
    load_edition(folder)
    before = _counts()

    load_edition(folder)

    assert _counts() == before


def test_load_edition_keeps_what_staff_decided(folder: Path) -> None:
    edition = load_edition(folder)
    stage = edition.stages.get(key="registration")
    Stage.objects.filter(pk=stage.pk).update(provisional=False, closes_at=stage.closes_at.replace(hour=2))
    other = edition.departments.order_by("-id")[0]
    Topic.objects.filter(track__edition=edition, code="1-1").update(department=other)
    _replace(folder, "tracks.yaml", "打造能源数据应用体系", "打造能源数据应用新体系")

    load_edition(folder)

    topic = Topic.objects.get(track__edition=edition, code="1-1")
    assert (topic.title, topic.department) == ("打造能源数据应用新体系", other)
    assert edition.stages.get(key="registration").closes_at.hour == 2


def test_broken_folder_is_refused_with_everything_that_is_wrong_and_changes_nothing(folder: Path) -> None:
    load_edition(folder)
    before = _counts()
    _replace(folder, "edition.yaml", "amount_fen: 5000000", "amount_fen: 5000001")
    _replace(folder, "tracks.yaml", "title: 打造能源数据应用体系", "title: ''")

    with pytest.raises(CommandError) as refused:
        call_command("load_edition", str(folder), stdout=StringIO())

    sentence = str(refused.value)
    assert "edition.yaml" in sentence and "tracks.yaml" in sentence
    assert sentence.startswith("未载入，共")
    assert _counts() == before
    assert Topic.objects.get(code="1-1").title == "打造能源数据应用体系"


def test_folder_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="不是一个文件夹"):
        call_command("load_edition", str(tmp_path / "nothing"), stdout=StringIO())


def test_topic_that_a_team_chose_cannot_be_withdrawn(folder: Path) -> None:
    edition = load_edition(folder)
    track = edition.tracks.get(number=1)
    extra = Topic.objects.create(track=track, number=90, code="1-90", title="多余", description="多余")
    Team.objects.create(edition=edition, owner=make_user("lihua", "李华"), topic=extra)
    Edition.objects.update(digest="another")

    with pytest.raises(EditionProblems, match="1-90"):
        load_edition(folder)


def test_rehearsal_is_loaded_under_its_own_slug(folder: Path) -> None:
    real = load_edition(folder)

    rehearsal = load_edition(folder, slug="rehearsal-7", rehearsal=True)

    assert (real.is_rehearsal, rehearsal.is_rehearsal) == (False, True)
    assert rehearsal.tracks.count() == real.tracks.count() == 9
