"""Score sheets: drafts, submitted for good, corrected by a new row; reminders; what counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competition import clock
from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, WrongState
from competition.models import Edition, OutboxMessage, Stage, User
from judging.models import Assignment, BlindPage, FinalSession, Presentation, Result, ScoreSheet
from judging.services import materials, sheets
from submissions.models import Entry
from tests.contest import accepted_entry, people
from tests.fixtures import make_user
from tests.judging.blinding import assigned, blind_pdf, full_marks, judge, posted, released


@pytest.fixture
def entry(edition: Edition, lihua: User, qianjin: User, open_stage: Callable[..., Stage]) -> Entry:
    """An accepted entry with released material; the preliminary is open."""
    open_stage("preliminary")
    entry = accepted_entry(edition, lihua, blind_pdf=blind_pdf("图一", "图二"))
    released(entry, qianjin)
    return entry


@pytest.fixture
def assignment(entry: Entry, sunmei: User) -> Assignment:
    return assigned(entry, judge(entry.edition, sunmei))


def submit(assignment: Assignment, **changes: str) -> ScoreSheet:
    return sheets.submit(
        assignment,
        actor=assignment.expert.user,
        marks=full_marks(assignment.edition, assignment.round, **changes),
        comment="依据充分。",
    )


@pytest.mark.rule("R18")
def test_a_sheet_is_sealed_with_number_hash_and_total(assignment: Assignment) -> None:
    sheet = submit(assignment, effects__needs="4.5", route="０")

    assignment.refresh_from_db()
    assert (sheet.total, sheet.marks["effects.needs"], sheet.marks["route"]) == (
        Decimal("84.5"),
        "4.50",
        "0.00",
    )
    assert sheet.number == f"PF{assignment.edition_id}-{assignment.code}-01"
    assert sheet.sha256 == sheets.sheet_hash(
        sheet.number, "preliminary", sheet.marks, "依据充分。", "", "", sheet.submitted_at
    )
    assert assignment.status == "submitted"
    with pytest.raises(WrongState, match="已经提交"):
        submit(assignment)


@pytest.mark.rule("R18")
@pytest.mark.parametrize("wrong", ["", "20.01", "-1", "1.234", "abc", "1e1", "NaN"])
def test_marks_out_of_range_are_refused_by_item(assignment: Assignment, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        submit(assignment, data_basis=wrong)

    assert list(refused.value.problems) == ["data_basis"]
    assert not ScoreSheet.objects.exists()


@pytest.mark.rule("R16", "R18")
def test_strangers_other_experts_and_officers_cannot_score(
    assignment: Assignment, zhaolei: User, qianjin: User
) -> None:
    (other,) = people("expert", ["吴刚"])
    judge(assignment.edition, other)

    for person in (zhaolei, qianjin, other):
        with pytest.raises(NotAllowed):
            sheets.submit(assignment, actor=person, marks=full_marks(assignment.edition), comment="")
        with pytest.raises(NotAllowed):
            sheets.save_draft(assignment, actor=person, marks={}, comment="", version=0)


def test_before_and_after_the_stage_nothing_is_scored(
    assignment: Assignment, close_stage: Callable[[str], Stage]
) -> None:
    close_stage("preliminary")

    with pytest.raises(StageClosed):
        submit(assignment)
    in_time = clock.real_now() - timedelta(minutes=11)
    with pytest.raises(StageClosed):  # it arrived in time, but longer ago than is honoured
        sheets.submit(
            assignment,
            actor=assignment.expert.user,
            marks=full_marks(assignment.edition),
            comment="",
            at=in_time,
        )


@pytest.mark.rule("R16")
def test_material_that_is_not_released_cannot_be_scored(assignment: Assignment, qianjin: User) -> None:
    materials.take_back(assignment.entry.blind, officer=qianjin, reason="第一页有标识")

    with pytest.raises(WrongState, match="正在检查"):
        submit(assignment)


def test_drafts_are_kept_as_typed_and_never_overwritten(assignment: Assignment) -> None:
    actor = assignment.expert.user
    draft = sheets.save_draft(
        assignment, actor=actor, marks={"route": "abc", "x": "1"}, comment="草", version=0
    )

    with pytest.raises(StaleVersion):
        sheets.save_draft(assignment, actor=actor, marks={}, comment="", version=0)
    again = sheets.save_draft(assignment, actor=actor, marks={"route": "9"}, comment="稿", version=1)

    assert (draft.marks, draft.version) == ({"route": "abc"}, 1)
    assert (again.pk, again.marks, again.comment, again.version) == (draft.pk, {"route": "9"}, "稿", 2)


@pytest.mark.rule("R18")
def test_a_correction_is_a_new_row_with_its_reason(assignment: Assignment, qianjin: User) -> None:
    first, actor = submit(assignment), assignment.expert.user
    marks = full_marks(assignment.edition, route="10")

    with pytest.raises(Invalid, match="原因"):
        sheets.correct(first, actor=actor, marks=marks, comment="", reason=" ")
    with pytest.raises(NotAllowed):
        sheets.correct(first, actor=qianjin, marks=marks, comment="", reason="代改")
    second = sheets.correct(first, actor=actor, marks=marks, comment="改", reason="技术路线误填")
    with pytest.raises(WrongState, match="已经更正过"):
        sheets.correct(first, actor=actor, marks=marks, comment="", reason="再改")

    assert (second.replaces, second.number[-2:], second.total) == (first, "02", Decimal(95))
    (counted,) = sheets.counted(assignment.edition, "preliminary")[assignment.entry_id]
    assert counted.total == Decimal(95)


def test_once_a_result_is_proposed_nothing_is_submitted_or_corrected(
    assignment: Assignment, entry: Entry, qianjin: User
) -> None:
    sheet = submit(assignment)
    (other,) = people("expert", ["吴刚"])
    late = assigned(entry, judge(entry.edition, other))
    Result.objects.create(
        edition=entry.edition, round="preliminary", content={}, sha256="", proposed_by=qianjin,
        proposed_at=clock.now(entry.edition),
    )  # fmt: skip

    with pytest.raises(WrongState, match="结果已经提出"):
        sheets.correct(sheet, actor=sheet.assignment.expert.user, marks={}, comment="", reason="改")
    with pytest.raises(WrongState, match="结果已经提出"):
        submit(late)


@pytest.mark.rule("R18")
def test_recused_and_void_sheets_do_not_count(assignment: Assignment, entry: Entry) -> None:
    submit(assignment)
    (other,) = people("expert", ["吴刚"])
    second = assigned(entry, judge(entry.edition, other))
    submit(second, route="5")
    Assignment.objects.filter(pk=assignment.pk).update(status="recused")

    counted = sheets.counted(entry.edition, "preliminary")

    assert {key: [one.total for one in found] for key, found in counted.items()} == {entry.pk: [Decimal(90)]}
    assert sheets.counted(entry.edition, "final") == {}


@pytest.mark.rule("R29")
def test_in_the_final_a_sheet_waits_for_the_presentation(entry: Entry, sunmei: User) -> None:
    juror = assigned(entry, judge(entry.edition, sunmei), round="final")
    session = FinalSession.objects.create(edition=entry.edition, status="running")
    presentation = Presentation.objects.create(session=session, entry=entry, position=1)

    with pytest.raises(WrongState, match="尚未开始"):
        submit(juror)
    presentation.started_at = clock.now(entry.edition)
    presentation.save()
    sheet = submit(juror)

    assert sheet.total == Decimal(100)
    assert list(sheets.counted(entry.edition, "final")) == [entry.pk]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judging_scoresheet SET total = 1",
        "DELETE FROM judging_scoresheet",
        "TRUNCATE judging_scoresheet CASCADE",
    ],
)
def test_a_submitted_sheet_is_immutable(assignment: Assignment, statement: str) -> None:
    sheet = submit(assignment)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert ScoreSheet.objects.get(pk=sheet.pk).total == Decimal(100)


def test_an_expert_is_reminded_once_a_day_without_a_word_about_entries(
    assignment: Assignment, qianjin: User, zhaolei: User
) -> None:
    told = sheets.remind(assignment.expert, round="preliminary", actor=qianjin)
    again = sheets.remind(assignment.expert, round="preliminary", actor=qianjin)

    message = OutboxMessage.objects.get(kind="sheet.remind")
    assert (told, again, message.recipient) == (True, False, assignment.expert.user.email)
    assert "1份评分表" in message.body
    assert assignment.code not in message.body
    with pytest.raises(NotAllowed):
        sheets.remind(assignment.expert, round="preliminary", actor=zhaolei)
    submit(assignment)
    assert sheets.remind(assignment.expert, round="preliminary", actor=qianjin) is False


def test_an_expert_scores_on_the_page_and_gets_a_receipt(
    assignment: Assignment, as_user: Callable[[User | None], Client]
) -> None:
    client, address = as_user(assignment.expert.user), f"/expert/{assignment.code}/"
    marks = full_marks(assignment.edition)

    read = client.get(address).content.decode()
    saved = client.post(
        address, posted(marks, version="0", comment="好"), headers={"Accept": "application/json"}
    )
    stale = client.post(address, posted({}, version="0"), headers={"Accept": "application/json"})
    checked = client.post(address, posted(marks, version="1", comment="好", do="check"))
    confirm = client.get(checked["Location"]).content.decode()
    wrong = client.post(f"{address}submit/", {"version": "1"})
    done = client.post(f"{address}submit/", {"version": "2"})
    receipt = client.get(done["Location"]).content.decode()

    sheet = ScoreSheet.objects.get()
    assert "项目的数据来源的范围和渠道" in read
    assert (saved.status_code, saved.json()["version"], saved.json()["problems"]) == (200, 1, [])
    assert (stale.status_code, wrong.status_code) == (409, 409)
    assert "100.00" in confirm
    assert sheet.number in receipt
    assert sheet.sha256 in receipt
    assert client.get(address)["Location"] == f"{address}receipt/"
    changed = client.post(
        f"{address}correct/", posted(marks | {"route": "1"}, number=sheet.number, comment="", reason="误填")
    )
    assert changed.status_code == 302
    assert "取代" in client.get(changed["Location"]).content.decode()


def test_an_unfinished_sheet_is_sent_back_to_the_page_with_its_problems(
    assignment: Assignment, as_user: Callable[[User | None], Client]
) -> None:
    client, address = as_user(assignment.expert.user), f"/expert/{assignment.code}/"
    client.post(address, posted({"route": "16"}, version="0"))

    page = client.get(f"{address}confirm/")

    assert page.status_code == 422
    assert "“技术路线”应在0至15分之间。" in page.content.decode()


@pytest.mark.rule("R16")
def test_pages_are_there_only_while_shown_and_released(
    assignment: Assignment, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, address = as_user(assignment.expert.user), f"/expert/{assignment.code}/page/"
    material = assignment.entry.blind
    BlindPage.objects.filter(material=material, number=2).update(verdict="withheld", reason="标识")

    shown, withheld, none = (client.get(f"{address}{number}.png") for number in (1, 2, 3))
    materials.take_back(material, officer=qianjin, reason="第一页有标识")
    later = client.get(f"{address}1.png")

    assert [one.status_code for one in (shown, withheld, none, later)] == [200, 404, 404, 404]
    assert shown["Cache-Control"].startswith("private, no-store") or "no-store" in shown["Cache-Control"]
    assert not {"ETag", "Last-Modified"} & set(shown.headers)
    assert shown["Content-Disposition"] == "inline"
    assert "材料正在检查" in client.get(f"/expert/{assignment.code}/").content.decode()


def test_the_office_sees_progress_and_prints_a_sheet(
    assignment: Assignment, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(qianjin)

    late = client.get("/secretariat/scoring/").content.decode()
    reminded = client.post(f"/secretariat/scoring/{assignment.expert_id}/remind/", {"round": "preliminary"})
    again = client.get("/secretariat/scoring/").content.decode()
    sheet = submit(assignment)
    pdf = client.get(f"/secretariat/sheets/{sheet.number}.pdf")

    assert ("孙梅" in late, reminded.status_code, "今天已提醒" in again) == (True, 302, True)
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("page", ["/expert/", "/secretariat/scoring/", "/secretariat/blind/"])
def test_lists_ask_the_same_number_of_questions_for_one_and_three_rows(
    page: str, edition: Edition, entry: Entry, assignment: Assignment, qianjin: User, as_user: Any
) -> None:
    client = as_user(assignment.expert.user if page == "/expert/" else qianjin)

    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    questions()
    one = questions()
    for number, user in enumerate(people("expert", ["吴刚", "郑洁"])):
        more = accepted_entry(edition, make_user(f"owner-{number}", "队长", phone=f"+861390013900{number}"))
        assigned(more, assignment.expert)
        assigned(entry, judge(edition, user))
    three = questions()

    assert (three, one <= 12) == (one, True)


@pytest.mark.rule("R29")
def test_the_final_is_not_blind_on_the_page(
    entry: Entry, sunmei: User, as_user: Callable[[User | None], Client]
) -> None:
    juror = assigned(entry, judge(entry.edition, sunmei), round="final")
    session = FinalSession.objects.create(edition=entry.edition, status="running")
    Presentation.objects.create(session=session, entry=entry, position=3, started_at=clock.now(entry.edition))
    client = as_user(sunmei)
    file = entry.blind.revision.content["attachments"][0]["key"]

    listed = client.get("/expert/").content.decode()
    page = client.get(f"/expert/{juror.code}/").content.decode()
    opened = client.get(f"/expert/final/{juror.pk}/file/{file}/")
    unknown = client.get(f"/expert/final/{juror.pk}/file/{uuid4()}/")

    assert entry.team.project_name in listed
    assert (entry.team.name in page, "现场演示与答辩" in page, 'name="mark-presentation"' in page) == (
        True,
    ) * 3
    assert (opened.status_code, unknown.status_code) == (200, 404)
    opened.close()


@pytest.mark.rule("R16")
def test_an_expert_who_stands_aside_sees_the_entry_no_more(
    assignment: Assignment, as_user: Callable[[User | None], Client]
) -> None:
    client, address = as_user(assignment.expert.user), f"/expert/{assignment.code}/"

    refused = client.post(f"{address}recuse/", {"recusal": " "})
    done = client.post(f"{address}recuse/", {"recusal": "曾为该单位提供咨询"})

    assert (refused.status_code, done.status_code, done["Location"]) == (422, 302, "/expert/")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}page/1.png").status_code == 404
