"""What is made of a file once and kept beside it, on local disk and in an S3-compatible store."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

from competition import derived
from competition.derived import Source
from competition.stripping import NotStripped
from submissions.models import Attachment
from tests.competition.test_handing import storage, store_address
from tests.competition.test_stripping import SECRET, jpeg, pdf, plain

__all__ = ["storage", "store_address"]


def source(storage: Storage, body: bytes, content_type: str) -> Source:
    folder = f"entries/{uuid.uuid4().hex}"
    name = storage.save(f"{folder}/file", ContentFile(body))
    field: Any = Attachment._meta.get_field("file")
    held = FieldFile(Attachment(), field, name)
    held.storage = storage
    return Source(held, folder, "0" * 64, content_type)


def kept(source: Source) -> set[str]:
    """Names in the folder of what is made of the file."""
    folders, files = source.file.storage.listdir(source.folder)
    return {
        *files,
        *(
            f"{one}/{name}"
            for one in folders
            for name in source.file.storage.listdir(f"{source.folder}/{one}")[1]
        ),
    }


def test_pages_are_drawn_once_and_kept(storage: Storage) -> None:
    file = source(storage, pdf(), derived.PDF)

    first, again = derived.page(file, 1), derived.page(file, 1)

    assert first is not None and again is not None
    with first.open("rb") as one, again.open("rb") as two:
        assert one.read() == two.read() != b""
    assert derived.page_count(file) == 1
    assert derived.page(file, 2) is None
    assert kept(file) == {"file", f"pages-{'0' * 64}/1.png", f"pages-{'0' * 64}/count"}


def test_copies_are_made_once_and_kept(storage: Storage) -> None:
    document, photo = source(storage, pdf(), derived.PDF), source(storage, jpeg(), "image/jpeg")

    copies = [derived.plain(document), derived.plain(document), derived.plain(photo), derived.small(photo)]

    for copy in copies:
        with copy.open("rb") as opened:
            assert SECRET.encode() not in plain(
                "pdf" if opened.name.endswith("pdf") else "jpg", opened.read()
            )
    assert kept(document) == {"file", f"plain-{'0' * 64}.pdf"}
    assert kept(photo) == {"file", f"plain-{'0' * 64}.jpg", f"small-{'0' * 64}.jpg"}


@pytest.mark.parametrize("content_type", ["text/html", "", "image/svg+xml"])
def test_files_of_no_known_kind_have_no_copy(storage: Storage, content_type: str) -> None:
    with pytest.raises(NotStripped):
        derived.plain(source(storage, b"<html>", content_type))
