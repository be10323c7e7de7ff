"""From signing up to the accepted entry: Lihua, Wangfang and officer Qianjin, each in an own browser."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page, Route, expect

from competition import reconciler
from competition.models import Edition, OutboxMessage, User
from registration.models import Team
from submissions.models import Attachment, Entry, Receipt
from tests import factories
from tests.browser.doing import code_in, fill, press, saved, sign_in, text_of
from tests.chromium import PHONE, Window
from tests.competition.filled import FORM, filled
from tests.sound import pdf_bytes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Window]
PDF = pdf_bytes()
TEAM = {"name": "乘数先锋队", "project_name": "煤矿安全多源数据融合预警平台"}
UNITS = (("山西晋安数据科技有限公司", 1), ("太原智矿信息技术有限公司", 2))
PEOPLE = (("李华", "13800138001"), ("王芳", "13800138002"))
BACKGROUND = "山西是煤炭大省，井下传感、人员定位与地质数据分散在多套系统中，难以及时发现风险。"


@dataclass
class Cast:
    """Who takes part, each at an own screen."""

    lihua: Window
    qianjin: Window


def paper(name: str) -> dict[str, Any]:
    """A PDF as a file chooser hands it over; another name is another file."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF + name.encode()}


def test_team_signs_up_registers_submits_and_is_accepted(
    edition: Edition, officer: User, open_window: Open, open_stage: Any, close_stage: Any
) -> None:
    lihua, qianjin = open_window(), open_window()
    open_stage("registration")

    sign_up(lihua)
    register(lihua)
    confirm_everybody(lihua, open_window)
    hand_in_registration(lihua)
    approve(qianjin, officer)
    close_stage("registration")
    open_stage("submission")
    write_the_form(lihua)
    check(lihua)
    freeze_and_print(lihua)
    hand_in(lihua)
    accept(qianjin)
    read_the_outcome(lihua)

    team, entry = Team.objects.get(), Entry.objects.get()
    assert (team.status, entry.status) == ("approved", "accepted")
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()


def sign_up(window: Window) -> None:
    """By a code to the phone, from the home page's own button."""
    page = window.page
    page.goto("/")
    window.shot("01-home")
    page.get_by_role("main").get_by_role("link", name=re.compile("报名")).first.click()
    window.shot("02-login")
    page.get_by_role("textbox", name=re.compile("^手机号")).fill(PEOPLE[0][1])
    press(page, "获取验证码")
    page.get_by_role("textbox", name="6位验证码").wait_for()  # the puzzle takes a moment
    window.shot("03-code")
    page.get_by_role("textbox", name="6位验证码").fill(code_in(text_of("account.code")))
    press(page, "确定")


def register(window: Window) -> None:
    page = window.page
    expect(page.get_by_role("heading", name="我的团队")).to_be_visible()
    window.shot("04-teams")
    press(page, "开始报名")
    page.get_by_label("姓名").fill(PEOPLE[0][0])
    window.shot("04-own-name")
    press(page, "继续报名")
    fill(page, TEAM)
    saved(page)
    window.shot("05-team")
    press(page, "保存并继续：参赛单位")
    add_units(window)
    add_people(window)
    page.get_by_label("按关键词查找赛题").fill("煤矿")
    window.shot("08-topic")
    topic = page.locator(".topic-option:visible").first
    topic.get_by_role("radio").check()
    press(page, "保存并继续：证明材料")
    upload_proofs(window)


def add_units(window: Window) -> None:
    """Two units; the second button is pressed while the first unit's text is still unsaved."""
    page = window.page
    for place, (name, number) in enumerate(UNITS):
        if place:
            press(page, "添加一家单位")
        card = page.locator("section.row-card").nth(place)
        path = card.get_attribute("id").removeprefix("id_")
        values = factories.unit_values(number, name=name)
        for level, code in enumerate(("140000", "140100", values.pop("region"))):
            card.locator(f'[data-level="{level}"]').select_option(code)
        fill(page, {f"{path}.{key}": value for key, value in values.items()})
    saved(page)
    window.shot("06-units")
    press(page, "保存并继续：参赛代表")


def add_people(window: Window) -> None:
    page = window.page
    for place, (name, mobile) in enumerate(PEOPLE):
        if place:
            press(page, "添加一名代表")
        card = page.locator("section.row-card").nth(place)
        path = card.get_attribute("id").removeprefix("id_")
        values = factories.person_values(place + 1, name=name, mobile=mobile)
        fill(page, {f"{path}.{key}": value for key, value in values.items()})
        card.get_by_label("所在单位").select_option(label=UNITS[place][0])
    saved(page)
    window.shot("07-people")
    press(page, "保存并继续：赛题")


def upload_proofs(window: Window) -> None:
    page = window.page
    expect(page.get_by_role("heading", name="证明材料", exact=True)).to_be_visible()
    window.shot("09-proofs-empty")
    for place in range(page.locator(".slot").count()):
        slot = page.locator(".slot").nth(place)
        slot.locator("input[type=file]").set_input_files(paper(f"证明材料{place + 1}.pdf"))
        press(slot, "上传")
        expect(slot.get_by_text("已上传", exact=True)).to_be_visible()
    window.shot("10-proofs")


def confirm_everybody(window: Window, open_window: Open) -> None:
    """Each opens the link of the SMS on the own phone, reads, consents and types the code."""
    page = window.page
    page.get_by_role("link", name="参赛代表").first.click()
    for name, mobile in PEOPLE:
        card = page.locator("section.row-card").filter(has=page.locator(f'input[value="{name}"]'))
        press(card, "发送确认短信")
        expect(page.get_by_text(f"确认短信已发给{name}")).to_be_visible()
        reconciler.run()
        sms = text_of("registration.confirm", f"+86{mobile}")
        phone = open_window(PHONE)
        phone.page.goto(re.search(r"http\S+", sms)[0])
        phone.shot(f"11-confirm-{mobile[-1]}")
        phone.page.locator("input[name=consent]").check()
        phone.page.get_by_label("短信验证码").fill(code_in(sms.partition("验证码")[2]))
        press(phone.page, "确认参加")
        expect(phone.page.get_by_text("您已完成确认")).to_be_visible()
        phone.shot(f"12-confirmed-{mobile[-1]}")
    page.reload()
    expect(page.get_by_text("本人已确认")).to_have_count(2)
    window.shot("13-people-confirmed")


def hand_in_registration(window: Window) -> None:
    page = window.page
    page.get_by_role("link", name="声明与提交").first.click()
    window.shot("14-declarations-open")
    for box in page.locator("#declarations input[type=checkbox]").all():
        box.check()
    saved(page)
    expect(page.get_by_text("全部填写完成，可以提交了。")).to_be_visible()
    window.shot("15-declarations")
    press(page, "提交报名")
    window.shot("16-sure")
    press(page.get_by_role("dialog"), "提交报名")
    expect(page.get_by_text("报名已提交，等待资格审核。")).to_be_visible()
    window.shot("17-team-submitted")


def approve(window: Window, officer: User) -> None:
    """With password and second factor; from the queue to the case, then the decision."""
    page = window.page
    page.goto("/admin/")
    sign_in(page, officer)
    page.wait_for_url("**/admin/")
    window.shot("20-admin")
    page.goto("/admin/registration/team/")
    window.shot("21-queue")
    page.get_by_role("link", name=re.compile(TEAM["name"])).click()
    window.shot("22-case")
    page.set_input_files("input[name=evidence]", paper("信用中国.pdf"))
    press(page, "登记", exact=True)
    expect(page.get_by_text("信用记录待查")).to_have_count(0)
    window.shot("22-looked-up")
    press(page, "通过", exact=True)
    window.shot("23-sure")
    press(page.get_by_role("dialog"), "通过")
    expect(page.locator(".messagelist, .messages").get_by_text("通过")).to_be_visible()
    window.shot("24-approved")


def write_the_form(window: Window) -> None:
    """Section by section; the background is typed key by key, past nine tenths of its cap."""
    page = window.page
    page.goto(Team.objects.get().get_absolute_url())
    window.shot("30-team-approved")
    page.get_by_role("main").get_by_role("link", name=re.compile("填写|开始|申报书")).first.click()
    window.shot("31-entry")
    page.locator(".section-list a").first.click()
    for section in FORM.sections:
        for unit in UNITS if section.repeat else UNITS[:1]:
            expect(page.get_by_role("heading", level=1)).to_contain_text(
                unit[0] if section.repeat else section.title
            )
            write_section(window, section.key)
            if section.key != "attachments":
                press(page, "保存并继续")


def write_section(window: Window, key: str) -> None:
    page = window.page
    page.wait_for_load_state("load")  # the scripts are there
    fill(page, {name: value for name, value in filled(key).items() if name != "background"})
    if key == "overview":
        type_background(page)
    upload_what_is_asked(page)
    window.shot(f"32-section-{key}")


def upload_what_is_asked(page: Page) -> None:
    """A file goes up in every slot that asks for one, while the rest of the page stays as it is."""
    waiting = page.locator("form[data-autosave] section.slot").filter(has_text="待上传")
    for slot in [one.get_attribute("id") for one in waiting.all()]:
        box = page.locator(f'[id="{slot}"]')
        box.locator("input[type=file]").set_input_files(paper(f"{slot}.pdf"))
        expect(box.locator("[data-state=check]")).to_be_visible(timeout=15_000)
        reconciler.run()
        expect(box.get_by_text("已上传", exact=True)).to_be_visible(timeout=15_000)


def type_background(page: Page) -> None:
    """The field holds most of its cap already; what is typed brings the counter out."""
    field = page.get_by_label(re.compile("背景"))
    counter = page.locator(f"[data-counter-for='{field.get_attribute('id')}']")
    cap = int(counter.get_attribute("data-cap"))
    field.fill("数" * (cap - len(BACKGROUND) - 5))
    field.press("End")
    field.press_sequentially(BACKGROUND)
    expect(counter).to_have_text(f"已写 {cap - 5} 字，限 {cap} 字")
    saved(page)


def check(window: Window) -> None:
    """Nothing is missing any more."""
    page = window.page
    saved(page)
    page.get_by_role("link", name="检查缺漏").click()
    expect(page.get_by_text("没有缺漏，可以定稿盖章。")).to_be_visible()
    window.shot("34-check")
    page.get_by_role("link", name="去定稿").click()


def freeze_and_print(window: Window) -> None:
    """The form is frozen, the job makes its PDF, the waiting page opens it by itself."""
    page = window.page
    window.shot("40-freeze")
    press(page, "定稿", exact=True)
    expect(page.get_by_text("第1版已定稿。")).to_be_visible()
    window.shot("41-stamp")
    with window.context.expect_page() as opened:
        page.get_by_role("link", name="第1版申报书（PDF").click()
    waiting = opened.value
    expect(waiting.get_by_text("正在生成")).to_be_visible()
    window.shot("42-pdf-pending", waiting)
    printed: list[bytes] = []
    waiting.route("**/form.pdf", lambda route: take_the_paper(route, printed))
    reconciler.run()
    expect(waiting.get_by_text("打印好了")).to_be_visible()
    waiting.close()
    page.reload()
    first = pypdf.PdfReader(io.BytesIO(printed[0])).pages[0]
    assert TEAM["project_name"] in "".join(first.extract_text().split())


def take_the_paper(route: Route, printed: list[bytes]) -> None:
    """What the page opens is kept; chromium's own viewer stays away, it hangs when it is closed early."""
    if route.request.is_navigation_request():
        printed.append(route.fetch().body())
        route.fulfill(body="打印好了", content_type="text/plain; charset=utf-8")
    else:
        route.continue_()


def hand_in(window: Window) -> None:
    page = window.page
    page.locator("#scan-file").set_input_files(paper("盖章扫描件.pdf"))
    press(page, "上传")
    expect(page.get_by_text("第1版的盖章扫描件已上传。")).to_be_visible()
    window.shot("43-scanned")
    press(page, "提交第1版")
    receipt = Receipt.objects.get()
    expect(page.get_by_role("heading", name=receipt.number)).to_be_visible()
    expect(page.get_by_text(receipt.sha256)).to_be_visible()
    expect(page.get_by_text(hashlib.sha256(PDF + "盖章扫描件.pdf".encode()).hexdigest())).to_be_visible()
    window.shot("44-receipt")
    assert Attachment.objects.filter(removed_at__isnull=True).count() == 5


def accept(window: Window) -> None:
    page = window.page
    page.goto("/admin/submissions/entry/")
    window.shot("50-queue")
    page.get_by_role("link", name=re.compile(TEAM["project_name"])).click()
    window.shot("51-case")
    for item in page.locator("fieldset.case-item").all():
        item.get_by_role("radio", name="符合", exact=True).check()
    press(page, "通过", exact=True)
    press(page.get_by_role("dialog"), "通过")
    expect(page.get_by_text("已通过形式审查。")).to_be_visible()
    window.shot("52-accepted")


def read_the_outcome(window: Window) -> None:
    reconciler.run()
    window.page.goto(Team.objects.get().get_absolute_url())
    expect(window.page.get_by_text("作品已通过形式审查").first).to_be_visible()
    window.shot("60-team-accepted")
    window.page.goto(Entry.objects.get().get_absolute_url())
    expect(window.page.get_by_text("形式审查通过").first).to_be_visible()
    window.shot("61-entry-accepted")
