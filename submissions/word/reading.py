"""Read an uploaded Word document in a limited process; what it says, without a judgement about it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from competition.errors import Invalid
from competition.files import check_upload, clean_name

MOST_MEGABYTES: Final = 20
WALL_SECONDS: Final = 15
FIELD: Final = "file"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN: Final = "请用 Word 或 WPS 另存为“Word 文档（*.docx）”后再上传。"
_OTHER: Final = "不是用申报书的 Word 模板填写的。请下载本页的 Word 版，把内容填进去后再上传。"
_SENTENCES: Final = {
    "too_heavy": "内容过多或展开后过大，无法读取。请删去与申报书无关的内容和图片后再上传。",
    "broken": f"已损坏，无法读取。{_AGAIN}",
    "locked": "是加密的文档，请去掉密码后再上传。",
    "macros": f"含有宏，不能导入。{_AGAIN}",
    "strange": "不是 Word 文档，请上传用申报书 Word 模板填写的 docx 文件。",
}


@dataclass(frozen=True)
class Control:
    """A content control with one of our tags; ``ticked`` is None for what is no box."""

    tag: str
    text: str
    ticked: bool | None = None
    placeholder: bool = False


#: The end of a paragraph, and of a cell.
PARAGRAPH: Final = "\x00/"
CELL: Final = "\x00|"


@dataclass(frozen=True)
class Reading:
    """What a document says. ``pieces`` in its order: a Control, the text between controls, PARAGRAPH, CELL."""

    name: str
    edition: str
    digest: str
    entry: str
    pieces: tuple[Control | str, ...]
    pictures: int = 0
    numbered: int = 0
    tracked: int = 0

    def to_json(self) -> str:
        """As kept between preview and acceptance."""
        plain = asdict(self)
        plain["pieces"] = [
            [one.tag, one.text, one.ticked, one.placeholder] if isinstance(one, Control) else one
            for one in self.pieces
        ]
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """The inverse."""
        plain = json.loads(text)
        pieces = tuple(Control(*one) if isinstance(one, list) else one for one in plain.pop("pieces"))
        return cls(pieces=pieces, **plain)


def read_docx(upload: UploadedFile[Any]) -> Reading:
    """What a document made from our template says. Raises Invalid at ``file`` for anything else."""
    name = clean_name(upload.name or "")
    head = upload.read(8)
    upload.seek(0)
    if head == _OLD_OFFICE:
        raise Invalid({FIELD: f"“{name}”是旧版（doc）或加密的文档。{_AGAIN}"})
    check_upload(upload, kinds=["docx"], max_megabytes=MOST_MEGABYTES, field=FIELD)
    with tempfile.NamedTemporaryFile(suffix=".docx") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        upload.seek(0)
        answer = _ask(kept.name)
    if "problem" in answer:
        raise Invalid({FIELD: f"“{name}”{_SENTENCES.get(answer['problem'], _SENTENCES['broken'])}"})
    reading = reading_from(name, answer)
    if not any(isinstance(one, Control) for one in reading.pieces):
        raise Invalid({FIELD: f"“{name}”{_OTHER}"})
    return reading


def reading_from(name: str, answer: dict[str, Any]) -> Reading:
    """What the child said, as values."""
    breaks = {"/": PARAGRAPH, "|": CELL}
    pieces: list[Control | str] = []
    for kind, *rest in answer["pieces"]:
        pieces.append(Control(*rest) if kind == "c" else breaks.get(kind) or rest[0])
    properties = answer["properties"]
    return Reading(
        name=name,
        edition=str(properties.get("form-edition", "")),
        digest=str(properties.get("form-digest", "")),
        entry=str(properties.get("form-entry", "")),
        pieces=tuple(pieces),
        pictures=int(answer["pictures"]),
        numbered=int(answer["numbered"]),
        tracked=int(answer["tracked"]),
    )


def _ask(file: str) -> dict[str, Any]:
    command = [sys.executable, "-I", str(Path(__file__).with_name("child.py")), file]
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
