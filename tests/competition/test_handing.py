"""Private files: whole and in parts, by the portal, by nginx and from an S3-compatible store."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.test import RequestFactory
from moto.server import ThreadedMotoServer

from competition.config.env import Env
from competition.handing import hand_out
from submissions.models import Attachment

DATA = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def store_address() -> Iterator[str]:
    """A server that speaks S3, with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    ).create_bucket(Bucket="portal")
    yield f"s3://key:secret@{host}:{port}/portal?scheme=http"
    server.stop()


@pytest.fixture(params=["local", "s3"])
def storage(request: Any, settings: Any, tmp_path: Any) -> Storage:
    """Local files and an S3-compatible store, each chosen by the one setting."""
    address = request.getfixturevalue("store_address") if request.param == "s3" else ""
    found = Env({"STORAGE_URL": address}).storage("STORAGE_URL", tmp_path)
    settings.STORAGES = {**settings.STORAGES, "default": found}
    return storages["default"]


@pytest.fixture
def file(storage: Storage) -> FieldFile:
    name = storage.save(f"entries/{uuid.uuid4().hex}.mp4", ContentFile(DATA))
    field = Attachment._meta.get_field("file")
    held = FieldFile(Attachment(), field, name)  # type: ignore[arg-type]
    held.storage = storage
    return held


def asked(file: FieldFile, query: str = "", **headers: str) -> Any:
    request = RequestFactory().get(f"/file{query}", headers=headers)
    return hand_out(request, file, "演示 视频.mp4", "video/mp4")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_file_is_private_and_inert(file: FieldFile) -> None:
    answer = asked(file)

    assert body(answer) == DATA and answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "private, no-store"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%BC%94")
    assert asked(file, "?download")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked_for", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-", 100, 10239),
        ("bytes=-5", 10235, 10239),
        ("bytes=5-99999", 5, 10239),
    ],
)
def test_a_part_is_handed_out(file: FieldFile, asked_for: str, start: int, end: int) -> None:
    answer = asked(file, Range=asked_for)

    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(DATA)}"
    assert body(answer) == DATA[start : end + 1]
    assert int(answer["Content-Length"]) == end - start + 1


@pytest.mark.parametrize("asked_for", ["bytes=99999-", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there_is_refused(file: FieldFile, asked_for: str) -> None:
    answer = asked(file, Range=asked_for)

    assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1", "If-Range": "x"},
    ],
)
def test_other_ranges_mean_the_whole(file: FieldFile, headers: dict[str, str]) -> None:
    assert body(asked(file, **headers)) == DATA


def test_a_file_that_storage_lost_is_not_found(file: FieldFile, storage: Storage) -> None:
    storage.delete(file.name or "")

    with pytest.raises(Http404):
        asked(file)


def test_nginx_is_told_where_a_local_file_is(file: FieldFile, settings: Any) -> None:
    settings.X_ACCEL = True

    answer = asked(file)

    if "S3" in type(file.storage).__name__:
        assert "X-Accel-Redirect" not in answer and body(answer) == DATA
    else:
        assert answer["X-Accel-Redirect"] == f"/_files/{file.name}" and answer.content == b""
        assert answer["Content-Type"] == "video/mp4" and "Accept-Ranges" not in answer


@pytest.mark.parametrize("wrong", ["s3://host/bucket", "http://a:b@host/bucket", "s3://a:b@host", "x"])
def test_a_malformed_address_is_noted_without_its_secret(wrong: str, tmp_path: Any) -> None:
    environment = Env({"STORAGE_URL": wrong})

    found = environment.storage("STORAGE_URL", tmp_path)

    assert found["OPTIONS"]["location"] == str(tmp_path)
    assert "STORAGE_URL" in str(environment.problems) and wrong not in str(environment.problems)
