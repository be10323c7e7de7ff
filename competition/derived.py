"""What is made of a file once and kept beside it: its pages as pictures, a small picture, a copy for experts.

Each is named after the file's hash, so that a changed file gets its own and nobody has to forget anything. A limited
process makes it when it is first asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile, File
from django.db.models.fields.files import FieldFile

from competition import pages, stripping
from competition.files import KINDS

PDF: Final = KINDS["pdf"][0]
_KIND_OF: Final = {content_type: kind for kind, (content_type, _) in KINDS.items()}
#: Why a file's pages cannot be shown.
SENTENCES: Final = {
    pages.ENCRYPTED: "文件设有密码，不能在此显示。",
    pages.BROKEN: "文件已损坏或格式不正确，不能在此显示。",
    pages.TOO_MANY: f"文件超过{pages.MOST_VIEWED}页，请打开原文件查看。",
    pages.TOO_HEAVY: "文件过于复杂，请打开原文件查看。",
}


@dataclass(frozen=True)
class Source:
    """A file in storage, the folder of what is made of it, its SHA-256 in hex and its content type."""

    file: FieldFile
    folder: str
    sha256: str
    content_type: str

    @property
    def kind(self) -> str:
        """Its kind as competition.files names it; '' for none of them."""
        return _KIND_OF.get(self.content_type, "")

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture as a whole."""
        return self.kind in {"jpg", "png"}

    def place(self, name: str) -> FieldFile:
        """A file beside it, as it is handed out; it may not be there yet."""
        made = self.file.__class__(self.file.instance, self.file.field, f"{self.folder}/{name}")
        made.storage = self.file.storage
        return made


def page_count(source: Source) -> int:
    """How many pages a PDF has; the first opening draws the first page. Raises pages.NotDrawn."""
    kept = source.place(f"pages-{source.sha256}/count")
    if kept.storage.exists(kept.name or ""):
        with kept.open("rb") as opened:
            return int(opened.read())
    count = _draw(source, 1)
    _put(kept, ContentFile(str(count).encode()))
    return count


def page(source: Source, number: int) -> FieldFile | None:
    """The PNG picture of a page of a PDF (from 1); None when there is no such page. Raises pages.NotDrawn."""
    kept = _page(source, number)
    if not kept.storage.exists(kept.name or ""):
        if source.content_type != PDF or not 1 <= number <= page_count(source):
            return None
        if not kept.storage.exists(kept.name or ""):
            _draw(source, number)
    return kept if kept.storage.exists(kept.name or "") else None


def small(source: Source) -> FieldFile:
    """A picture as a JPEG of at most 1600 pixels a side. Raises stripping.NotStripped."""
    return _made(source, f"small-{source.sha256}.jpg", stripping.shrink)


def plain(source: Source) -> FieldFile:
    """A copy without what tells who made it. Raises stripping.NotStripped, also for what is of no known kind."""
    return _made(source, f"plain-{source.sha256}.{source.kind}", stripping.strip)


def _page(source: Source, number: int) -> FieldFile:
    return source.place(f"pages-{source.sha256}/{number}.png")


def _draw(source: Source, number: int) -> int:
    with _on_disk(source) as path:
        count = pages.draw_one(path, path.parent, number)
        drawn = path.parent / f"{number}.png"
        if drawn.exists():
            _put(_page(source, number), ContentFile(drawn.read_bytes()))
    return count


def _made(source: Source, name: str, make: Callable[[str, Path, Path], None]) -> FieldFile:
    kept = source.place(name)
    if not kept.storage.exists(kept.name or ""):
        if source.kind not in stripping.KINDS:
            raise stripping.NotStripped(source.content_type)
        with _on_disk(source) as path:
            target = path.with_name("made")
            make(source.kind, path, target)
            with target.open("rb") as opened:
                _put(kept, File(opened))
    return kept


@contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """A copy that a process can read, in a folder for what it makes; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="derived-") as folder:
        path = Path(folder) / "source"
        with source.file.storage.open(source.file.name or "", "rb") as opened, path.open("wb") as copy:
            for chunk in opened.chunks():
                copy.write(chunk)
        yield path


def _put(kept: FieldFile, content: File) -> None:
    # Two people may ask at once: the first one's stays.
    if not kept.storage.exists(kept.name or ""):
        kept.storage.save(kept.name or "", content)
