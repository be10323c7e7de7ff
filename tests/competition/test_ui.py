"""Words and signs of pages: badges, dates, amounts, the stage line, icons, the drawn files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template

from competition.config.brand import icons, keyvisual
from competition.stages import Phase, StageView
from competition.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2025, 7, 18, 4, 0, tzinfo=UTC)  # 12:00 in Taiyuan


def stage(key: str, phase: Phase, *, provisional: bool = False, days: int = 5) -> StageView:
    return StageView(key, key, phase, NOON, NOON + timedelta(days=days), provisional, "2025年7月底")


def shown(template: str, **context: object) -> str:
    html = Template("{% load ui %}" + template).render(Context(context))
    return re.sub(r"\s+", " ", html).strip()


def line(*phases: Phase) -> list[tuple[str, bool, bool]]:
    stages = [stage(str(place), phase) for place, phase in enumerate(phases)]
    return [(item["state"], item["today"], item["today_before"]) for item in ui.stage_line(stages)["items"]]


def test_badge_says_its_state_in_a_word_and_a_sign() -> None:
    html = shown('{% badge "done" "已提交" %}')

    assert "已提交" in html
    assert "icons.svg#done" in html


def test_badge_of_an_unknown_state_is_quiet() -> None:
    assert "state-todo" in shown('{% badge "whatever" "在办" %}')


def test_notice_understands_django_message_levels() -> None:
    assert "notice-act" in shown('{% notice "error" "未通过" %}')
    assert "notice-done" in shown('{% notice "success" "已保存" %}')


def test_notice_escapes_what_people_typed() -> None:
    assert "&lt;b&gt;" in shown('{% notice "info" text %}', text="<b>")


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (5_000_000, "5万元"),
        (500_000, "0.5万元"),
        (60_000_000, "60万元"),
        (123_450, "1,234.50元"),
        (9_900, "99元"),
        (None, ""),
    ],
)
def test_amount_is_written_as_people_read_it(fen: int | None, words: str) -> None:
    assert ui.cn_money(fen) == words


def test_dates_are_written_in_the_portals_time_zone() -> None:
    late = datetime(2025, 7, 18, 16, 30, 5, tzinfo=UTC)

    assert ui.cn_datetime(late) == "2025年7月19日 00:30（周六）"
    assert ui.cn_date(late) == "2025年7月19日"
    assert ui.cn_clock(late) == "00:30:05"
    assert ui.cn_datetime(None) == ""


def test_size_of_a_file_has_a_unit() -> None:
    assert [ui.cn_size(size) for size in (None, 10, 20_480, 5_242_880)] == ["", "0.1 KB", "20.0 KB", "5.0 MB"]


def test_stage_line_marks_today_in_the_first_open_stage() -> None:
    assert line(Phase.OVER, Phase.OPEN, Phase.OPEN, Phase.BEFORE) == [
        ("done", False, False),
        ("now", True, False),
        ("now", False, False),
        ("next", False, False),
    ]


def test_stage_line_marks_today_between_two_stages() -> None:
    assert line(Phase.OVER, Phase.BEFORE, Phase.BEFORE) == [
        ("done", False, False),
        ("next", False, True),
        ("next", False, False),
    ]


def test_stage_line_before_the_first_stage_has_no_mark() -> None:
    assert line(Phase.BEFORE, Phase.BEFORE) == [("next", False, False), ("next", False, False)]


@pytest.mark.rule("R08")
def test_provisional_stage_shows_the_month_alone() -> None:
    assert ui.stage_when(stage("初赛", Phase.BEFORE, provisional=True)) == "2025年7月底"


def test_stage_that_closes_at_midnight_ends_with_the_day_before() -> None:
    midnight = datetime(2025, 7, 20, 16, 0, tzinfo=UTC)
    one = StageView("a", "初赛", Phase.OPEN, NOON, midnight, False, "")

    assert ui.stage_when(one) == "7月18日至<wbr>7月20日"


def test_error_summary_links_every_error_to_its_field() -> None:
    class NameForm(forms.Form):
        name = forms.CharField(label="项目名称", error_messages={"required": "请填写项目名称。"})

    problems = ui.error_summary(NameForm({}))["problems"]

    assert problems == [{"href": "#id_name", "label": "项目名称", "sentence": "请填写项目名称。"}]


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "brand" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    named = {name for text in texts for name in re.findall(r'{% icon "([\w-]+)"', text)}
    named |= {name for text in texts for name in re.findall(r'icon_name="([\w-]+)"', text)}
    named |= set(ui.STATE_ICONS.values()) | set(ui.NOTICE_ICONS.values())

    assert named - drawn == set()


def test_icon_sprite_is_what_the_script_makes() -> None:
    assert (ROOT / "static" / "brand" / "icons.svg").read_text() == icons.sprite()


def test_drawn_files_are_what_the_script_draws() -> None:
    drawn = keyvisual.files()

    assert {name: (ROOT / "static" / "brand" / name).read_text() for name in drawn} == drawn


def test_drawn_files_hold_no_style_and_no_script() -> None:
    for name, text in keyvisual.files().items():
        assert not re.search(r"style=|<style|<script|\son\w+=", text), name
