"""An upload is what its content says, and every refusal tells what to do instead."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from competition.errors import Invalid
from competition.files import check_upload, clean_name, sniff
from tests.sound import pdf_bytes, picture_bytes

PDF = pdf_bytes()
PNG = picture_bytes()


def _zip(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return body.getvalue()


def _refused(name: str, body: bytes, *, kinds: tuple[str, ...] = ("pdf",), megabytes: int = 1) -> str:
    with pytest.raises(Invalid) as refused:
        check_upload(SimpleUploadedFile(name, body), kinds=kinds, max_megabytes=megabytes, field="proof")
    assert set(refused.value.problems) == {"proof"}
    return refused.value.problems["proof"]


def test_check_upload_gives_the_facts_of_a_good_file() -> None:
    found = check_upload(SimpleUploadedFile("证明.pdf", PDF), kinds=("pdf",), max_megabytes=1, field="proof")

    assert (found.name, found.kind, found.size) == ("证明.pdf", "pdf", len(PDF))
    assert found.sha256 == hashlib.sha256(PDF).hexdigest()
    assert found.facts == {"pages": 1}


def test_empty_file_is_refused() -> None:
    assert _refused("证明.pdf", b"") == "“证明.pdf”是空文件，请重新选择。"


def test_file_over_its_size_is_refused() -> None:
    body = PDF + b"0" * (1024 * 1024)

    assert _refused("证明.pdf", body) == "“证明.pdf”超过 1 MB，请压缩或拆分后再上传。"


def test_file_of_another_type_is_refused() -> None:
    sentence = _refused("证明.exe", b"MZ\x90\x00", kinds=("pdf", "png"))

    assert sentence == "“证明.exe”不是可接受的文件类型，请上传PDF、PNG 图片。"


def test_file_that_is_not_what_its_name_says_is_refused() -> None:
    sentence = _refused("证明.pdf", PNG, kinds=("pdf", "png"))

    assert sentence == "“证明.pdf”的扩展名与内容不符（内容是PNG 图片），请更正后再上传。"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"\x00\x00\x00\x18ftypmp42", "mp4"),
        (_zip("[Content_Types].xml", "word/document.xml"), "docx"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (_zip("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (_zip("model.obj"), "zip"),
        (b"PK\x03\x04 damaged", ""),
        (b"<script>", ""),
    ],
)
def test_sniff_tells_the_kind_from_the_content(body: bytes, kind: str) -> None:
    assert sniff(SimpleUploadedFile("x", body)) == kind


@given(st.binary(max_size=200))
def test_sniff_never_raises(body: bytes) -> None:
    assert isinstance(sniff(SimpleUploadedFile("x", body)), str)


@given(st.text(max_size=300))
def test_clean_name_has_no_folders_and_fits(name: str) -> None:
    cleaned = clean_name(name)

    assert len(cleaned) <= 120
    assert not set("/\\\x00\n") & set(cleaned)
