"""The preliminary is settled and the final held in browsers: office, chief, host, supervisor, the hall and the public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from competition import clock
from competition.models import Edition, User
from judging.models import FinalSession, Presentation
from judging.services import final
from judging.workflow import Round
from tests.chromium import Window
from tests.judging import ranked

pytestmark = pytest.mark.django_db(transaction=True)

FIELD = (
    ("1-1", 91), ("1-1", 88), ("1-2", 84), ("1-3", 79), ("1-4", 72), ("2-1", 90), ("2-2", 83), ("2-1", 70),
    ("3-1", 86), ("3-2", 77), ("3-3", 66), ("4-1", 81), ("4-2", 69),
)  # fmt: skip
WIDE = {"width": 1920, "height": 1080}


@pytest.fixture
def contest(edition: Edition, lihua: User) -> Edition:
    """Thirteen scored entries of four tracks for six finalists and four excellence awards."""
    ranked.small(edition, finalists=6, excellence=4)
    panel = ranked.judges(edition)
    ranked.final_panel(edition, panel)
    for topic, percent in FIELD:
        ranked.score(panel, ranked.recommended(edition, lihua, topic), percent)
    return edition


@pytest.mark.rule("R19", "R28", "R30")
def test_from_the_ranking_to_the_locked_final(
    contest: Edition,
    qianjin: User,
    sunli: User,
    staff: Callable[..., User],
    window_of: Callable[[User], Window],
    open_window: Callable[..., Window],
) -> None:
    office, chief = window_of(qianjin), window_of(sunli)
    office.page.goto("/secretariat/results/")
    office.page.get_by_role("button", name="公布抽签名单").click()
    office.shot("results-home")
    _draw(office, witness="孙立")
    office.page.goto("/secretariat/results/track/1/")
    office.shot("results-track")
    office.page.goto("/secretariat/results/")
    office.page.get_by_role("button", name="提出初赛结果").click()
    chief.page.goto(office.page.url)
    chief.shot("results-proposed")
    chief.page.get_by_role("button", name="确认结果").click()
    expect(chief.page.get_by_text("初赛结果已确认").first).to_be_visible()
    ranked.passed(contest)
    chief.page.goto("/secretariat/results/lists/")
    chief.shot("results-lists")
    public = open_window()
    public.page.goto("/results/seats/")
    public.shot("public-seats")

    host, supervisor = window_of(staff("host", "何主持")), window_of(staff("supervisor", "宋监督"))
    host.page.goto("/final/")
    host.shot("final-preparing")
    final.prepare(
        contest,
        actor=qianjin,
        starts_at=clock.now(contest) + timedelta(days=1),
        place="山西省数据局一层大厅",
    )
    host.page.reload()
    host.page.get_by_role("button", name="公布决赛名单").click()
    host.shot("final-listed")
    _draw(host, witness="宋监督")
    expect(host.page.get_by_role("button", name="签到").first).to_be_visible()
    public.page.goto("/final/draw/")
    public.shot("final-draw")

    host.page.get_by_role("button", name="签到").first.click()
    host.page.get_by_role("button", name="开始展示").click()
    host.shot("final-running")
    screen = window_of(staff("host", "大屏幕"))
    screen.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    screen.page.goto("/final/screen/")
    first = Presentation.objects.select_related("entry__team").get(position=1)
    expect(screen.page.locator('[data-show="project"]')).to_have_text(first.entry.team.project_name)
    screen.picture("screen-running", screen.page)
    _present_everybody(contest, qianjin)
    expect(screen.page.locator('[data-show="clock"]')).to_have_text("")
    assert "分" not in screen.page.locator("[data-order]").inner_text()

    host.page.goto("/final/lock/")
    host.page.get_by_role("button", name="提出决赛结果").click()
    supervisor.page.goto("/final/lock/")
    supervisor.shot("final-lock")
    supervisor.page.get_by_role("button", name="锁定决赛成绩").click()
    expect(supervisor.page.get_by_text("决赛成绩已锁定").first).to_be_visible()
    expect(screen.page.locator("[data-order] li").first).to_contain_text("一等奖")
    screen.picture("screen-locked", screen.page)

    assert FinalSession.objects.get().status == "locked"
    assert [one.troubles for one in (office, chief, public, host, supervisor, screen)] == [[]] * 6


def _draw(window: Window, *, witness: str) -> None:
    """Type in the numbers that two people call out, and draw."""
    for row, (caller, number) in enumerate(ranked.CALLED, start=1):
        window.page.get_by_label(f"第{row}个报数人").fill(caller)
        window.page.get_by_label(f"第{row}个数").fill(str(number))
    window.page.get_by_label("见证人").select_option(label=witness)
    window.page.get_by_role("button", name="抽签并公布记录").click()


def _present_everybody(edition: Edition, actor: User) -> None:
    panel = final.jurors(edition)
    percent = 95
    for one in Presentation.objects.select_related("entry__edition"):
        if one.checked_in_at is None:
            final.check_in(one, actor=actor)
            final.begin(one, actor=actor)
        final.end(one, actor=actor)
        ranked.score(panel, one.entry, percent, round=Round.FINAL)
        percent -= 3
