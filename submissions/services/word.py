"""A Word draft comes in: read once, previewed against what stands, taken over where somebody says yes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.crypto import get_random_string

from competition import audit, crypto, limits
from competition.errors import NotAllowed, StaleVersion, WrongState
from competition.models import User
from submissions import word
from submissions.form import schema_of
from submissions.models import Entry
from submissions.permissions import can_edit_entry
from submissions.places import Place
from submissions.services.entries import lock, require_writable, save_section
from submissions.services.progress import Completeness, SectionState, completeness
from submissions.word import Change, Reading, Stray
from submissions.word.reading import FIELD

__all__ = ["FIELD", "Preview", "SectionPreview", "bring_in", "preview", "reading_of", "take_in"]

#: How long what was read is kept for the person who uploaded it, in seconds.
KEPT_SECONDS: Final = 2 * 3600
READ_HOUR = limits.Limit("word.read", 60, timedelta(hours=1), "导入 Word 稿的次数过多")
GONE: Final = "这份预览已过期（保留两小时），请重新上传 Word 稿。"
STALE: Final = "“{title}”在您预览之后刚刚保存了新内容，所以这次什么都没有带入。下面是按最新内容重新比较的结果，请核对后再确认。"


@dataclass(frozen=True)
class SectionPreview:
    """What a document would change in a section; ``version`` is the one it was compared with."""

    state: SectionState
    changes: tuple[Change, ...]
    same: int

    @property
    def place(self) -> Place:
        return self.state.place


@dataclass(frozen=True)
class Preview:
    """A whole document beside what stands in the form."""

    reading: Reading
    sections: list[SectionPreview]
    strays: list[Stray]
    notes: list[str]

    @property
    def changed(self) -> list[SectionPreview]:
        """The sections in which something differs."""
        return [one for one in self.sections if one.changes]

    @property
    def same(self) -> int:
        """In how many places the document says what stands there already."""
        return sum(one.same for one in self.sections)


def take_in(entry: Entry, *, upload: UploadedFile[Any], actor: User, at: datetime | None = None) -> str:
    """Read a document and keep what it says for two hours, encrypted; returns the key of the preview.

    Nothing of the entry changes. Raises Invalid at ``file``, NotAllowed, WrongState, StageClosed, TooMany.
    """
    require_writable(entry, actor=actor, at=at)
    limits.take((READ_HOUR, str(actor.pk)))
    reading = word.read_docx(upload)
    key = get_random_string(24).lower()
    cache.set(_name(entry, key, actor), crypto.encrypt(reading.to_json()), KEPT_SECONDS)
    return key


def reading_of(entry: Entry, key: str, actor: User) -> Reading:
    """What the person's upload said. Raises WrongState once it is forgotten."""
    stored = cache.get(_name(entry, key, actor))
    if stored is None:
        raise WrongState(GONE)
    return Reading.from_json(crypto.decrypt(stored))


def preview(entry: Entry, reading: Reading, state: Completeness | None = None) -> Preview:
    """The document beside what stands now; the queries of completeness unless its ``state`` is given."""
    state = state or completeness(entry)
    placed = word.lay(entry, state, reading)
    sections = []
    for one in state.sections:
        draft = placed.drafts.get(one.place)
        if draft is not None:
            compared = word.compare(draft, one.answers)
            sections.append(SectionPreview(one, compared.changes, compared.same))
    return Preview(reading, sections, placed.strays, _notes(entry, reading))


@transaction.atomic
def bring_in(
    entry: Entry,
    *,
    key: str,
    chosen: Collection[str],
    versions: Mapping[str, int],
    actor: User,
    at: datetime | None = None,
) -> int:
    """Take over what was chosen (``<place>:<change>``); returns how many changes that were.

    ``versions`` are those of the sections as the preview showed them. All or nothing: raises StaleVersion when
    somebody saved one of them meanwhile, StageClosed, WrongState, NotAllowed.
    """
    reading = reading_of(entry, key, actor)
    entry = lock(entry)
    if not can_edit_entry(actor, entry):
        raise NotAllowed("只有本团队成员可以填写申报书。")
    state = completeness(entry)
    placed = word.lay(entry, state, reading)
    taken: dict[str, int] = {}
    for one in state.sections:
        place, draft = str(one.place), placed.drafts.get(one.place)
        asked = {text.partition(":")[2] for text in chosen if text.partition(":")[0] == place}
        if draft is None or not asked:
            continue
        if versions.get(place) != one.version:
            raise StaleVersion(STALE.format(title=one.title))
        changes = word.compare(draft, one.answers).changes
        keys = {change.key for change in changes if change.takeable and change.key in asked}
        if keys:
            _save(entry, one, word.merged(draft, one.answers, keys), actor, at)
            taken[place] = len(keys)
    if taken:
        audit.record(actor, "entry.word_taken_over", entry, edition=entry.edition, sections=taken)
    return sum(taken.values())


def _save(
    entry: Entry, state: SectionState, answers: Mapping[str, Any], actor: User, at: datetime | None
) -> None:
    save_section(
        entry,
        key=state.section.key,
        unit_id=state.unit_id,
        answers=answers,
        version=state.version,
        actor=actor,
        at=at,
    )


def _name(entry: Entry, key: str, actor: User) -> str:
    return f"word:{entry.pk}:{actor.pk}:{key}"


def _notes(entry: Entry, reading: Reading) -> list[str]:
    """What people should know about the document as a whole."""
    notes = []
    if reading.edition and reading.edition != entry.edition.slug:
        notes.append("这份文稿用的是另一届大赛的申报书，只带入了两届都有的项目。")
    elif reading.digest and reading.digest != schema_of(entry.edition).digest:
        notes.append("这份文稿用的是旧版申报书，只带入了新旧两版都有的项目，其余内容列在“没有看懂的内容”中。")
    if reading.entry and reading.entry != entry.reference:
        notes.append(f"这份文稿是从另一件作品（{reading.entry}）下载的，请核对后再带入。")
    if reading.pictures:
        notes.append(f"文稿中有{reading.pictures}处图片或对象，不能带入；请在“附件”中上传。")
    if reading.numbered:
        notes.append("文稿中使用了 Word 的自动编号或项目符号，编号本身不会带入，请核对后手工补上。")
    if reading.tracked:
        notes.append("文稿中有修订记录，按“接受全部修订”读取；批注不读。")
    return notes
