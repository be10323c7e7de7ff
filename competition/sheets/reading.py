"""Read an uploaded xlsx file: what it is by content, then its cells as text in a limited process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from competition.errors import Invalid
from competition.files import MEGABYTE, check_upload, clean_name

MOST_BYTES: Final = 10 * MEGABYTE
MOST_ROWS: Final = 20_000
#: What the parts of a file may come to when unpacked, by its own listing; the process that reads is limited besides.
MOST_UNPACKED: Final = 200 * MEGABYTE
WALL_SECONDS: Final = 60
FIELD: Final = "file"

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN: Final = "请在 Excel 中另存为“Excel 工作簿（*.xlsx）”后再上传。"
_SENTENCES: Final = {
    "empty": "表格的第一张工作表是空的，请按模板填写后再上传。",
    "too_heavy": f"表格展开后过大，无法读取。请把内容复制到新的空白表格中，{_AGAIN}",
    "broken": f"表格已损坏，无法读取。{_AGAIN}",
}


def read_rows(
    upload: UploadedFile[Any], *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES
) -> list[list[str]]:
    """The cells of the first visible sheet as texts; row ``n`` is row ``n + 1`` of the sheet, empty ones included.

    Formulas count with their stored values; numbers beyond 15 digits read ``9.11401E+17``. Raises Invalid at
    ``file`` for whatever is no plain xlsx file within the limits (``most_rows`` filled rows
    besides a heading, ``most_bytes`` bytes).
    """
    head = upload.read(8)
    upload.seek(0)
    name = clean_name(upload.name or "")
    if head == _OLD_OFFICE:
        raise Invalid({FIELD: f"“{name}”是旧版（xls）或加密的表格，{_AGAIN}"})
    check_upload(upload, kinds=["xlsx"], max_megabytes=most_bytes // MEGABYTE, field=FIELD)
    _check_parts(upload, name)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        upload.seek(0)
        answer = _ask(kept.name, most_rows + 1)
    if "rows" in answer:
        return [list(row) for row in answer["rows"]]
    if answer["problem"] == "too_many":
        raise Invalid({FIELD: f"“{name}”超过{most_rows}行，请拆成几个文件分别导入。"})
    raise Invalid({FIELD: f"“{name}”：{_SENTENCES.get(answer['problem'], _SENTENCES['broken'])}"})


def _check_parts(upload: UploadedFile[Any], name: str) -> None:
    """Refuse macros, links to other files and what unpacks to more than is reasonable."""
    with zipfile.ZipFile(upload.file) as archive:  # type: ignore[arg-type]
        parts = archive.infolist()
    upload.seek(0)
    names = {part.filename.lower() for part in parts}
    if any(one.endswith("vbaproject.bin") or one.startswith("xl/macrosheets/") for one in names):
        raise Invalid({FIELD: f"“{name}”含有宏，不能导入。{_AGAIN}"})
    if any(one.startswith("xl/externallinks/") for one in names):
        raise Invalid({FIELD: f"“{name}”引用了其他文件，请把引用处粘贴为数值后再上传。"})
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid({FIELD: f"“{name}”是加密的表格，请去掉密码后再上传。"})
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Invalid({FIELD: f"“{name}”：{_SENTENCES['too_heavy']}"})


def _ask(file: str, most_rows: int) -> dict[str, Any]:
    command = [sys.executable, "-I", str(Path(__file__).with_name("child.py")), file, str(most_rows)]
    try:
        done = subprocess.run(
            command,
            env={"PATH": "", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"problem": "too_heavy"}  # killed by one of its limits
    return answer
