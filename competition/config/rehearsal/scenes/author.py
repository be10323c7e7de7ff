"""A team's person at the application form: calls the submissions' services as its pages do."""

from __future__ import annotations

from typing import Any

from competition.config.rehearsal import files
from competition.config.rehearsal.answers import Filler
from competition.config.rehearsal.cast import TeamPlan
from competition.form_schema import Section
from competition.models import User
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry, EntrySection, Revision

#: (section, unit's id or None)
Spot = tuple[str, int | None]


class Author:
    """Writes one entry; what is to be written is drawn anew each time and always the same."""

    def __init__(self, entry: Entry, owner: User, plan: TeamPlan) -> None:
        self.entry, self.owner, self.plan = entry, owner, plan
        self.schema = schema_of(entry.edition)
        self.answers = self._draw()

    def _draw(self) -> dict[Spot, dict[str, Any]]:
        filler = Filler(self.plan.rng("answers"), self.plan.voice())
        units = list(self.entry.team.units.values_list("pk", flat=True))
        drawn = {
            (section.key, unit): filler.section(section)
            for section in self.schema.sections
            for unit in (units if section.repeat == "unit" else [None])
        }
        if self.plan.habits.leaks == "text":
            lead = self.plan.units[0].name
            text = drawn[("overview", None)]["background"]
            drawn[("overview", None)]["background"] = f"{lead}牵头建设本项目。{text[: -len(lead) - 10]}"
        return drawn

    def save(self, spot: Spot, answers: dict[str, Any]) -> None:
        """Save one section over whatever stands there."""
        rows = EntrySection.objects.filter(entry=self.entry, key=spot[0])
        row = (rows.filter(unit__isnull=True) if spot[1] is None else rows.filter(unit_id=spot[1])).first()
        services.save_section(
            self.entry,
            key=spot[0],
            unit_id=spot[1],
            answers=answers,
            version=row.version if row else 0,
            actor=self.owner,
        )

    def save_rest(self, instead: dict[Spot, dict[str, Any]], *, share: float = 1.0) -> None:
        """Save what is not there yet, up to a share of the sections; ``instead`` goes before what was drawn."""
        there = set(EntrySection.objects.filter(entry=self.entry).values_list("key", "unit_id"))
        spots = list(self.answers)
        for spot in spots[: round(len(spots) * share)]:
            if spot not in there or spot in instead:
                self.save(spot, instead.get(spot, self.answers[spot]))

    def attach_all(self, instead: dict[Spot, dict[str, Any]]) -> None:
        """Put a file into every slot that asks for one, and into the one that experts see."""
        there = set(self.entry.attachments.filter(removed_at__isnull=True).values_list("slot", flat=True))
        for section in self.schema.sections:
            if section.repeat:
                continue
            spot = (section.key, None)
            for key in self._slots(section, instead.get(spot, self.answers[spot])):
                if key not in there:
                    self.attach(key)

    def _slots(self, section: Section, answers: dict[str, Any]) -> list[str]:
        return [
            slot.key
            for slot in section.slots(answers)
            if (slot.field.required and not slot.na_reason) or slot.field.blind == "show"
        ]

    def attach(self, slot: str) -> None:
        """Upload one small file into a slot."""
        found = self.schema.find_slot(slot)
        accept = list(found[1].accept) if found else ["pdf"]
        title = found[1].label if found else slot
        mark = f"{self.plan.seed} {self.entry.pk} {slot}"
        shown = found is not None and found[1].blind == "show"
        if shown and self.plan.habits.leaks == "page":
            upload = files.pdf(f"{title}.pdf", mark, line=f"Credit code {self.plan.units[0].credit_code}")
        else:
            upload = files.upload(accept, title, mark)
        services.attach(self.entry, slot=slot, upload=upload, actor=self.owner)

    def freeze(self) -> Revision:
        """Freeze the form for stamping."""
        return services.freeze(self.entry, actor=self.owner)

    def stamp(self, revision: Revision) -> None:
        """Attach the stamped and scanned form of a frozen version."""
        scan = files.pdf("盖章申报书.pdf", f"{self.plan.seed} {self.entry.pk} scan {revision.number}")
        services.attach_scan(revision, upload=scan, actor=self.owner)

    def hand_in(self) -> None:
        """Freeze, stamp and submit."""
        revision = self.freeze()
        self.stamp(revision)
        services.submit(revision, actor=self.owner)
