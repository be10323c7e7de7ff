"""From the accepted entry to the verified certificate: everybody who decides, each in an own browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from awards.models import Award, Certificate, Payout, PublicityNotice, Report, Ruling
from awards.services import payouts, reports
from competition import reconciler, roles
from competition.edition_schema import EditionData
from competition.models import User
from judging.models import Assignment, Gate, ScoreSheet, Verification
from judging.services import gates, verification
from judging.workflow import GateStatus, Mode, Round
from tests.browser.doing import fill, press, saved, sign_in
from tests.browser.ground import House, lay_ground, marks, rest_scores, undertaker
from tests.chromium import Window
from tests.factories import mobile, pdf, resident_id

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Window]
As = Callable[[User], Window]
FINALS = "2025-08-08T09:00"
MATTER = "申报材料中的应用案例实际由其他单位完成，合同编号可以证明。"


@pytest.fixture
def house(
    settings: LazySettings, edition_data: EditionData, lihua: User, officer: User, sunli: User
) -> House:
    made = lay_ground(edition_data, lihua, officer, sunli)
    settings.CURRENT_EDITION = made.edition.slug
    return made


def test_accepted_entry_is_judged_awarded_published_and_certified(
    house: House, lihua: User, open_window: Open, window_of: As
) -> None:
    qianjin, sunli = open_window(), window_of(house.staff[roles.CHIEF])
    host, anybody = window_of(house.staff[roles.HOST]), open_window()
    sunmei = window_of(house.roll[0].user)

    recommend(window_of(house.staff[roles.DEPARTMENT]), house)
    release_blind_material(qianjin, house)
    assign(qianjin, house)
    score(sunmei, house)
    decide_the_preliminary(qianjin, sunli, house)
    verify_technically(qianjin, house)
    prepare_and_draw(host, house)
    present(host, house)
    judge_the_presentation(sunmei, house)
    decide_the_final(host, window_of(house.staff[roles.SUPERVISOR]), house)
    award_and_publish(qianjin, sunli, house)
    report_with_a_name(anybody, house)
    conclude(house)
    number = download_the_certificate(window_of(lihua), house)
    check_the_certificate(anybody, number)
    hand_over(window_of(house.staff[roles.PAYOUTS]), house, number)

    mine = Award.objects.get(entry=house.entries[0])
    assert (mine.tier.key, mine.status) == ("first", "confirmed")
    assert set(Award.objects.values_list("status", flat=True)) == {"confirmed"}
    assert Certificate.objects.filter(status="issued").count() == len(house.entries)
    assert Payout.objects.get(award=mine).status == "paid"
    assert Report.objects.get().status == "dismissed"


def recommend(window: Window, house: House) -> None:
    """The department's reviewer reads Lihua's entry and recommends it; the others follow."""
    page = window.page
    page.goto("/gatekeeping/")
    window.shot("70-gates")
    page.get_by_role("link", name=house.entries[0].team.project_name).click()
    window.shot("71-gate")
    page.get_by_label("意见", exact=True).fill("符合赛题方向，同意推荐。")
    press(page, "推荐", exact=True)
    expect(page.get_by_text("已推荐").first).to_be_visible()
    window.shot("72-recommended")
    for gate in Gate.objects.filter(edition=house.edition, status=GateStatus.WAITING):
        gates.recommend(gate, actor=house.staff[roles.DEPARTMENT])


def release_blind_material(window: Window, house: House) -> None:
    """The officer looks at each page, then releases; the next material follows by itself."""
    reconciler.run()
    page = window.page
    page.goto("/secretariat/blind/")
    sign_in(page, house.staff[roles.OFFICER])
    expect(page.get_by_role("heading", name="盲评材料")).to_be_visible()
    window.shot("73-blind-list")
    page.get_by_role("link", name=house.entries[0].team.project_name).click()
    window.shot("74-blind")
    for number in (1, 2):
        press(page.locator(f"#page-{number}"), "给专家看", exact=True)
        expect(page.locator(f"#page-{number}").get_by_text("给专家看").first).to_be_visible()
    expect(page.get_by_text("2 / 2")).to_be_visible()
    window.shot("75-blind-looked")
    for entry in house.entries:
        if entry != house.entries[0]:
            page.goto("/secretariat/blind/")
            page.get_by_role("link", name=entry.team.project_name).click()
        press(page, "放行给专家")
        expect(page.get_by_text(f"“{entry.team.project_name}”的匿名评审材料已放行。")).to_be_visible()


def assign(window: Window, house: House) -> None:
    """Each entry gets three experts, by computation."""
    house.at("2025-07-28 10:00")
    page = window.page
    page.goto("/secretariat/assignments/")
    press(page, "分配", exact=True)
    expect(page.get_by_text("全部配齐")).to_be_visible()
    window.shot("76-assigned")


def score(window: Window, house: House) -> None:
    """Sunmei scores Lihua's entry without knowing whose it is; what she types is saved by itself."""
    page, entry = window.page, house.entries[0]
    mine = Assignment.objects.get(expert=house.roll[0], entry=entry)
    page.goto("/expert/")
    window.shot("76-reviews")
    page.get_by_role("link", name=mine.code).click()
    expect(page.get_by_text(entry.team.name)).to_have_count(0)
    write_the_sheet(page, house, mine)
    page.reload()
    expect(page.locator("[data-total]")).to_have_text("92.00")
    window.shot("77-score")
    submit_the_sheet(window, mine)
    window.shot("79-score-receipt")
    rest_scores(house, Round.PRELIMINARY)


def write_the_sheet(page: Page, house: House, assignment: Assignment) -> None:
    given = marks(house, assignment.round, assignment.entry_id)
    fill(page, {f"mark-{key}": value for key, value in given.items()} | {"comment": "数据来源清楚。"})
    saved(page)


def submit_the_sheet(window: Window, assignment: Assignment) -> None:
    page = window.page
    press(page, "核对并提交")
    if assignment.round == Round.PRELIMINARY:
        window.shot("78-score-confirm")
    press(page, "提交评分表")
    expect(page.get_by_role("heading", name="评分表已提交")).to_be_visible()
    sheet = ScoreSheet.objects.get(assignment=assignment)
    expect(page.get_by_role("heading", name=sheet.number)).to_be_visible()
    expect(page.get_by_text(sheet.sha256)).to_be_visible()


def decide_the_preliminary(window: Window, chief: Window, house: House) -> None:
    """The officer proposes ranking and seats, the chief confirms."""
    house.at("2025-08-01 10:00")
    window.page.goto("/secretariat/results/")
    window.shot("80-results")
    press(window.page, "提出初赛结果")
    expect(window.page.get_by_text("结果已提出")).to_be_visible()
    chief.page.goto("/secretariat/results/")
    chief.page.get_by_role("link", name="查看结果").click()
    chief.shot("81-result-proposed")
    press(chief.page, "确认结果")
    expect(chief.page.get_by_text("初赛结果已确认")).to_be_visible()
    chief.shot("82-result-confirmed")
    assert Verification.objects.filter(edition=house.edition).count() == len(house.entries)


def verify_technically(window: Window, house: House) -> None:
    """Lihua's is arranged and recorded on the page, the others by the same services."""
    house.at("2025-08-04 10:00")
    page, expert = window.page, house.roll[1]
    page.goto("/verifications/")
    page.get_by_role("link", name=house.entries[0].team.project_name).click()
    plan = page.locator("section", has=page.get_by_role("heading", name="时间、地点和专家"))
    plan.locator("input[type=datetime-local]").fill("2025-08-05T09:00")
    plan.get_by_label("地点").fill("山西省数据局三层会议室")
    plan.get_by_role("checkbox", name=re.compile(expert.user.full_name)).check()
    press(plan, "保存安排")
    window.shot("83-verification")
    record = page.locator("section", has=page.get_by_role("heading", name="登记验证结果"))
    for name in ("technology", "data_source", "rights"):
        record.locator(f'[name$="{name}"][value="yes"]').check()
    record.get_by_label("验证意见").fill("现场查看系统运行与数据台账，三项审查均无异议。")
    record.get_by_role("checkbox", name=re.compile(expert.user.full_name)).check()
    press(record, "登记结果")
    expect(page.get_by_role("heading", name="验证结果", exact=True)).to_be_visible()
    window.shot("84-verified")
    for one in Verification.objects.filter(edition=house.edition, status="waiting"):
        verification.record(
            one, actor=house.staff[roles.OFFICER], technology=True, data_source=True, rights=True,
            opinion="无异议。", mode=Mode.ON_SITE, experts=[expert],
        )  # fmt: skip


def prepare_and_draw(window: Window, house: House) -> None:
    """Date and place, the list with the commitment, two numbers called out before a witness."""
    house.at("2025-08-06 10:00")
    page = window.page
    page.goto("/final/")
    page.get_by_label("时间", exact=True).fill(FINALS)
    page.get_by_label("地点", exact=True).fill("山西省数据局一层大厅")
    press(page, "保存", exact=True)
    press(page, "公布决赛名单")
    expect(page.get_by_text("已公布，团队会收到通知")).to_be_visible()
    window.shot("85-final-listed")
    for row, (caller, number) in enumerate((("数智先锋队", "17"), ("公证员", "42")), start=1):
        page.get_by_label(f"第{row}个报数人").fill(caller)
        page.get_by_label(f"第{row}个数", exact=True).fill(number)
    page.locator('[name="witness"]').select_option(str(house.staff[roles.SUPERVISOR].pk))
    press(page, "抽签并公布记录")
    expect(page.get_by_text("出场顺序已抽签")).to_be_visible()
    window.shot("86-final-drawn")
    page.get_by_role("link", name="公开的名单和抽签记录").click()
    window.shot("87-final-draw")


def present(window: Window, house: House) -> None:
    """Three finalists present, one after another."""
    house.at("2025-08-08 09:00")
    page = window.page
    page.goto("/final/")
    for row in range(1, 4):
        press_in_row(page, row, "签到")
    for row in range(1, 4):
        press_in_row(page, row, "开始展示")
        press_in_row(page, row, "展示结束")
    window.shot("88-final-presented")


def press_in_row(page: Page, row: int, name: str) -> None:
    with page.expect_navigation():
        press(page.locator("tbody tr").nth(row - 1), name)


def judge_the_presentation(window: Window, house: House) -> None:
    """Sunmei scores the finalist whose name she now knows."""
    page, entry = window.page, house.entries[0]
    mine = Assignment.objects.get(expert=house.roll[0], entry=entry, round=Round.FINAL)
    page.goto(f"/expert/{mine.code}/")
    expect(page.get_by_role("heading", level=1, name=entry.team.project_name)).to_be_visible()
    write_the_sheet(page, house, mine)
    submit_the_sheet(window, mine)
    rest_scores(house, Round.FINAL)


def decide_the_final(window: Window, supervisor: Window, house: House) -> None:
    """The host proposes the ranking, the supervisor locks it."""
    window.page.goto("/final/lock/")
    window.shot("89-final-ranking")
    press(window.page, "提出决赛结果")
    supervisor.page.goto("/final/lock/")
    supervisor.shot("90-final-lock")
    press(supervisor.page, "锁定决赛成绩")
    expect(supervisor.page.get_by_text("决赛成绩已锁定")).to_be_visible()


def award_and_publish(window: Window, chief: Window, house: House) -> None:
    """Prizes by the ranking, the notice proposed by the officer and published by the chief."""
    house.at("2025-08-20 10:00")
    page = window.page
    page.goto("/secretariat/awards/")
    press(page, "按决赛结果拟定奖项")
    expect(page.get_by_text("已拟定4个奖项")).to_be_visible()
    window.shot("91-awards")
    page.goto("/secretariat/publicity/")
    press(page, "拟定公示")
    window.shot("92-notice-proposed")
    notice = PublicityNotice.objects.get()
    chief.page.goto(f"/secretariat/publicity/{notice.number}/")
    press(chief.page, "发布公示")
    expect(chief.page.get_by_text("至2025年8月27日24时", exact=True)).to_be_visible()
    chief.shot("93-notice-published")


def report_with_a_name(window: Window, house: House) -> None:
    """Somebody without an account reads the notice and reports Lihua's award, with evidence."""
    page, subject = window.page, house.entries[0].team.project_name
    page.goto("/publicity/")
    page.get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_text(subject).first).to_be_visible()
    window.shot("94-notice")
    page.get_by_role("link", name="实名举报").first.click()
    award = Award.objects.get(entry=house.entries[0])
    page.get_by_label("举报的奖项").select_option(str(award.pk))
    page.get_by_label("举报事项").fill(MATTER)
    page.locator("input[type=file]").set_input_files(
        {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": pdf("合同.pdf").read()}
    )
    page.get_by_label("真实姓名").fill("郑知晓")
    page.get_by_label("证件号码").fill(resident_id(7))
    page.get_by_label("手机").fill(mobile(99))
    page.get_by_role("checkbox", name=re.compile("真实身份")).check()
    window.shot("95-report")
    press(page, "提交举报")
    expect(page.get_by_role("heading", name=re.compile("举报已收到"))).to_be_visible()
    window.shot("96-report-received")


def conclude(house: House) -> None:
    """The publicity ends while the case is open; it is dismissed, certificates are made."""
    handler = house.staff[roles.CASE_HANDLER]
    reports.accept(Report.objects.get(), handler=handler)
    reports.note_findings(Report.objects.get(), handler=handler, findings="已调阅合同原件并听取双方说明。")
    house.at("2025-08-28 00:05")
    reconciler.run()
    assert Award.objects.get(entry=house.entries[0]).status == "published"
    reports.propose_ruling(
        Report.objects.get(), actor=house.staff[roles.COMMITTEE], upheld=False, answer="经核查，举报不成立。"
    )
    reports.confirm_ruling(Ruling.objects.get(), actor=house.second[roles.COMMITTEE])
    reconciler.run()


def download_the_certificate(window: Window, house: House) -> str:
    """From the team's page; the paper says what was awarded."""
    page, entry = window.page, house.entries[0]
    page.goto(entry.team.get_absolute_url())
    window.shot("97-team-awarded")
    link = page.get_by_role("link", name="下载证书")
    answer = window.context.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(pypdf.PdfReader(io.BytesIO(answer.body())).pages[0].extract_text().split())
    certificate = Certificate.objects.get(award__entry=entry)
    assert entry.team.project_name in text
    assert certificate.number in text
    return certificate.number


def check_the_certificate(window: Window, number: str) -> None:
    """Whoever scans the certificate's code sees that it holds, and what it says."""
    window.page.goto(f"/verify/{Certificate.objects.get(number=number).token}/")
    expect(window.page.get_by_text("这份证书由本赛事签发，现在有效。").first).to_be_visible()
    expect(window.page.get_by_text(number, exact=True).first).to_be_visible()
    window.shot("98-verified-certificate")


def hand_over(window: Window, house: House, number: str) -> None:
    """Against certificate and document; a second person confirms."""
    payouts.name_place(
        house.edition, organisation=undertaker(house.edition), address="太原市", hours="工作日",
        actor=house.staff[roles.COMMITTEE],
    )  # fmt: skip
    page, payout = window.page, Payout.objects.get(award__entry=house.entries[0])
    receiver = house.entries[0].team.representatives.get()
    page.goto("/payouts/")
    window.shot("99-payouts")
    page.get_by_role("link", name=house.entries[0].team.name).click()
    page.get_by_label("出示的证书编号").fill(number)
    page.get_by_label("领取人").select_option(receiver.name)
    page.get_by_label("证件号码").fill(receiver.document_number)
    page.get_by_label("收据编号").fill("SJ-001")
    press(page, "登记领取")
    expect(page.get_by_text("已登记领取，待第二人确认。").first).to_be_visible()
    window.shot("99-payout-handed")
    payouts.confirm(payout, actor=house.second[roles.PAYOUTS])
