"""The 2025 Shanxi edition says what the notice says, and a folder that does not add up is refused."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.declaration import Node, Problems
from competition.edition_schema import EditionData, EditionProblems, edition_from, read_edition
from tests.competition.filled import FOLDER

EDITION: EditionData = read_edition(FOLDER)
RAW: dict[str, Any] = {
    file: yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    for file in ("edition.yaml", "tracks.yaml", "form.yaml", "rubrics.yaml")
}
ODD = st.sampled_from([None, 7, -1, 0.5, True, "", "甲", [], {}, [[]], [None], {1: 2}, {"a": {}}])
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the edition to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "shanxi-2025"))


def spoil(folder: Path, file: str, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Change a file and give back what is said about the folder."""
    raw = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    change(raw)
    (folder / file).write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(EditionProblems) as refused:
        read_edition(folder)
    return refused.value.problems


@pytest.mark.rule("R01", "R02", "R03", "R04", "R05")
def test_edition_names_itself_and_who_runs_it() -> None:
    by_role = {
        role: [one for one in EDITION.organisations if one.role == role]
        for role in ("guide", "sponsor", "undertaker")
    }

    assert (EDITION.name, EDITION.short_name, EDITION.theme) == (
        "2025年“数据要素×”大赛山西分赛",
        "山西分赛",
        "数据赋能 乘数而上",
    )
    assert [one.name for one in by_role["guide"]] == ["国家数据局", "山西省人民政府"]
    assert len(by_role["sponsor"]) == len(EDITION.departments) == 24
    assert [one.short_name for one in by_role["undertaker"]] == ["能源区域中心", "晋数所"]
    assert sorted(alias for one in by_role["sponsor"] for alias in one.aliases) == sorted(
        [
            "中共山西省委金融委员会办公室",
            "山西省地方金融管理局",
            "山西省市场监督管理局",
            "山西省知识产权局",
            "山西省行政审批服务管理局",
            "山西省政务信息管理局",
        ]
    )


@pytest.mark.rule("R10", "R98")
def test_edition_has_nine_tracks_and_48_topics_and_an_open_one() -> None:
    codes = [topic.code for track in EDITION.tracks for topic in track.topics]
    open_topics = [topic.code for track in EDITION.tracks for topic in track.topics if topic.is_open]

    assert [track.listed_topics for track in EDITION.tracks] == [7, 5, 8, 8, 5, 4, 3, 8, 0]
    assert sum(track.listed_topics for track in EDITION.tracks) == 48
    assert len(codes) == len(set(codes)) == 49
    assert open_topics == ["9-0"]
    assert (EDITION.tracks[8].name, EDITION.tracks[8].aliases) == ("开放性创新赛道", ("开创性创新赛道",))


@pytest.mark.rule("R11")
def test_edition_publishes_the_notice_with_every_topic_in_it() -> None:
    notice = next(article for article in EDITION.articles if article.source == "notice.md")
    listed = [topic for track in EDITION.tracks for topic in track.topics if not topic.is_open]

    missing = [
        topic.code
        for topic in listed
        if f"{topic.number}.{topic.title}：{topic.description}" not in notice.body
    ]

    assert missing == []
    assert all(one.name in notice.body for one in EDITION.organisations)
    assert all(contact["name"] in notice.body for contact in EDITION.settings["contacts"])
    assert "\\" not in notice.body
    assert "<" not in notice.body


@pytest.mark.rule("R55")
def test_edition_marks_the_topics_that_public_bodies_may_enter() -> None:
    marked = [topic.code for track in EDITION.tracks for topic in track.topics if topic.public_bodies]

    assert marked == ["1-4", "5-1", "5-4", "7-1", "7-2", "7-3", "8-7", "9-0"]


@pytest.mark.rule("R17")
def test_edition_proposes_a_sponsor_as_gatekeeper_of_every_topic() -> None:
    proposed = {topic.department for track in EDITION.tracks for topic in track.topics}

    assert "" not in proposed
    assert proposed <= set(EDITION.departments)


@pytest.mark.rule("R12", "R15", "R23", "R27", "R32")
def test_edition_shows_months_and_no_invented_day() -> None:
    shown = {stage.name: stage.month_text for stage in EDITION.stages}

    assert shown == {
        "报名": "2025年5-7月",
        "提交": "2025年5-7月",
        "初赛": "2025年7月底",
        "技术验证": "2025年8月上旬",
        "决赛": "2025年8月上旬",
        "公示": "公示期7天",
        "颁奖": "2025年8月",
    }
    assert all(stage.provisional for stage in EDITION.stages)
    assert EDITION.stages[0].opens_at == datetime(2025, 5, 12, 9, tzinfo=CHINA)
    assert EDITION.stages[1].closes_at == datetime(2025, 7, 25, 18, tzinfo=CHINA)


@pytest.mark.rule("R31", "R37", "R39", "R40", "R41", "R42", "R21", "R22")
def test_edition_prizes_are_the_notices() -> None:
    prizes = {prize.name: (prize.count, prize.amount_fen) for prize in EDITION.prizes}

    assert prizes == {
        "一等奖": (3, 5_000_000),
        "二等奖": (6, 3_000_000),
        "三等奖": (9, 2_000_000),
        "优秀奖": (18, 500_000),
    }
    assert (
        sum(count * amount for count, amount in prizes.values())
        == EDITION.settings["prize_total_fen"]
        == 60_000_000
    )
    assert EDITION.settings["seats"]["finalists"] == 3 + 6 + 9
    assert EDITION.settings["seats"]["excellence"] == 18


@pytest.mark.rule("R99", "R100", "R52c", "R89")
def test_edition_limits_are_the_notices() -> None:
    members = EDITION.form.section("team").fields[1]  # type: ignore[union-attr]

    assert (EDITION.settings["limits"]["units"], EDITION.settings["limits"]["representatives"]) == (5, 5)
    assert (members.key, members.min_rows, members.max_rows) == ("members", 1, 5)
    assert EDITION.settings["publicity"]["days"] == 7


@pytest.mark.rule("R62")
def test_edition_form_has_one_topic_fixed_by_the_registration() -> None:
    topics = [
        field
        for section in EDITION.form.sections
        for field in section.fields
        if field.derived == "project.topic"
    ]

    assert [field.label for field in topics] == ["赛道及参赛方向（单选）"]


@pytest.mark.rule("R80")
def test_edition_asks_each_unit_for_four_proofs() -> None:
    assert [slot["label"] for slot in EDITION.settings["unit_proofs"]] == [
        "参赛单位基本资质",
        "申报主体责任声明",
        "财务审计",
        "信用情况",
    ]


@pytest.mark.rule("R52f", "R56", "R59", "R63", "R67", "R68", "R74", "R82")
def test_edition_declarations_cover_what_teams_answer_for() -> None:
    covered = {rule for one in EDITION.settings["declarations"] for rule in one["rules"]}

    assert covered >= {"R52f", "R56", "R59", "R63", "R67", "R68", "R74", "R82"}


def test_edition_rubric_of_the_final_is_nine_tenths_and_the_presentation() -> None:
    preliminary, final = EDITION.rounds
    tenths = {criterion.key: criterion.points * Decimal("0.9") for criterion in preliminary.criteria}
    parts = {part.key: part.points * Decimal("0.9") for one in preliminary.criteria for part in one.parts}

    assert {one.key: one.points for one in final.criteria} == {**tenths, "presentation": Decimal(10)}
    assert {part.key: part.points for one in final.criteria for part in one.parts} == parts


def test_edition_digest_changes_with_any_text(folder: Path) -> None:
    same = read_edition(folder).digest
    notice = folder / "documents" / "notice.md"
    notice.write_text(notice.read_text(encoding="utf-8") + "\n补充。\n", encoding="utf-8")

    changed = read_edition(folder).digest

    assert same == EDITION.digest != changed


@pytest.mark.rule("R10")
def test_read_edition_refuses_a_topic_too_few(folder: Path) -> None:
    problems = spoil(folder, "tracks.yaml", lambda raw: raw["tracks"][2]["topics"].pop())

    assert problems == [
        "tracks.yaml → counts：赛题应有48个，实际列出47个。",
        "tracks.yaml → counts：各赛道赛题数应为7/5/8/8/5/4/3/8/0，实际为7/5/7/8/5/4/3/8/0。",
    ]


@pytest.mark.rule("R31", "R37")
def test_read_edition_refuses_prizes_that_do_not_add_up(folder: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["prizes"][2]["count"] = 10

    problems = spoil(folder, "edition.yaml", change)

    assert problems == [
        "edition.yaml → prize_total_fen：奖金总额写为600000元，而 3×50000 + 6×30000 + 10×20000 + 18×5000 = 620000元。",
        "edition.yaml → seats：入围决赛名额写为18个，而奖项合计为3 + 6 + 10 = 19个。",
    ]


@pytest.mark.parametrize(
    ("file", "path", "value", "sentence"),
    [
        ("tracks.yaml", "tracks.0.topics.0.department", "山西省教育厅", "tracks.yaml → tracks[1] → topics[1] → department：“山西省教育厅”不在主办单位名单中。"),
        ("tracks.yaml", "tracks.0.topics.0.code", "1-7", "tracks.yaml → tracks[1] → topics[1]：编号应为“1-1”，现为“1-7”。"),
        ("tracks.yaml", "tracks.8.topics.0.open", False, "tracks.yaml → tracks[9] → topics[1]：开放性赛题（open: true）的序号为0，其他赛题从1开始。"),
        ("edition.yaml", "stages.0.closes_at", "2025-05-01T00:00", "edition.yaml → stages[1]：“报名”的开始时间不早于截止时间。"),
        ("edition.yaml", "stages.3.opens_at", "2025-07-30T00:00", "edition.yaml → stages[4]：“技术验证”在“初赛”截止之前就开始了。"),
        ("edition.yaml", "stages.3.opens_at", "八月初", "edition.yaml → stages[4] → opens_at：应是时刻，例如 2025-05-12T09:00。"),
        ("edition.yaml", "time_zone", "Asia/Taiyuan", "edition.yaml → time_zone：没有“Asia/Taiyuan”这个时区。"),
        ("edition.yaml", "slug", "山西 2025", "edition.yaml → slug：“山西 2025”只能由小写字母、数字和连字符组成。"),
        ("edition.yaml", "limits.units", 0, "edition.yaml → limits → units：应不小于1，现为0。"),
        ("edition.yaml", "seats.method", "dhondt", "edition.yaml → seats → method：“dhondt”不是可用的值；可用的是largest_remainder。"),
        ("edition.yaml", "certificates.number", "SXSJYS-{code}", "edition.yaml → certificates → number：证书编号格式应含有 {code} 和 {serial}。"),
        ("edition.yaml", "unit_awards.0.code", "Y", "edition.yaml → unit_awards[1]：证书代码“Y”重复。"),
        ("edition.yaml", "scoring.ties", ["effects"], "edition.yaml → scoring → ties：最后一项应为 vote（评审组表决），同分时不能没有结果。"),
        ("edition.yaml", "reminders.submission", [3, 24], "edition.yaml → reminders → submission：小时数应从大到小排列，不重复。"),
        ("edition.yaml", "articles.0.file", "../form.yaml", "edition.yaml → articles[1] → file：“../form.yaml”应是 documents 文件夹中的 .md 文件名。"),
        ("edition.yaml", "articles.0.file", "gone.md", "edition.yaml → articles[1] → file：documents/gone.md 不存在或不能按 UTF-8 读取。"),
        ("edition.yaml", "consent.paragraphs", [], "edition.yaml → consent → paragraphs：列表不能为空。"),
        ("edition.yaml", "declarations.0.rules", ["56"], "edition.yaml → declarations[1] → rules：应是规则编号，例如 R56。"),
        ("rubrics.yaml", "rounds.0.criteria.0.points", "21", "rubrics.yaml → rounds[1]：“初赛”各评分项合计应为100分，现为101分。"),
        ("rubrics.yaml", "rounds.0.criteria.0.from", "units", "rubrics.yaml → rounds[1] → criteria[1] → from：“units”不向盲评专家展示，不能据以评分。"),
        ("rubrics.yaml", "rounds.0.criteria.0.from", "poem.line", "rubrics.yaml → rounds[1] → criteria[1] → from：申报书中没有“poem.line”。"),
        ("form.yaml", "sections.0.fields.3.blind", "maybe", "form.yaml → sections[1] → fields[4] → blind：“maybe”不是可用的值；可用的是show、mask、hide。"),
    ],
)  # fmt: skip
def test_read_edition_says_exactly_what_does_not_add_up(
    folder: Path, file: str, path: str, value: Any, sentence: str
) -> None:
    def change(raw: dict[str, Any]) -> None:
        place: Any = raw
        *steps, last = path.split(".")
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = value

    problems = spoil(folder, file, change)

    assert sentence in problems


def test_read_edition_names_the_problems_of_every_file_at_once(folder: Path) -> None:
    (folder / "tracks.yaml").write_text("tracks: [", encoding="utf-8")
    (folder / "rubrics.yaml").unlink()

    with pytest.raises(EditionProblems) as refused:
        read_edition(folder)

    assert [problem.split("：")[0] for problem in refused.value.problems] == ["tracks.yaml", "rubrics.yaml"]


def test_read_edition_of_no_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(EditionProblems) as refused:
        read_edition(tmp_path / "nowhere")

    assert refused.value.problems == ["nowhere：不是一个文件夹。"]


@settings(deadline=None)
@given(data=st.data())
def test_edition_of_one_odd_value_is_read_without_stumbling(data: st.DataObject) -> None:
    problems = Problems()
    raw = copy.deepcopy(RAW)
    place: Any = raw
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        inside = place[key]
        if place is not raw and (
            not isinstance(inside, (dict, list)) or not inside or data.draw(st.integers(0, 3)) == 0
        ):
            break
        place = inside
    place[key] = data.draw(ODD)

    nodes = [Node(value, file, problems) for file, value in raw.items()]
    edition_from(*nodes, documents=FOLDER / "documents")

    assert all(isinstance(sentence, str) and sentence for sentence in problems.sentences)
