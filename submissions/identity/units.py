"""A unit's name and what people shorten it to. Plain words, no ORM."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from competition.reference import SHANXI, provinces, region_children

#: Fewer characters of a short form are a common word rather than a name.
SHORTEST: Final = 3
_LEGAL_FORM: Final = re.compile(
    r"(?:集团)?(?:股份|控股)?(?:有限责任公司|股份有限公司|有限公司|总公司|分公司|公司|集团)$|(?:集团)$"
)
#: '中国移动通信' of '中国移动通信集团山西有限公司'.
_HOUSE: Final = re.compile(r"^(.{3,}?)(?:集团|股份有限公司|有限责任公司|有限公司)")
_TRADES: Final = (
    "大数据", "数据要素", "数据", "数字", "数智", "信息", "科技", "技术", "网络", "软件", "智能", "智慧", "系统",
    "平台", "云计算", "物联网", "互联网", "人工智能", "电子", "通信", "工程", "工业", "实业", "产业", "发展",
    "服务", "咨询", "管理", "运营", "建设", "投资", "控股", "集团", "能源", "煤炭", "煤矿", "煤业", "电力", "交通",
    "运输", "物流", "农业", "医疗", "健康", "环境", "环保", "生态", "金融", "文化", "旅游", "教育", "气象", "安全",
    "应急", "测绘", "地理", "制造", "装备", "材料", "化工", "商贸", "贸易", "研究院", "研究所", "研究", "设计院",
    "设计", "大学", "学院", "医院", "中心", "总院", "总局", "有限", "责任", "股份", "公司", "省", "市", "县", "区",
    "理工", "科学", "开发", "创新", "创业", "综合", "联合", "公共", "政务", "城市", "治理", "示范", "检测", "促进",
    "人民", "中医", "妇幼", "保健", "儿童", "第一", "第二", "第三", "职业", "师范", "财经", "医科", "工商",
    "地质", "勘查", "勘察", "水文", "规划", "遥感", "监测", "预报", "预警", "档案", "药业", "矿业", "钢铁", "焦化",
)  # fmt: skip
_TRADE: Final = re.compile("|".join(sorted(_TRADES, key=len, reverse=True)))
_TRADE_TAIL: Final = re.compile(f"(?:{_TRADE.pattern})$")
#: Brands of two characters that are words of every application form: they tell nothing even beside 公司.
_COMMON_TEXT: Final = """
精英 创新 联合 智慧 未来 卓越 焦煤 焦炭 钢铁 电网 高速 先锋 先进 优势 中心 国际 国内 全国 中国
中华 国家 华北 地质 公路 铁路 水务 燃气 供水 供热 银行 保险 证券 烟草 邮政 移动 联通 电信 航空
机场 地铁 公交 出租 商业 企业 民营 国有 国资 国投 城投 交投 文旅 农村 乡村 城乡 社区 园区 矿业
矿山 矿井 煤层 煤电 新能 光伏 风电 储能 电气 机械 重工 轻工 纺织 食品 医药 生物 中药 养老 体育
传媒 影视 出版 广告 设计 建筑 装饰 地产 物业 租赁 担保 信用 征信 标准 质量 计量 认证 统计 审计
税务 财务 法律 人才 人力 众创 共享 开放 绿色 低碳 循环 可信 隐私 区块 量子 算力 算法 模型 大脑
引擎 云端 边缘 感知 遥感 卫星 导航 北斗 时空 地图 空间 资源 自然 林业 水利 黄河 汾河 太行 山西
太原 三晋 晋商 宏观 微观 核心 前沿 高端 成长 发展 协同 融合
"""
_COMMON: Final = frozenset(_COMMON_TEXT.split())
#: After a brand of two characters, these say that a unit or its work is meant.
_OWN: Final = (
    "公司",
    "集团",
    "股份",
    "科技",
    "平台",
    "系统",
    "软件",
    "团队",
    "品牌",
    "产品",
    "数据",
    "智能",
    "云平台",
    "牌",
)
#: Kinds of schools that make an abbreviation with 大: 山西农业大学 -> 山西农大.
_SCHOOL: Final = re.compile(r"^(.{2,4}?)(农业|医科|财经|师范|科技|理工|工业|交通|政法|民族|传媒|工程)大学")
_CERTAIN_SCHOOLS: Final = frozenset({"理工", "医科", "师范"})
_NUMBERED: Final = re.compile(r"第([一二三四五六七八九十])((?:人民|中心|附属)?医院|中学|中)")
_INSTITUTION: Final = re.compile(
    r"(?:研究院|研究所|设计院|勘察院|医院|中心|学院|大学|总站|总队|大队|局|院|所|馆|站)$"
)


def names_of_unit(name: str) -> list[str]:
    """A unit's name and its short forms without place, legal form and words of the trade, the longest first."""
    plain = unicodedata.normalize("NFKC", name).strip()
    bare = re.sub(r"\([^)]*\)", "", plain)
    forms = [plain, bare]
    for form in (plain, bare):
        short = _LEGAL_FORM.sub("", form)
        without = without_place(short)
        forms += [without_place(form), short, without, _brand(without)]
        if house := _HOUSE.match(form):
            forms += [house[1], without_place(house[1]), _brand(house[1])]
    kept = [form for form in dict.fromkeys(forms) if len(form) >= SHORTEST]
    kept = [form for form in kept if form in (plain, bare) or is_distinct(form)]
    return list(dict.fromkeys([*kept, *_of_institution(bare)]))


def calls_of_unit(name: str) -> Iterator[tuple[str, bool]]:
    """A brand of two characters with what follows it, and by itself (True: only where it stands alone)."""
    plain = re.sub(r"\([^)]*\)", "", unicodedata.normalize("NFKC", name)).strip()
    short = without_place(_LEGAL_FORM.sub("", plain))
    while len(short) > 2 and (shorter := _TRADE_TAIL.sub("", short)) != short:
        short = shorter
    if len(short) != 2 or short in _COMMON or not is_distinct(short):
        return
    for own in _OWN:
        yield f"{short}{own}", False
    yield short, True


def is_distinct(form: str) -> bool:
    """Whether something is left besides place and trade."""
    return len(_TRADE.sub("", without_place(form))) >= 2


def without_place(name: str) -> str:
    """The name without province and city in front of it."""
    while (shorter := _PLACE.sub("", name, count=1)) != name:
        name = shorter
    return name


def _of_institution(name: str) -> Iterator[str]:
    """What people call a school, a hospital, an institute: 太原理工, 山西农大, 山西人民医院, 市二院."""
    if not _INSTITUTION.search(name):
        return
    forms = {name, re.sub(r"^([^省市]{2,3})[省市]", r"\1", name)}
    for form in tuple(forms):
        if school := _SCHOOL.match(form):
            forms |= {form.replace(school[0], short) for short in _schools(school[1], school[2])}
            if school[2] in _CERTAIN_SCHOOLS and form == school[0]:
                forms.add(f"{school[1]}{school[2]}")
    for form in tuple(forms):
        forms.add(_NUMBERED.sub(lambda found: f"{found[1]}{found[2][-1]}", form))
    kept = (form for form in forms if form != name and len(form) > SHORTEST)
    yield from sorted(kept, key=lambda form: (-len(form), form))


def _schools(place: str, kind: str) -> list[str]:
    """山西农业大学 as 山西农业大 and 山西农大, 太原科技大学 as 太原科大."""
    first = {"理工": [], "科技": ["科"]}.get(kind, [kind[0]])
    return [f"{place}{one}大" for one in [kind, *first]]


def _brand(form: str) -> str:
    """'示例' of '示例信息技术'; nothing when too little is left."""
    while (shorter := _TRADE_TAIL.sub("", form)) != form and len(shorter) >= SHORTEST:
        form = shorter
    return form


def _places() -> Iterator[str]:
    for region in (*provinces(), *region_children(SHANXI)):
        yield region.name
        yield re.sub(r"(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)$", "", region.name)


_PLACE: Final = re.compile(
    f"^(?:{'|'.join(sorted(map(re.escape, set(_places())), key=len, reverse=True))})(?:省|市)?"
)
