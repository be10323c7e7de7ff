"""No hostile or broken file is run, shown or taken for what it is not; each gets its sentence, in bounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from competition.files import sniff
from competition.inspection import SENTENCES, inspected
from competition.models import User
from submissions.models import Attachment, Entry
from submissions.places import Place
from submissions.views.desk import section_url
from tests.submissions.hostile import cases

SLOTS = {"mp4": "attachments.video", "png": "attachments.case_proof", "jpg": "attachments.case_proof"}
MOST_MEGABYTES = 256
#: Five for the file, the rest for starting and ending the process.
MOST_SECONDS = 5.5
LOOKED_INTO = {"pdf", "png", "jpg", "mp4", "zip", "docx"}


def test_there_are_enough_of_them() -> None:
    titles = [title for title, *_ in cases()]

    assert len(titles) >= 60 and len(set(titles)) == len(titles)


@pytest.mark.rule("R83")
def test_each_is_refused_with_a_sentence_or_kept_inert_and_looking_stays_in_bounds(
    entry: Entry, as_user: Callable[[User], Client], lihua: User, tmp_path: Path
) -> None:
    client, wrong = as_user(lihua), dict[str, object]()

    for title, name, build, refused in cases():
        data = build()
        for one in (
            _bounds(name, data, tmp_path),
            _uploaded(client, entry, name, data, refused),
        ):
            if one:
                wrong[title] = one

    assert wrong == {}


def _bounds(name: str, data: bytes, folder: Path) -> object:
    """What is wrong with how the file was looked into; nothing when all is well."""
    file = folder / "look"
    file.write_bytes(data)
    kind = sniff(SimpleUploadedFile(name, data)) or PurePath(name).suffix[1:]
    found = inspected(file, kind if kind in LOOKED_INTO else "pdf")
    file.unlink()
    within = found.megabytes <= MOST_MEGABYTES and found.seconds <= MOST_SECONDS
    return None if within and found.problem in {"", *SENTENCES} else found


def _uploaded(client: Client, entry: Entry, name: str, data: bytes, refused: bool) -> object:
    """What is wrong with how the upload was answered; nothing when all is well."""
    slot = SLOTS.get(PurePath(name).suffix[1:], "attachments.manual")
    answer = client.post(
        section_url(entry, Place("attachments")), {f"file-{slot}": SimpleUploadedFile(name, data)}
    )
    here = Attachment.objects.filter(entry=entry, removed_at__isnull=True)
    taken = here.first()
    here.update(removed_at=timezone.now())
    if refused:
        said = "请" in (page := answer.content.decode()) and 'data-upload-problem role="alert">' in page
        return (
            None
            if answer.status_code in (409, 422) and said and taken is None
            else (answer.status_code, taken)
        )
    if answer.status_code != 302 or taken is None:
        return answer.status_code
    handed = client.get(f"/entry/file/{taken.key}/")
    inert = handed["X-Content-Type-Options"] == "nosniff" and "sandbox" in handed["Content-Security-Policy"]
    named = not {"/", "\\", "\n", "\r", "\x00"} & set(taken.name) and len(taken.name) <= 120
    known = handed["Content-Type"] in {"application/pdf", "application/zip", "image/png"}
    return None if inert and named and known else (taken.name, handed.headers)


def test_names_of_windows_archives_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(next(build() for title, _, build, _ in cases() if title.startswith("zip with Chinese")))

    assert inspected(file, "zip").facts["names"] == ["说明文档", "模型数据"]
