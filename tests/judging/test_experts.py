"""The roll of experts and the panels: who is on it, who may see it, what becomes of assignments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition import clock, roles
from competition.errors import Invalid, NotAllowed
from competition.models import Edition, User
from judging.models import Assignment, Conflict, Expert, Panel
from judging.services import assignments, experts
from judging.workflow import AssignmentStatus, Round
from tests.contest import accepted_entry, expert
from tests.factories import credit_code
from tests.judging.ranked import judges, recommended

UNITS = [("太原某研究院", "")]


@pytest.mark.rule("R07")
def test_invited_expert_is_enrolled_once_with_units_and_tracks(
    edition: Edition, sunmei: User, qianjin: User
) -> None:
    code = credit_code(77)
    first = experts.enrol(sunmei, edition=edition, actor=qianjin, tracks=[1], units=UNITS)

    again = experts.enrol(
        sunmei,
        edition=edition,
        actor=qianjin,
        title=" 教授 ",
        tracks=[2, 3],
        units=[("太原 某研究院", code.lower()), ("", "")],
    )

    assert (again.pk, again.title, again.is_active) == (first.pk, "教授", True)
    assert [track.number for track in again.tracks.order_by("number")] == [2, 3]
    assert [unit.credit_key for unit in again.units.all()] == [code]


@pytest.mark.parametrize("role", [role for role in roles.LABELS if role not in (roles.OFFICER, roles.CHIEF)])
def test_only_officers_and_chiefs_keep_the_roll(
    edition: Edition, sunmei: User, lihua: User, staff: Callable[..., User], role: str
) -> None:
    person, one, entry = staff(role), expert(edition, sunmei), accepted_entry(edition, lihua)

    with pytest.raises(NotAllowed):
        experts.enrol(sunmei, edition=edition, actor=person, tracks=[1], units=UNITS)
    with pytest.raises(NotAllowed):
        experts.set_panel(edition, round=Round.FINAL, track=None, experts=[one], chair=one, actor=person)
    with pytest.raises(NotAllowed):
        experts.add_conflict(one, entry, actor=person, reason="曾共事")


@pytest.mark.parametrize(
    ("units", "field"), [([], "units"), ([("", credit_code(1))], "units"), ([("某院", "123")], "units")]
)
def test_units_are_named_and_codes_are_codes(
    edition: Edition, sunmei: User, qianjin: User, units: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        experts.enrol(sunmei, edition=edition, actor=qianjin, tracks=[1], units=units)

    assert refused.value.field == field


@pytest.mark.rule("R16")
@pytest.mark.parametrize("role", [roles.OFFICER, roles.CHIEF, roles.DEPARTMENT])
def test_who_reads_entries_by_name_is_not_enrolled(
    edition: Edition, sunmei: User, qianjin: User, staff: Any, role: str
) -> None:
    sunmei.groups.add(staff(role).groups.get())

    with pytest.raises(Invalid, match="不能参加盲评"):
        experts.enrol(sunmei, edition=edition, actor=qianjin, tracks=[1], units=UNITS)

    assert sunmei not in experts.not_enrolled(edition)


def test_account_without_the_role_is_not_enrolled(edition: Edition, zhaolei: User, qianjin: User) -> None:
    with pytest.raises(Invalid, match="邀请"):
        experts.enrol(zhaolei, edition=edition, actor=qianjin, tracks=[1], units=UNITS)

    assert zhaolei not in experts.not_enrolled(edition)


@pytest.mark.rule("R07")
def test_unit_that_becomes_known_later_recuses(
    edition: Edition, sunmei: User, lihua: User, qianjin: User
) -> None:
    one = expert(edition, sunmei)
    mine, other = recommended(edition, lihua), recommended(edition, lihua)
    for entry in (mine, other):
        assignments.assign_one(entry, one, actor=qianjin, reason="增补")

    experts.edit(
        one,
        actor=qianjin,
        title="",
        field="",
        tracks=[1],
        units=[*UNITS, ("改过名称的公司", mine.team.units.get().credit_code)],
    )

    assert [Assignment.objects.get(entry=entry).status for entry in (mine, other)] == ["recused", "open"]
    assert Conflict.objects.get(expert=one).entry == mine


def test_expert_who_leaves_gives_back_what_is_not_scored(
    edition: Edition, sunmei: User, lihua: User, qianjin: User
) -> None:
    one = expert(edition, sunmei)
    entries = [recommended(edition, lihua) for _ in range(2)]
    first, second = (assignments.assign_one(entry, one, actor=qianjin, reason="增补") for entry in entries)
    Assignment.objects.filter(pk=second.pk).update(status=AssignmentStatus.SUBMITTED)

    experts.edit(one, actor=qianjin, title="", field="", tracks=[1], units=UNITS, is_active=False)

    states = dict(Assignment.objects.values_list("pk", "status"))
    assert states == {first.pk: "recused", second.pk: "submitted"}


def test_conflict_found_by_staff_recuses_and_is_kept(
    edition: Edition, sunmei: User, lihua: User, qianjin: User
) -> None:
    one, entry = expert(edition, sunmei), recommended(edition, lihua)
    made = assignments.assign_one(entry, one, actor=qianjin, reason="增补")
    with pytest.raises(Invalid):
        experts.add_conflict(one, entry, actor=qianjin, reason=" ")

    for _ in range(2):
        found = experts.add_conflict(one, entry, actor=qianjin, reason="曾任项目顾问")

    made.refresh_from_db()
    assert (made.status, found.source, found.by) == ("recused", "staff", qianjin)
    assert Conflict.objects.count() == 1


def test_conflict_found_in_the_final_takes_the_sheets_of_both_rounds_away(
    edition: Edition, sunmei: User, lihua: User, qianjin: User
) -> None:
    one, entry = expert(edition, sunmei), recommended(edition, lihua)
    assignments.assign_one(entry, one, actor=qianjin, reason="增补")
    Assignment.objects.create(
        edition=edition, round="final", expert=one, entry=entry, assigned_at=clock.now(edition)
    )

    experts.add_conflict(one, entry, actor=qianjin, reason="曾任项目顾问")

    assert set(Assignment.objects.values_list("round", "status")) == {
        ("preliminary", "recused"),
        ("final", "recused"),
    }


@pytest.mark.rule("R18")
def test_panel_has_members_one_chair_and_brings_them_into_the_track(edition: Edition, qianjin: User) -> None:
    first, second, third = judges(edition, 3)
    track = edition.tracks.get(number=4)
    third.tracks.clear()
    for chair in (first, third):
        panel = experts.set_panel(
            edition,
            round=Round.PRELIMINARY,
            track=track,
            experts=[chair, second],
            chair=chair,
            actor=qianjin,
        )

    assert Panel.objects.get() == panel
    members = panel.members.order_by("expert").values_list("expert", "is_chair")
    assert list(members) == [(second.pk, False), (third.pk, True)]
    assert list(third.tracks.all()) == [track]


def test_panel_without_members_or_with_a_chair_from_outside_is_refused(
    edition: Edition, qianjin: User
) -> None:
    first, second = judges(edition, 2)
    Expert.objects.filter(pk=second.pk).update(is_active=False)
    second.refresh_from_db()

    for members, chair in (([], first), ([first], None), ([first], second), ([first, second], first)):
        with pytest.raises(Invalid):
            experts.set_panel(
                edition, round=Round.FINAL, track=None, experts=members, chair=chair, actor=qianjin
            )

    assert not Panel.objects.exists()


def test_officer_enrols_edits_and_notes_a_conflict_on_the_pages(
    edition: Edition, sunmei: User, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, entry = as_user(qianjin), accepted_entry(edition, lihua)
    new = reverse("judging:experts_new")
    refused = client.post(
        new, {"user": sunmei.pk, "title": "教授", "unit_1": "某院", "code_1": "12"}
    ).content.decode()
    client.post(new, {"user": sunmei.pk, "tracks": [1, 2], "unit_1": "某院"})
    one = Expert.objects.get()
    page = reverse("judging:experts_edit", args=[one.pk])
    client.post(page, {"field": "数据治理", "tracks": [2], "unit_1": "某院", "is_active": "on"})
    unknown = client.post(
        reverse("judging:experts_conflict", args=[one.pk]), {"reference": "E999999", "reason": "曾共事"}
    )
    client.post(
        reverse("judging:experts_conflict", args=[one.pk]), {"reference": entry.reference, "reason": "曾共事"}
    )
    shown = client.get(page).content.decode()

    one.refresh_from_db()
    assert "统一社会信用代码" in refused
    assert 'value="教授"' in refused
    assert (one.field, one.is_active) == ("数据治理", True)
    assert (unknown.status_code, "没有找到此编号的作品" in unknown.content.decode()) == (422, True)
    assert all(word in shown for word in (entry.reference, "曾共事", 'value="某院"'))


def test_panel_is_set_on_the_page_and_a_refusal_keeps_the_choice(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, (one, two) = as_user(qianjin), judges(edition, 2)

    refused = client.post(reverse("judging:panel_set", args=[0]), {"members": [one.pk]})
    done = client.post(reverse("judging:panel_set", args=[0]), {"members": [one.pk, two.pk], "chair": two.pk})

    text = refused.content.decode()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert "请从评审组成员中选定一名组长" in text
    assert f'id="m-0-{one.pk}" value="{one.pk}" checked' in text
    assert Panel.objects.get(track=None).members.get(is_chair=True).expert == two


def test_roll_is_of_its_edition_alone(
    edition: Edition, sunmei: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    one = expert(edition, sunmei)
    Edition.objects.create(
        slug="other", name="另一届", short_name="另一届", digest="other", data=edition.data, form=edition.form
    )

    def get(slug: str) -> int:
        kwargs = {"edition_slug": slug, "pk": one.pk}
        return as_user(qianjin).get(reverse("judging:experts_edit", kwargs=kwargs)).status_code

    assert (get(edition.slug), get("other")) == (200, 404)


@pytest.mark.parametrize("name", ["experts_list", "panels"])
def test_pages_ask_as_much_for_one_expert_as_for_three(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client], name: str
) -> None:
    client, address, counts = as_user(qianjin), reverse(f"judging:{name}"), []
    judges(edition, 1)
    client.get(address)

    for more in (0, 2):
        judges(edition, more)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 12
