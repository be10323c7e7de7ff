"""The ground of the second half: a rehearsal with few places, four accepted entries, and everybody who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from competition import clock, roles
from competition.edition_schema import EditionData
from competition.models import Edition, Organisation, User
from competition.services.editions import store_edition
from judging.models import Assignment, Expert, Gate
from judging.rubric import round_of
from judging.scoring import items
from judging.services import experts, sheets
from judging.workflow import AssignmentStatus, Round
from submissions.models import Entry
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.judging.blinding import blind_pdf
from tests.judging.ranked import small

SLUG = "rehearsal-2025"
ZONE = ZoneInfo("Asia/Shanghai")
EXPERTS = ("孙梅", "马博", "何静")
#: What every expert gives to the entries of Lihua, and of the others, in percent of the points.
WORTH = (92, 84, 75, 66)


@dataclass
class House:
    """The edition, its entries (Lihua's first) and its staff by role."""

    edition: Edition
    entries: list[Entry]
    staff: dict[str, User]
    second: dict[str, User]

    @property
    def roll(self) -> list[Expert]:
        """The experts, Sunmei first."""
        return list(Expert.objects.filter(edition=self.edition).order_by("pk"))

    def at(self, moment: str) -> None:
        """Move the rehearsal's clock: ``at("2025-07-28 10:00")`` in Beijing's time."""
        edition = Edition.objects.get(pk=self.edition.pk)
        clock.set_time(edition, datetime.fromisoformat(moment).replace(tzinfo=ZONE))


def lay_ground(data: EditionData, lihua: User, officer: User, chief: User) -> House:
    """Registration and submission are over: four entries of a track passed the formal check."""
    edition = small(store_edition(data, slug=SLUG, rehearsal=True), finalists=3, excellence=1)
    edition.data = {**edition.data, "scoring": {**edition.data["scoring"], "experts_per_entry": len(EXPERTS)}}
    edition.save()
    house = House(edition, [], _staff(officer, chief), {})
    house.at("2025-07-25 17:00")
    edition.refresh_from_db()
    owners = [lihua, *(make_user(f"owner{number}", f"队长{number}") for number in range(2, len(WORTH) + 1))]
    paper = blind_pdf("一、总体架构与数据流程", "二、应用成效")
    house.entries = [accepted_entry(edition, one, blind_pdf=paper if one == lihua else b"") for one in owners]
    department = Gate.objects.get(entry=house.entries[0]).department
    reviewer = house.staff[roles.DEPARTMENT]
    reviewer.department = department
    reviewer.save()
    house.second = {
        role: make_user(f"{role}-2", name, role=role)
        for role, name in ((roles.COMMITTEE, "白岩"), (roles.PAYOUTS, "安宁"))
    }
    _enrol(house)
    return house


def _staff(officer: User, chief: User) -> dict[str, User]:
    names = {
        roles.DEPARTMENT: "周康",
        roles.HOST: "林峰",
        roles.SUPERVISOR: "郭正",
        roles.CASE_HANDLER: "田薇",
        roles.COMMITTEE: "高原",
        roles.PAYOUTS: "石磊",
    }
    made = {role: make_user(role, name, role=role) for role, name in names.items()}
    return {**made, roles.OFFICER: officer, roles.CHIEF: chief}


def _enrol(house: House) -> None:
    """Three experts of units that take no part judge the track and the final."""
    chief, edition = house.staff[roles.CHIEF], house.edition
    for number, name in enumerate(EXPERTS, start=1):
        experts.enrol(
            make_user(f"expert{number}", name, role=roles.EXPERT),
            edition=edition,
            actor=chief,
            title="研究员",
            tracks=[1],
            units=[(f"太原第{number}研究院", "")],
        )
    roll, track = house.roll, edition.tracks.get(number=1)
    for round_, one in ((Round.PRELIMINARY, track), (Round.FINAL, None)):
        experts.set_panel(edition, round=round_, track=one, experts=roll, chair=roll[0], actor=chief)


def marks(house: House, round_: str, entry_id: int) -> dict[str, str]:
    """What every expert thinks of an entry, item by item."""
    percent = WORTH[[entry.pk for entry in house.entries].index(entry_id)]
    return {item.key: f"{item.points * percent / 100:.2f}" for item in items(round_of(house.edition, round_))}


def rest_scores(house: House, round_: str) -> None:
    """Everybody else submits the sheets that are open."""
    rows = Assignment.objects.filter(edition=house.edition, round=round_, status=AssignmentStatus.OPEN)
    for one in rows.select_related("expert__user"):
        sheets.submit(
            one, actor=one.expert.user, marks=marks(house, round_, one.entry_id), comment="依据充分。"
        )


def undertaker(edition: Edition) -> Organisation:
    """Where prizes are collected."""
    return Organisation.objects.filter(edition=edition, role=Organisation.Role.UNDERTAKER).earliest(
        "position"
    )
