"""What the steps of the wizard show: the menu with its signs, what is wrong, what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from competition import clock, stages
from competition.stages import StageView
from registration import checks
from registration.checks import Missing
from registration.facts import PersonFacts, TeamFacts, UnitFacts
from registration.forms import Hints, PersonForm, TeamForm, TopicForm, UnitForm
from registration.models import Review, Team, Unit
from registration.services.facts import gather
from registration.steps import LABELS, Step, step_after, step_before, step_of
from registration.terms import Terms, terms_of
from registration.workflow import TeamStatus, Verdict


@dataclass(frozen=True)
class Wizard:
    """A registration as its owner edits it."""

    team: Team
    facts: TeamFacts
    terms: Terms
    missing: list[Missing]
    returned: Review | None

    @property
    def reasons(self) -> dict[str, str]:
        """What the officer wrote, by field path, while the registration is returned."""
        return dict(self.returned.field_reasons) if self.returned else {}

    @cached_property
    def problems(self) -> dict[str, str]:
        """What was typed and cannot stand, by field path; a row's own name is left out beside its field."""
        return {one.path: _beside_field(one.sentence) for one in self.missing if one.wrong}

    @property
    def hints(self) -> Hints:
        return Hints(self.problems, self.reasons)

    def sign(self, step: Step) -> dict[str, str]:
        """State and word of a step for the menu."""
        here = [one for one in self.missing if one.step == step]
        wrong = sum(one.wrong for one in here)
        if wrong:
            return {"state": "act", "sign": f"{wrong}处需更正"}
        if any(step_of(path) == step for path in self.reasons):
            return {"state": "act", "sign": "有审核意见"}
        if not here:
            return {"state": "done", "sign": "已填完"}
        return {"state": "todo", "sign": f"还差{len(here)}项"}

    def menu(self, current: Step | None = None) -> list[dict[str, Any]]:
        """The steps for the side menu."""
        return [
            {
                "key": step.value,
                "label": label,
                "url": step_url(self.team, step),
                "current": step == current,
                **self.sign(step),
            }
            for step, label in LABELS.items()
        ]

    def progress(self) -> dict[str, Any]:
        """Steps done of all, and each step's sign, as autosave.js reads it."""
        signs = {step.value: self.sign(step) for step in Step}
        lacking = {one.step for one in self.missing}
        return {"done": len(Step) - len(lacking), "total": len(Step), "sections": signs}

    def missing_links(self) -> list[dict[str, str]]:
        """Everything missing with a link to its field, for the list on the last step."""
        return [
            {
                "path": one.path,
                "sentence": one.sentence,
                "href": f"{step_url(self.team, Step(one.step))}#{anchor(one.path)}",
            }
            for one in self.missing
        ]

    def missing_here(self, step: Step) -> list[dict[str, str]]:
        """What this step lacks, for the list beside it."""
        links = self.missing_links()
        return [link for link, one in zip(links, self.missing, strict=True) if one.step == step]

    def reason_links(self) -> list[dict[str, str]]:
        """What the officer wrote about single fields, each with a link to its field."""
        return [
            {
                "label": field_label(self.facts, path),
                "sentence": reason,
                "href": f"{step_url(self.team, step_of(path))}#{anchor(path)}",
            }
            for path, reason in self.reasons.items()
        ]

    def first_open(self) -> Step:
        """The first step that lacks something, else the last."""
        return next((step for step in Step if any(one.step == step for one in self.missing)), Step.SUBMIT)


def look_at(team: Team) -> Wizard:
    """Read a registration for its wizard; three or four queries, and the team keeps what was read."""
    units = Prefetch("units", Unit.objects.select_related("consent"))
    prefetch_related_objects([team], units, "units__proofs", "representatives")
    facts, terms = gather(team), terms_of(team.edition)
    returned = None
    if team.status == TeamStatus.RETURNED:
        returned = team.reviews.filter(verdict=Verdict.RETURN).select_related("officer").first()
    return Wizard(team, facts, terms, checks.missing(facts, terms), returned)


def step_url(team: Team, step: Step) -> str:
    return reverse("registration:step", args=[team.pk, step])


def anchor(path: str) -> str:
    """The id on the page where a path's field stands."""
    if path.startswith("proofs."):
        _, unit, slot = path.split(".")
        return f"slot-{unit}-{slot}"
    return f"id_{path}"


def _beside_field(sentence: str) -> str:
    head, colon, rest = sentence.partition("：")
    return rest if colon and head[:2] in {"单位", "代表"} and len(head) <= 3 else sentence


def field_label(facts: TeamFacts, path: str) -> str:
    """A field in words: 单位1 统一社会信用代码."""
    head, _, rest = path.partition(".")
    key, _, field = rest.partition(".")
    rows: tuple[UnitFacts | PersonFacts, ...] = facts.people if head == "representatives" else facts.units
    row = next((one.label for one in rows if str(one.id) == key), "")
    if head in {"units", "representatives"}:
        fields = UnitForm.base_fields if head == "units" else PersonForm.base_fields
        named = {name: str(one.label) for name, one in fields.items()}
        words = {**named, "region": "所在地", "confirmation": "本人确认"}.get(field, "")
        return f"{row} {words}".strip() or LABELS[step_of(path)]
    if head == "proofs":
        return f"{row} 证明材料".strip()
    named = {name: str(one.label) for form in (TeamForm, TopicForm) for name, one in form.base_fields.items()}
    return {**named, "topic": "赛题"}.get(path, LABELS[step_of(path)])


def base_context(team: Team, overview: list[StageView] | None = None) -> dict[str, Any]:
    """What every page about a team knows: its edition (which may not be the current one) and deadline."""
    return {
        "team": team,
        "edition": team.edition,
        "edition_now": clock.now(team.edition),
        "deadline": stages.view(team.edition, stages.REGISTRATION)
        if overview is None
        else next((stage for stage in overview if stage.key == stages.REGISTRATION), None),
    }


def step_context(wizard: Wizard, step: Step) -> dict[str, Any]:
    """What every step's page knows."""
    team = wizard.team
    before, after = step_before(step), step_after(step)
    return {
        **base_context(team),
        "step": step,
        "step_label": LABELS[step],
        "step_url": step_url(team, step),
        "menu": wizard.menu(step),
        "menu_title": f"报名 · {LABELS[step]}",
        "wizard": wizard,
        "missing_here": wizard.missing_here(step),
        "back_url": step_url(team, before) if before else "",
        "next_label": f"保存并继续：{LABELS[after]}" if after else "",
        "next_url": step_url(team, after) if after else "",
    }
