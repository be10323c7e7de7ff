"""Synthetic people: names, posts and what they do in a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from competition.config.rehearsal import numbers
from competition.config.rehearsal.texts.voice import words

SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
)
GIVEN: Final = words(
    "晓明 建国 文博 雅琴 志强 丽华 俊杰 思远 海燕 国栋 雨桐 泽宇 秀英 浩然 子涵 春梅 立新 "
    "佳宁 世杰 慧敏 永刚 欣怡 晨曦 玉兰 宏伟 静怡 天佑 红霞 少华 梦瑶 振华 婷婷 凯 蕾 磊 "
    "洋 鹏 娜 超 倩 建军 爱民 彦龙 小芳 学文 凤仙 守信 瑞雪 长青 亚楠 润生 桂花 景行 "
    "若水 望舒 怀瑾 知行 云帆 明哲 静姝"
)
POSTS: Final = words(
    "总经理 副总经理 技术总监 项目经理 高级工程师 数据工程师 产品经理 研究员 副研究员 教授 "
    "副教授 部门主任 算法工程师 首席数据官 信息中心主任 架构师 实施总监"
)
PARTS: Final = (
    "项目总体负责，统筹方案设计与资源协调",
    "数据治理负责人，负责数据标准与质量管理",
    "算法研发，负责模型训练、评估与上线",
    "平台架构设计与系统集成",
    "业务场景梳理与客户现场实施",
    "数据安全与合规管理",
    "产品设计与运营推广",
    "质量测试与运维保障",
)


@dataclass(frozen=True)
class Person:
    """A representative before the registration; ``document`` is a synthetic resident ID."""

    name: str
    document: str
    mobile: str
    title: str
    role: str


def full_name(rng: Random) -> str:
    """A surname and a given name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def person(rng: Random, county: str, *, part: int = 0) -> Person:
    """Somebody from a county; ``part`` chooses what the person does in the project."""
    return Person(
        name=full_name(rng),
        document=numbers.resident_id(rng, county),
        mobile=numbers.mobile(rng),
        title=rng.choice(POSTS),
        role=PARTS[part % len(PARTS)],
    )


def crew(rng: Random, county: str, size: int) -> Sequence[Person]:
    """``size`` people; the first leads the project."""
    return tuple(person(rng, county, part=part) for part in range(size))
