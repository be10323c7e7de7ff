"""Two people in one section, a session that ends, the keyboard alone: what was typed stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from competition.accounts.session_store import SEEN_AT, SessionStore
from competition.models import Edition, PortalSession, User
from registration.models import Review, Team
from submissions import services
from submissions.models import Entry, EntrySection, KeptText
from tests.browser.doing import crash, press, saved, sign_in
from tests.chromium import Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Window]
As = Callable[[User], Window]


@pytest.fixture
def overview(approved_team: Team, open_stage: Callable[..., Any]) -> str:
    """Where the background is written, by Lihua as well as by Wangfang."""
    open_stage("submission")
    return reverse("submissions:section", args=[Entry.objects.get().pk, "overview"])


def background(page: Page) -> Any:
    return page.locator("textarea[name=background]")


def stored() -> str:
    return str(EntrySection.objects.get(key="overview").answers["background"])


def end_session(user: User, idle: timedelta) -> None:
    """The person did nothing for so long, as the server sees it."""
    store = SessionStore(PortalSession.objects.filter(user=user).latest("seen_at").session_key)
    store[SEEN_AT] = time.time() - idle.total_seconds()
    store.save()


def log_in_again(window: Window, user: User) -> None:
    """In the window that the dialog opens; then back and on."""
    with window.context.expect_page() as opened:
        window.page.get_by_role("link", name="重新登录").click()
    sign_in(opened.value, user)
    expect(opened.value.get_by_text("可以关闭本窗口")).to_be_visible()
    opened.value.close()
    retry = window.page.get_by_role("button", name="我已登录，继续")
    if retry.is_visible():
        retry.click()
    expect(window.page.locator("#session-ended")).to_be_hidden()


def two_windows(window_of: As, lihua: User, wangfang: User, address: str) -> tuple[Window, Window]:
    """Wangfang's and Lihua's browsers on one section."""
    first, second = window_of(wangfang), window_of(lihua)
    second.expected = ("409",)
    for window in (first, second):
        window.page.goto(address, wait_until="networkidle")
    return first, second


def test_two_people_in_different_fields_are_merged_without_a_question(
    overview: str, window_of: As, lihua: User, wangfang: User
) -> None:
    first, second = two_windows(window_of, lihua, wangfang, overview)
    expect(second.page.locator("[data-presence]")).to_contain_text("王芳 正在填写本部分")
    background(first.page).fill("王芳写的背景")
    saved(first.page)

    second.page.locator("textarea[name=scene]").fill("李华写的场景")
    expect(second.page.locator("[data-saved-text]")).to_contain_text("已合并 王芳 刚保存的内容")
    expect(background(second.page)).to_have_value("王芳写的背景")

    answers = EntrySection.objects.get(key="overview").answers
    assert (answers["background"], answers["scene"]) == ("王芳写的背景", "李华写的场景")


def test_two_people_in_one_text_see_both_and_neither_is_lost(
    overview: str, window_of: As, lihua: User, wangfang: User
) -> None:
    first, second = two_windows(window_of, lihua, wangfang, overview)
    background(first.page).fill("平台汇聚全省煤矿的安全数据。王芳写的背景。")
    saved(first.page)

    background(second.page).fill("平台汇聚全省煤矿的安全数据。李华写的背景。")
    dialog = second.page.get_by_role("dialog", name="1 处内容您和王芳都改了")
    expect(dialog.locator("mark").first).to_have_text("李华")
    second.shot("70-clash")
    assert stored() == "平台汇聚全省煤矿的安全数据。王芳写的背景。"
    dialog.get_by_label("用我的").check()
    press(dialog, "按所选保存")
    saved(second.page)
    expect(second.page.locator("[data-saved-text]")).to_contain_text("已按您的选择处理，已保存")
    expect(second.page.locator("[data-kept-list]")).to_be_visible()
    second.page.locator(".kept-text summary").click()
    second.shot("71-kept")

    assert stored() == "平台汇聚全省煤矿的安全数据。李华写的背景。"
    kept = KeptText.objects.get()
    assert (kept.text, kept.typed_by) == ("平台汇聚全省煤矿的安全数据。王芳写的背景。", wangfang)


def test_two_people_in_one_text_may_have_both_of_it(
    overview: str, window_of: As, lihua: User, wangfang: User
) -> None:
    first, second = two_windows(window_of, lihua, wangfang, overview)
    background(first.page).fill("王芳写的背景。")
    saved(first.page)
    background(second.page).fill("李华写的背景。")
    dialog = second.page.get_by_role("dialog", name="1 处内容您和王芳都改了")
    press(dialog, "稍后处理")
    expect(second.page.get_by_text("选择用哪一份之前，您的内容暂存在本机")).to_be_visible()
    assert stored() == "王芳写的背景。"

    press(second.page, "现在选择")
    dialog.get_by_label("两段都保留").check()
    press(dialog, "按所选保存")
    saved(second.page)

    assert "李华写的背景。" in stored() and "王芳写的背景。" in stored()
    assert not KeptText.objects.exists()


def test_clash_without_a_script_shows_both_and_keeps_what_is_replaced(
    overview: str, window_of: As, lihua: User, wangfang: User, chromium: Any, live_server: Any
) -> None:
    first = window_of(wangfang)
    first.page.goto(overview, wait_until="networkidle")
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(window_of(lihua).context.cookies())
    page = plain.new_page()
    page.goto(overview)
    background(first.page).fill("王芳写的背景")
    saved(first.page)

    background(page).fill("李华写的背景")
    press(page, "保存", exact=True)
    expect(page.get_by_text("没有保存，您输入的内容还在下面")).to_be_visible()
    expect(page.locator(".both-texts .clash-text")).to_have_text(["李华写的背景", "王芳写的背景"])
    first.picture("72-both-texts", page)
    assert stored() == "王芳写的背景"
    press(page, "保存", exact=True)
    expect(page.get_by_text("已保存。")).to_be_visible()
    plain.close()

    assert stored() == "李华写的背景"
    assert list(KeptText.objects.values_list("text", "typed_by")) == [("王芳写的背景", wangfang.pk)]


def test_tab_that_dies_without_a_network_offers_its_text_again(
    overview: str, window_of: As, lihua: User
) -> None:
    window = window_of(lihua)
    window.expected = ("ERR_INTERNET_DISCONNECTED",)
    window.page.goto(overview, wait_until="networkidle")
    background(window.page).fill("有网络时写的")
    saved(window.page)

    window.context.set_offline(True)
    background(window.page).fill("有网络时写的，断网后又写的")
    expect(window.page.locator("[data-saved-text]")).to_contain_text("暂存在本机")
    crash(window.page)
    window.context.set_offline(False)
    window.page = window.context.new_page()
    window.page.goto(Entry.objects.get().get_absolute_url(), wait_until="networkidle")
    expect(window.page.locator("[data-waiting]")).to_contain_text("尚未上传的内容")
    assert stored() == "有网络时写的"
    window.shot("76-waiting")
    window.page.get_by_role("link", name="打开并恢复").click()
    press(window.page, "恢复", exact=True)
    saved(window.page)

    assert stored() == "有网络时写的，断网后又写的"


def test_page_reloaded_while_a_save_is_on_its_way_offers_nothing_that_arrived(
    overview: str, window_of: As, lihua: User
) -> None:
    page, held = window_of(lihua).page, list[Route]()
    page.goto(overview, wait_until="networkidle")
    page.route(
        "**" + overview,
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    background(page).fill("还在路上的文字。")
    expect(page.locator("[data-saved-text]")).to_have_text("正在填写，稍后自动保存")
    page.wait_for_timeout(2_000)

    page.reload(wait_until="commit")
    row = EntrySection.objects.filter(key="overview").first()
    services.save_section(
        Entry.objects.get(),
        key="overview",
        answers={**(row.answers if row else {}), "background": "还在路上的文字。"},
        version=row.version if row else 0,
        actor=lihua,
    )

    expect(background(page)).to_have_value("还在路上的文字。")
    page.wait_for_timeout(2_000)
    assert len(held) == 1
    assert page.locator("[data-autosave-bar]").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))") == []


def test_text_pasted_from_word_keeps_its_paragraphs(overview: str, window_of: As, lihua: User) -> None:
    page = window_of(lihua).page
    page.goto(overview, wait_until="networkidle")

    background(page).evaluate(
        """field => {
            const data = new DataTransfer();
            data.setData("text/plain", "第一段\\r\\n第二\\u00ad段\\u000b第\\u00a0三\\u200b段");
            data.setData("text/html", "<p style='color:red'>第一段</p>");
            field.focus();
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )

    expect(background(page)).to_have_value("第一段\n第二段\n第 三段")
    saved(page)
    assert stored() == "第一段\n第二段\n第 三段"


def test_button_pressed_during_a_save_is_no_conflict(overview: str, window_of: As, lihua: User) -> None:
    page = window_of(lihua).page
    page.goto(overview, wait_until="networkidle")
    held: list[Any] = []
    page.route(f"**{overview}", lambda route: held.append(route) if not held else route.continue_())

    with page.expect_request(lambda request: request.headers.get("x-requested-with") == "autosave"):
        background(page).fill("正在保存时按下按钮")
    press(page, "保存并继续")
    held[0].continue_()

    expect(page.get_by_role("heading", level=1)).to_have_text("解决方案")
    assert stored() == "正在保存时按下按钮"


def test_team_whose_session_ended_goes_on_writing(
    overview: str, window_of: As, lihua: User, live_server: Any
) -> None:
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    window = window_of(lihua)
    window.expected = ("401", "403")  # signed out; then a form that is older than the new login
    window.page.goto(overview, wait_until="networkidle")
    PortalSession.objects.filter(user=lihua).delete()

    background(window.page).fill("写到一半登录过期了")
    expect(window.page.locator("#session-ended")).to_be_visible()
    window.shot("73-ended")
    log_in_again(window, lihua)
    saved(window.page)

    assert stored() == "写到一半登录过期了"


def test_officer_whose_session_ended_logs_in_again_and_decides(
    submitted_team: Team, window_of: As, officer: User
) -> None:
    window = window_of(officer)
    page = window.page
    page.clock.install()
    page.goto(reverse("admin:registration_team_change", args=[submitted_team.pk]))
    page.locator("#id_reason").fill("请补充信用情况的证明材料。")
    end_session(officer, timedelta(minutes=31))

    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.get_by_text("您输入的内容还在这个页面上")).to_be_visible()
    window.shot("74-officer-ended")
    log_in_again(window, officer)
    press(page, "退回修改")
    press(page.get_by_role("dialog"), "退回修改")
    expect(page.locator(".messagelist")).to_be_visible()

    assert Review.objects.get().reason == "请补充信用情况的证明材料。"


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus stands on what is called so, and shows that it does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.evaluate("one => (one.labels?.[0] ?? one).innerText.trim()").startswith(words):
            look = focused.evaluate(
                "one => { const s = getComputedStyle(one); return s.outlineStyle + s.boxShadow; }"
            )
            assert look != "nonenone", f"the focus on {words} cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {words}")


def test_registration_is_started_by_keyboard_alone(
    edition: Edition, open_stage: Callable[..., Any], window_of: As, lihua: User
) -> None:
    open_stage("registration")
    window = window_of(lihua)
    page = window.page
    page.goto(reverse("registration:teams"))

    tab_to(page, "开始报名")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("团队与项目")
    tab_to(page, "跳到正文")
    page.keyboard.press("Enter")
    tab_to(page, "团队名称")
    page.keyboard.type("键盘先锋队")
    tab_to(page, "项目名称")
    page.keyboard.type("能耗预测数据平台")
    saved(page)
    window.shot("75-keyboard")
    tab_to(page, "保存并继续")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("参赛单位")

    team = Team.objects.get()
    assert (team.name, team.project_name) == ("键盘先锋队", "能耗预测数据平台")
