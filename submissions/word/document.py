"""The blank form and a team's own as Word files."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from competition import clock
from competition.form_schema import FormSchema
from competition.models import Edition
from submissions.facts import Facts
from submissions.form import schema_of
from submissions.models import Entry
from submissions.services.attachments import current_attachments
from submissions.services.progress import Completeness, completeness
from submissions.word import child
from submissions.word.placing import Placed, place
from submissions.word.reading import Reading
from submissions.word.values import squeezed
from submissions.word.writing import OWN_NOTE, Document, Filled, render

_KEPT: Final = 8
_PRINTED: Final[dict[str, frozenset[str]]] = {}
#: Printed in a team's own form alone.
_OWN_TEXTS: Final = (OWN_NOTE, "牵头单位（盖章）：", "参赛单位（盖章）：", "不适用：", "在网上上传；不适用：")


def blank_docx(edition: Edition) -> bytes:
    """The empty form (R78); some 100 ms."""
    return _blank(schema_of(edition), edition.name, edition.slug)


def _blank(schema: FormSchema, name: str, slug: str) -> bytes:
    return render(Document(schema, name, slug, [Filled(section) for section in schema.sections]))


def entry_docx(entry: Entry) -> bytes:
    """The form with what stands in it now, empty fields included; document numbers and phones are masked."""
    schema = schema_of(entry.edition)
    state = completeness(entry)
    facts: Facts = state.facts
    derived = facts.derived()
    return render(
        Document(
            schema,
            entry.edition.name,
            entry.edition.slug,
            [
                Filled(
                    one.section,
                    one.answers,
                    facts.derived(one.unit_id),
                    unit_id=one.unit_id,
                    unit_name=one.unit_name,
                )
                for one in state.sections
            ],
            cover={line.key: str(derived.get(line.derived, "")) for line in schema.cover},
            files={
                slot: tuple(file.name for file in files) for slot, files in current_attachments(entry).items()
            },
            entry=entry.reference,
            at=clock.real_now(),
        )
    )


def lay(entry: Entry, state: Completeness, reading: Reading) -> Placed:
    """What a document says about an entry, section by section."""
    units = {one.unit_id: one.unit_name for one in state.sections if one.unit_id is not None}
    schema = schema_of(entry.edition)
    own = reading.entry == entry.reference
    return place(schema, reading, units, printed_texts(schema), own=own)


def printed_texts(schema: FormSchema) -> frozenset[str]:
    """The texts that every document of a form bears outside its controls, squeezed; kept by the form's digest."""
    found = _PRINTED.get(schema.digest)
    if found is None:
        with zipfile.ZipFile(io.BytesIO(_blank(schema, "", ""))) as archive:
            reader = child.pieces_of(archive.read("word/document.xml"))
        texts = {squeezed(text) for kind, *rest in reader.pieces if kind == "t" for text in rest}
        found = frozenset({*texts, *map(squeezed, _OWN_TEXTS)})
        if len(_PRINTED) >= _KEPT:
            _PRINTED.clear()
        _PRINTED[schema.digest] = found
    return found
