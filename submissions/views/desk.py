"""What the pages of an entry share: the form's menu with its signs, the officer's reasons, the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from competition import clock, stages
from competition.form_schema import MISSING, Problem
from competition.stages import Phase, StageView
from submissions import services
from submissions.models import Attachment, Entry, FormalCheck, Upload
from submissions.places import Place
from submissions.services.entries import in_correction
from submissions.workflow import EntryStatus, FormalVerdict


@dataclass(frozen=True)
class Desk:
    """An entry as its team works on it."""

    entry: Entry
    state: services.Completeness
    attachments: dict[str, list[Attachment]]
    #: Files that are declared and still on their way.
    coming: list[Upload]
    deadline: StageView | None
    returned: FormalCheck | None

    @property
    def files(self) -> set[str]:
        """The slots that hold a file, or one that is on its way."""
        return {*self.attachments, *(one.slot for one in self.coming)}

    @property
    def reasons(self) -> dict[str, str]:
        """What the officer wrote, by place, while the entry is returned."""
        return dict(self.returned.reasons) if self.returned else {}

    @property
    def writable(self) -> bool:
        """Whether the team may change something now (the services decide again)."""
        if not self.entry.is_editable:
            return False
        over = self.deadline is None or self.deadline.phase is Phase.OVER
        return not over or in_correction(self.entry)

    @property
    def until(self) -> datetime | None:
        """Until when: the submission deadline, or the time for corrections after it."""
        if self.entry.status == EntryStatus.RETURNED and self.entry.correction_until:
            return self.entry.correction_until
        return self.deadline.closes_at if self.deadline else None

    def reasons_at(self, place: Place) -> dict[str, str]:
        """The officer's reasons in a section: by top field, '' for the section as a whole."""
        found: dict[str, str] = {}
        for text, reason in self.reasons.items():
            asked = Place.parse(text)
            if asked and (asked.section, asked.unit_id) == (place.section, place.unit_id):
                said = f"{self._slot_label(asked)}：{reason}" if asked.slot else reason
                found[asked.field] = "\n".join(filter(None, (found.get(asked.field), said)))
        return found

    def _slot_label(self, asked: Place) -> str:
        state = self.state.state(Place(asked.section))
        slots = state.section.slots(state.answers) if state else ()
        return next((one.label for one in slots if one.key == asked.slot), "材料")

    def sign(self, state: services.SectionState) -> dict[str, str]:
        """State and word of a section for the menu."""
        if self.reasons_at(state.place):
            return {"state": "act", "sign": "有审查意见"}
        return sign_of(state.blocking, begun=state.begun)

    def menu(self, current: Place | None = None) -> list[dict[str, Any]]:
        """The sections for the side menu."""
        return [
            {
                "key": str(state.place),
                "group": state.section.part.partition("：")[2] or state.section.part,
                "label": state.title,
                "url": section_url(self.entry, state.place),
                "current": state.place == current,
                **self.sign(state),
            }
            for state in self.state.sections
        ]

    def missing(self) -> list[dict[str, Any]]:
        """Everything that stands in the way, by section, each a link to its field."""
        return [
            {
                "title": state.title,
                "url": section_url(self.entry, state.place),
                "problems": [_link(self.entry, state, problem) for problem in state.blocking],
                "warnings": [_link(self.entry, state, problem) for problem in state.warnings],
            }
            for state in self.state.sections
            if state.problems
        ]


def look_at(entry: Entry) -> Desk:
    """Read an entry for its pages; ten queries at most."""
    attachments, coming = services.current_attachments(entry), services.under_way(entry)
    returned = None
    if entry.status == EntryStatus.RETURNED:
        checks = FormalCheck.objects.filter(receipt__revision__entry=entry, verdict=FormalVerdict.RETURN)
        returned = checks.select_related("receipt__revision").first()
    return Desk(
        entry,
        services.completeness(entry, {*attachments, *(one.slot for one in coming)}),
        attachments,
        coming,
        stages.view(entry.edition, stages.SUBMISSION),
        returned,
    )


def sign_of(blocking: list[Problem], *, begun: bool) -> dict[str, str]:
    """How far a section is, in a word."""
    wrong = sum(problem.kind != MISSING for problem in blocking)
    if wrong and begun:
        return {"state": "act", "sign": f"{wrong}处需更正"}
    if not blocking:
        return {"state": "done", "sign": "已填完"}
    if not begun:
        return {"state": "todo", "sign": "未填写"}
    return {"state": "todo", "sign": f"还差{len(blocking)}项"}


def section_url(entry: Entry, place: Place) -> str:
    """The page of a section."""
    if place.unit_id is not None:
        return reverse("submissions:unit_section", args=[entry.pk, place.section, place.unit_id])
    return reverse("submissions:section", args=[entry.pk, place.section])


def base_context(entry: Entry, deadline: StageView | None = None) -> dict[str, Any]:
    """What every page of an entry knows: its edition (which may not be the current one) and the time there."""
    return {
        "entry": entry,
        "edition": entry.edition,
        "edition_now": clock.now(entry.edition),
        "deadline": deadline,
    }


def _link(entry: Entry, state: services.SectionState, problem: Problem) -> dict[str, str]:
    return {
        "href": f"{section_url(entry, state.place)}?check=1#at-{problem.path}",
        "label": problem.field_label,
        "sentence": problem.sentence,
    }
