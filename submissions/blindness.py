"""What a file for the blind round gives away, in sentences. Values in, values out (R16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from submissions.identity import Finder, Leak

#: From this many pages on the same words are a header, a footer or a watermark.
REPEATED: Final = 3

_WHERE: Final = {
    "Title": "文件属性中的标题",
    "Author": "文件属性中的作者",
    "Subject": "文件属性中的主题",
    "Keywords": "文件属性中的关键词",
    "Creator": "文件属性中的创建程序",
    "Producer": "文件属性中的生成程序",
    "Company": "文件属性中的单位",
    "Manager": "文件属性中的主管",
    "xmp": "文件属性（XMP）",
    "embedded": "内嵌附件的文件名",
    "note": "批注",
    "link": "链接",
    "bookmark": "书签",
    "layer": "图层名称",
    "field": "表单域",
    "name": "文件名",
}
#: These name somebody whatever they say.
_NAMING: Final = frozenset({"Author", "Company", "Manager"})


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page: what names somebody on it, and whether it is a picture that cannot be read."""

    number: int
    leaks: tuple[str, ...]
    picture: bool


@dataclass(frozen=True, slots=True)
class FileLook:
    """A file: its pages, what stands on many of them, what stands in it unseen."""

    pages: tuple[PageLook, ...]
    repeated: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def on_pages(self) -> int:
        """How many things experts would see: on single pages, and on many as one."""
        return sum(len(page.leaks) for page in self.pages) + len(self.repeated)


def look_through(
    pages: Iterable[Mapping[str, Any]], marks: Iterable[Mapping[str, Any]], name: str, finder: Finder
) -> FileLook:
    """What the finder knows in a file's pages ({text, picture}), marks ({where, text, page}) and name."""
    found = [(page, _sentences(finder.find(page["text"]))) for page in pages]
    places: dict[str, list[int]] = {}
    for number, (_, sentences) in enumerate(found, start=1):
        for sentence in sentences:
            places.setdefault(sentence, []).append(number)
    often = {sentence: numbers for sentence, numbers in places.items() if len(numbers) >= REPEATED}
    return FileLook(
        tuple(
            PageLook(number, tuple(one for one in sentences if one not in often), page["picture"])
            for number, (page, sentences) in enumerate(found, start=1)
        ),
        tuple(f"{_pages(numbers)}都出现{sentence}" for sentence, numbers in often.items()),
        _marks([*marks, {"where": "name", "text": name, "page": 0}], finder),
    )


def _sentences(leaks: Iterable[Leak]) -> list[str]:
    """Each once, its words in one line."""
    return list(dict.fromkeys(f"{leak.kind}“{''.join(leak.words.split())}”" for leak in leaks))


def _marks(marks: Iterable[Mapping[str, Any]], finder: Finder) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for mark in marks:
        place = _WHERE.get(mark["where"], f"文件属性“{mark['where']}”")
        if mark["page"]:
            place = f"第{mark['page']}页的{place}"
        sentences = _sentences(finder.find(mark["text"]))
        if sentences:
            found.update(dict.fromkeys(f"{place}中有{sentence}" for sentence in sentences))
        elif mark["where"] in _NAMING:
            found[f"{place}是“{mark['text'][:60]}”"] = None
    return tuple(found)


def _pages(numbers: list[int]) -> str:
    """第1至12页 for a run, 第1、3、8页 else; many are counted."""
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"第{numbers[0]}至{numbers[-1]}页"
    if len(numbers) <= 8:
        return f"第{'、'.join(map(str, numbers))}页"
    return f"第{numbers[0]}页等{len(numbers)}页"
