"""An entry as experts of the blind round would see it now, with everything in it that names its makers (R16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from competition import traces
from competition.form_schema.fields import SHOW
from submissions import blindness, projection
from submissions.form import schema_of
from submissions.identity import Finder, words_of
from submissions.models import Attachment, Entry, FileReading
from submissions.services.progress import Completeness
from submissions.services.readings import LOST, request_reading

_PROBLEMS: Final = {
    traces.ENCRYPTED: "这个文件设有密码，系统读不出内容，专家也看不到。请上传没有密码的文件。",
    traces.BROKEN: "这个文件已损坏，系统读不出内容，专家也看不到。请重新导出后上传。",
    traces.TOO_HEAVY: "这个文件过于复杂，系统读不出文字，请自行逐页检查。",
    LOST: "这个文件在存储中找不到，请重新上传。",
}


@dataclass(frozen=True)
class Place:
    """Something named in the texts: where in the form, what, how often."""

    label: str
    sentence: str
    number: int
    spot: projection.Spot


@dataclass(frozen=True)
class FileSeen:
    """A file whose pages experts see; ``look`` is None while it is being read or when it cannot be."""

    attachment: Attachment
    look: blindness.FileLook | None
    problem: str = ""

    @property
    def waiting(self) -> bool:
        """Whether the job has still to read it."""
        return self.look is None and not self.problem


@dataclass(frozen=True)
class BlindView:
    """The sections with the places of each, what is named in them, the files, what experts never see."""

    sections: list[tuple[dict[str, Any], projection.Spot]]
    places: list[Place]
    files: list[FileSeen]
    hidden: list[tuple[str, list[str]]]

    @property
    def in_texts(self) -> int:
        """Places in the texts; they are masked for experts."""
        return sum(place.number for place in self.places)

    @property
    def on_pages(self) -> int:
        """Places on pages, which are not masked."""
        return sum(file.look.on_pages for file in self.files if file.look)

    @property
    def waiting(self) -> bool:
        """Whether a file has still to be read."""
        return any(file.waiting for file in self.files)


def blind_view(
    entry: Entry, state: Completeness, attachments: Mapping[str, Sequence[Attachment]]
) -> BlindView:
    """Everything about it; one query and one for each file that was never read (its reading is asked for)."""
    schema, content = schema_of(entry.edition), _content(state)
    finder = _finder(entry, state, content)

    made = projection.project(schema, content, state.facts.derived, finder, projection.marked)
    return BlindView(
        list(zip(projection.with_counts(made.sections), made.places, strict=True)),
        _places(made),
        _files(entry, attachments, finder),
        projection.hidden_fields(schema),
    )


def files_seen(
    entry: Entry, state: Completeness, attachments: Mapping[str, Sequence[Attachment]]
) -> list[FileSeen]:
    """The files alone, for pages that only warn; one query, none without such files."""
    if not _shown(entry, attachments):
        return []
    return _files(entry, attachments, _finder(entry, state, _content(state)))


def _content(state: Completeness) -> dict[str, Any]:
    """What the projection needs of a version that is still a draft."""
    sections = [
        {"key": one.section.key, "unit": one.unit_id, "answers": dict(one.answers)} for one in state.sections
    ]
    return {"registration": state.facts.public, "sections": sections, "attachments": []}


def _finder(entry: Entry, state: Completeness, content: Mapping[str, Any]) -> Finder:
    mails = [entry.team.owner.email] if entry.team.owner.email else []
    words = words_of(state.facts.public, state.facts.private, mails)
    return Finder([*words, *projection.codes_of(schema_of(entry.edition), content, state.facts.derived)])


def _places(made: projection.Projection) -> list[Place]:
    found = Counter(
        (leak["place"], leak["sentence"], spot)
        for leak, spot in zip(made.leaks, made.leak_places, strict=True)
    )
    return [Place(label, sentence, number, spot) for (label, sentence, spot), number in found.items()]


def _shown(entry: Entry, attachments: Mapping[str, Sequence[Attachment]]) -> list[Attachment]:
    schema = schema_of(entry.edition)
    return [
        one
        for slot, files in attachments.items()
        if (found := schema.find_slot(slot)) is not None and found[1].blind == SHOW
        for one in files
    ]


def _files(entry: Entry, attachments: Mapping[str, Sequence[Attachment]], finder: Finder) -> list[FileSeen]:
    shown = _shown(entry, attachments)
    readings = (
        {one.attachment_id: one for one in FileReading.objects.filter(attachment__in=shown)} if shown else {}
    )
    return [_file(entry, one, readings.get(one.pk), finder) for one in shown]


def _file(entry: Entry, attachment: Attachment, reading: FileReading | None, finder: Finder) -> FileSeen:
    if reading is None:
        request_reading(attachment, entry.edition)
        return FileSeen(attachment, None)
    if reading.problem:
        return FileSeen(attachment, None, _PROBLEMS[reading.problem])
    look = blindness.look_through(reading.pages, reading.marks, attachment.name, finder)
    return FileSeen(attachment, look)
