"""Synthetic participating units of Shanxi: companies, institutes, universities, public bodies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from competition.config.rehearsal import numbers
from competition.config.rehearsal.people import POSTS, full_name
from competition.config.rehearsal.texts.voice import words
from competition.reference import region, region_children

FIRST: Final = words(
    "砺川 晋原 汾谷 太岳 云冈 雁栖 恒岳 唐槐 桐叶 壶口 吕梁山 滹沱 漳源 沁水源 析城 绵山 "
    "王屋 芦芽 云丘 五峰 乘数 数衡 智汇 星图 灵犀 青禾 锐思 同创 联数 万象 启明 云枢 极目 "
    "深蓝 鼎新 信义 融汇 天工 慧谷 朗坤"
)
SECOND: Final = words("数据 智能 数科 信息 云联 智造 能源 数字 物联 软件 智慧 科创")
FORMS: Final = words("科技有限公司 技术有限公司 科技股份有限公司 技术服务有限公司 系统有限公司")
STREETS: Final = words(
    "长治路 晋阳街 龙城大街 迎泽大街 学府街 滨河东路 文源巷 南中环街 平阳路 新建路 五一路 和平路"
)
INSTITUTES: Final = words(
    "数字经济研究院 能源大数据研究所 智能制造研究院 农业信息研究所 文物数字化研究所 交通信息技术研究院"
)
SCHOOLS: Final = words("信息工程大学 理工学院 工程技术大学 现代农业学院 财经科技学院")


@dataclass(frozen=True)
class UnitPlan:
    """A unit before the registration; ``nature`` is a key of the registration's choices."""

    name: str
    credit_code: str
    region: str
    address: str
    nature: str
    contact: str
    contact_title: str
    contact_way: str
    central_subsidiary: bool = False
    parent_name: str = ""


def counties(province: str = "140000") -> tuple[str, ...]:
    """Codes of the counties of a province."""
    return tuple(below.code for city in region_children(province) for below in region_children(city.code))


def city_name(county: str) -> str:
    """'太原' for a county of 太原市."""
    found = region(county)
    city = region(found.parent) if found else None
    return (city.name if city else "山西").removesuffix("市")


def company(rng: Random, county: str) -> UnitPlan:
    """A firm: private mostly, sometimes state-owned."""
    nature = rng.choices(("private", "soe", "joint", "foreign"), weights=(70, 22, 5, 3))[0]
    place = rng.choice(("山西", "山西", city_name(county)))
    name = f"{place}{rng.choice(FIRST)}{rng.choice(SECOND)}{rng.choice(FORMS)}"
    return _unit(rng, name, "91", county, nature)


def academy(rng: Random, county: str) -> UnitPlan:
    """An institute or a university (prefix 12, welcome everywhere: R45)."""
    tail = rng.choice((*INSTITUTES, *SCHOOLS))
    return _unit(rng, f"山西{rng.choice(FIRST)}{tail}", "12", county, "research")


def association(rng: Random, county: str) -> UnitPlan:
    """A private non-enterprise unit (prefix 52)."""
    return _unit(rng, f"山西{rng.choice(FIRST)}数据创新促进中心", "52", county, "other")


def government(rng: Random, county: str) -> UnitPlan:
    """A government body (prefix 11, R55)."""
    found = region(county)
    name = f"{city_name(county)}市{found.name if found else ''}数据局"
    return _unit(rng, name, "11", county, "government")


def sole_trader(rng: Random, county: str) -> UnitPlan:
    """A sole trader (prefix 92): no legal person (R47)."""
    return _unit(rng, f"{city_name(county)}{rng.choice(FIRST)}数据服务部", "92", county, "other")


def some_unit(rng: Random, county: str) -> UnitPlan:
    """A partner unit of any welcome kind."""
    make = rng.choices((company, academy, association), weights=(70, 24, 6))[0]
    return make(rng, county)


def _unit(rng: Random, name: str, prefix: str, county: str, nature: str) -> UnitPlan:
    return UnitPlan(
        name=name,
        credit_code=numbers.credit_code(rng, prefix=prefix, county=county),
        region=county,
        address=f"{rng.choice(STREETS)}{rng.randrange(1, 300)}号{rng.randrange(2, 30)}层",
        nature=nature,
        contact=full_name(rng),
        contact_title=rng.choice(POSTS),
        contact_way=numbers.mobile(rng),
    )


def renamed(unit: UnitPlan, name: str) -> UnitPlan:
    """The same unit under another name (an organiser's, R53)."""
    return replace(unit, name=name)


def owned_by(unit: UnitPlan, parent: str) -> UnitPlan:
    """The same unit with a parent that it states (R53)."""
    return replace(unit, nature="soe", central_subsidiary=True, parent_name=parent)
