"""Word documents for tests: read without a process of its own, laid into a form, changed as people change them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from competition.form_schema import FormSchema, read_form
from submissions.places import Place
from submissions.word import Change, Placed, Reading, child, compare
from submissions.word.document import printed_texts
from submissions.word.placing import place
from submissions.word.reading import reading_from
from submissions.word.writing import Document, Filled, render

FORM = Path(__file__).resolve().parents[2] / "competition" / "editions" / "shanxi-2025" / "form.yaml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ENTRY = "E000001"
UNIT = 7


def form() -> FormSchema:
    """The edition's form."""
    return read_form(FORM)


def written(schema: FormSchema, answers: Mapping[str, Any], *, blank: bool = False) -> bytes:
    """The sections named of a team's own form with these answers, or the whole blank one."""
    unit = {} if blank else {"unit_id": UNIT, "unit_name": "山西示例甲科技有限公司"}
    sections = [
        Filled(one, answers.get(one.key, {}), {}, **(unit if one.repeat else {}))  # type: ignore[arg-type]
        for one in schema.sections
        if blank or one.key in answers
    ]
    return render(Document(schema, "示例大赛", "shanxi-2025", sections, entry="" if blank else ENTRY))


def body_of(document: bytes) -> Any:
    """The main part as a tree."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def with_part(document: bytes, name: str, body: bytes) -> bytes:
    """The same file with one part replaced or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part.filename))
        new.writestr(name, body)
    return made.getvalue()


def with_body(document: bytes, tree: Any) -> bytes:
    """The same file with another main part."""
    return with_part(document, "word/document.xml", etree.tostring(tree))


def control(tree: Any, tag: str) -> Any:
    """The content control with a tag."""
    found = [one for one in tree.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == tag]
    assert found, tag
    return found[0]


def type_into(tree: Any, tag: str, text: str) -> None:
    """Write into a control as Word does: the hint goes, and with it the mark that it is one."""
    sdt = control(tree, tag)
    hint = sdt.find(f"{W}sdtPr/{W}showingPlcHdr")
    if hint is not None:
        hint.getparent().remove(hint)
    texts = list(sdt.find(f"{W}sdtContent").iter(f"{W}t"))
    texts[0].text = text
    for other in texts[1:]:
        other.text = ""


def reading(document: bytes) -> Reading:
    """What a document says, read in this process (the child's own reader is the same)."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        reader = child.pieces_of(archive.read("word/document.xml"))
        properties = child.properties_of(archive, set(archive.namelist()))
    plain = {"pieces": reader.pieces, "properties": properties, "pictures": 0, "numbered": 0, "tracked": 0}
    return reading_from("稿.docx", plain)


def laid(schema: FormSchema, document: bytes) -> Placed:
    """A document laid into the form of the entry with one unit."""
    said = reading(document)
    units = {UNIT: "山西示例甲科技有限公司"}
    return place(schema, said, units, printed_texts(schema), own=said.entry == ENTRY)


def changes(schema: FormSchema, document: bytes, answers: Mapping[str, Any]) -> dict[str, Change]:
    """Everything that a document would change, by place and key."""
    found = {}
    for where, draft in laid(schema, document).drafts.items():
        for one in compare(draft, answers.get(where.section, {})).changes:
            found[f"{Place(where.section)}:{one.key}"] = one
    return found


def upload(document: bytes, name: str = "申报书.docx") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, document)
