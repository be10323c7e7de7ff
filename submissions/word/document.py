"""The blank form and a team's own as Word files."""

from __future__ import annotations

from competition import clock
from competition.models import Edition
from submissions.facts import Facts
from submissions.form import schema_of
from submissions.models import Entry
from submissions.services.attachments import current_attachments
from submissions.services.progress import completeness
from submissions.word.writing import Document, Filled, render


def blank_docx(edition: Edition) -> bytes:
    """The empty form (R78); some 100 ms."""
    schema = schema_of(edition)
    sections = [Filled(section) for section in schema.sections]
    return render(Document(schema, edition.name, edition.slug, sections))


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
                slot: tuple(file.name for file in files)
                for slot, files in current_attachments(entry).items()
            },
            entry=entry.reference,
            at=clock.real_now(),
        )
    )
