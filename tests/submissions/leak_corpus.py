"""Texts as teams write them, some with their names in many disguises, some with words that only look like names.

Made from a seed by rules of its own: nothing here asks the finder what it can find. A case knows who the team is
(as its registration says it), its text, and where in it each name was planted.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.factories import credit_code

PLACES: Final = ("山西", "山西省", "太原", "太原市", "大同", "晋中", "运城市", "长治", "")
FIRST: Final = "晋云瀚海岫澄驰恒昱辰璟铭沐霖泓毅珩煜烁筑禾翊祺曜泽睿弘亘鲲麒骅昶"
TRADES: Final = (
    "科技", "信息技术", "数据科技", "大数据", "软件", "智能科技", "网络技术", "能源科技", "物流", "农业科技", "环保工程", "数字技术",
)  # fmt: skip
LEGAL: Final = ("有限公司", "股份有限公司", "有限责任公司", "集团有限公司")
INSTITUTIONS: Final = (
    ("太原理工大学", ("太原理工大学", "太原理工")),
    ("山西农业大学", ("山西农业大学", "山西农大")),
    ("山西医科大学", ("山西医科大学", "山西医大", "山西医科大")),
    ("山西财经大学", ("山西财经大学", "山西财大")),
    ("山西省人民医院", ("山西省人民医院", "山西人民医院")),
    ("太原市第二人民医院", ("太原市第二人民医院", "太原二院", "太原第二人民医院")),
)
SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程魏苏吕丁任沈姚卢"
)
GIVEN: Final = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建志玉红梅鑫宇浩轩子涵欣怡博雅楠晨昊琪瑶"
TITLES: Final = ("教授", "总", "经理", "博士", "主任", "工程师", "院长")
#: People and companies whose names are words, or parts of two.
COMMON_NAMES: Final = ("高峰", "方正", "张敏", "于是", "程序", "李成功", "任务", "王平安", "高洁", "时间")
COMMON_BRANDS: Final = ("创新", "联合", "精英", "智慧", "未来", "时空", "绿色", "融合", "方正", "长城")
LATIN: Final = ("jinyunhh", "hanhaidata", "yunxiutech", "chengchi-cloud", "ruihongsoft")

#: Simplified -> traditional, written for these texts.
TRADITIONAL: Final = str.maketrans(
    "云骅筑祺亘张刘陈杨赵黄吴孙马罗郑谢韩冯邓肖吕叶苏卢伟丽军艳杰涛红鑫轩怡数据网络环农业软件科技信息术电",
    "雲驊築祺亙張劉陳楊趙黃吳孫馬羅鄭謝韓馮鄧肖呂葉蘇盧偉麗軍豔傑濤紅鑫軒怡數據網絡環農業軟件科技信息術電",
)
CYRILLIC: Final = str.maketrans("aeocpxyi", "аеосрхуі")

#: What every form says, full of words that only look like names, numbers that only look like phones.
SENTENCES: Final = (
    "本项目围绕煤矿安全生产的痛点，汇聚多源数据，形成可复用的数据产品。",
    "平台采用大数据、云计算、物联网等技术，支持智能科技与信息技术的融合应用。",
    "依据 GB/T 4754-2017《国民经济行业分类》和 GB/T 22239-2019 开展安全保障工作。",
    "项目总投资 1380.0138 万元，其中自筹 520.25 万元，年节约成本 13,800,138 元。",
    "2023年11月至2025年6月，累计处理数据 13912345678901 条，日均 3600000 次调用。",
    "已获发明专利授权，并登记软件著作权若干项，符合 ISO/IEC 27001:2022 的要求。",
    "用电高峰时段的预测误差由 12.5% 降到 3.1%，建设成本下降一成。",
    "主张总体规划、分步实施，对于总量较大的数据采用分层存储。",
    "在紧张敏感时段，由高级工程师、基金经理和工程博士组成的专班值守，重工业用户优先。",
    "创新平台与智慧平台联合建设，融合数据由精英团队维护，绿色产品面向未来。",
    "应用程序分为三个任务，于是处理时间缩短，李白故里的文旅数据也已接入。",
    "系统在紧张工期内上线，运行平稳，方便企业办事，提升公共服务水平。",
    "与山西省内多家煤矿、医院、高校合作，服务山西、太原、大同等地的用户。",
    "按《数据安全法》《个人信息保护法》建立分类分级制度，责任落实到岗。",
    "云平台部署在政务云，数据库每日备份，接口编号 API-2024-000137-0351。",
    "产品已在物流、农业、能源等领域推广，形成良好的生态和品牌效应。",
    "第一医院、人民医院、中心医院等医疗机构可按需接入，信息共享。",
    "高级工程师占比超过三成，博士、教授等高层次人才参与攻关。",
    "电网负荷、气象、地理等数据的更新周期为 15 分钟，延迟小于 200 ms。",
    "序列号 7F3A-99C1-0012，校验值 9f86d081884c7d659a2feaa0c55ad015。",
    "明确任务分工，程序公开，成果共享，时间节点清楚，关键环节可追溯。",
    "创新联合体以数据为核心要素，实现产业链上下游的协同发展。",
    "经济效益方面，三年累计新增产值 2.35 亿元，利税 3510.12 万元。",
    "模型参数量为 1.38 亿，训练用时 139 小时，准确率 97.35%。",
    "本方案参照 DB14/T 1862-2019、AQ 6201-2019 等地方和行业标准。",
    "通过公开招标（编号 SXZB-2024-0713）确定采购内容，合同额 86.5 万元。",
    "数据科技是第一生产力，软件与网络技术的进步带来了新的商业模式。",
)
CARRIERS: Final = (
    "本项目由{}承担实施。", "{}自主研发了核心算法。", "经{}授权使用相关数据，", "感谢{}对本项目的支持。", "（{}，2024年）",
    "联系{}获取接口文档。", "用户反馈：“{}响应及时”。", "以{}为例，", "见{}提供的材料。", "——{}——",
)  # fmt: skip


@dataclass
class Team:
    """Who the team is, as its registration says it."""

    units: list[str]
    called: dict[str, list[str]]
    members: list[str]
    codes: list[str]
    mobiles: list[str]
    phone: str
    document: str
    mail: str
    name: str

    @property
    def registration(self) -> dict[str, Any]:
        """The public part of what a version froze."""
        units = [
            {"name": name, "parent_name": "", "credit_code": code, "address": "山西省太原市小店区学府街1号", "contact": contact}
            for name, code, contact in zip(self.units, self.codes, self.members, strict=False)
        ]  # fmt: skip
        return {
            "team": {"name": self.name, "members": [{"name": one} for one in self.members]},
            "units": units,
        }

    @property
    def private(self) -> dict[str, Any]:
        """The secret part."""
        members = {
            str(place): {"document_number": self.document, "mobile": mobile}
            for place, mobile in enumerate(self.mobiles)
        }
        return {"members": members, "units": {"1": self.phone}}


@dataclass
class Case:
    """A text, its team, and the names planted in it: what was done to each, itself, where it starts and ends."""

    team: Team
    text: str
    planted: list[tuple[str, str, int, int]] = field(default_factory=list)


def corpus(seed: int, number: int = 500) -> list[Case]:
    """That many cases; every fourth is clean."""
    rng = random.Random(seed)
    return [_case(rng, clean=place % 4 == 3) for place in range(number)]


def _case(rng: random.Random, *, clean: bool) -> Case:
    team = _team(rng)
    case = Case(team, "")
    for _ in range(rng.randint(3, 60)):
        case.text += rng.choice(SENTENCES) + ("\n" if rng.random() < 0.2 else "")
        if not clean and rng.random() < 0.25:
            _plant(rng, case)
    if not clean and not case.planted:
        _plant(rng, case)
    return case


def _plant(rng: random.Random, case: Case) -> None:
    kind, plain = _identity(rng, case.team)
    how, disguise = rng.choice(DISGUISES[kind])
    before, after = rng.choice(CARRIERS).split("{}")
    words = disguise(rng, plain)
    start = len(case.text) + len(before)
    case.text += f"{before}{words}{after}"
    case.planted.append((f"{kind}, {how}", plain, start, start + len(words)))


def _team(rng: random.Random) -> Team:
    called: dict[str, list[str]] = {}
    for _ in range(rng.randint(1, 3)):
        if rng.random() < 0.3:
            name, forms = rng.choice(INSTITUTIONS)
            called[name] = list(forms)
        else:
            called.update([_company(rng)])
    length = len(called) + rng.randint(1, 4)
    brand = "".join(rng.sample(FIRST, 2))
    return Team(
        units=list(called),
        called=called,
        members=[_person(rng) for _ in range(length)],
        codes=[credit_code(rng.randint(1, 9_000_000)) for _ in called],
        mobiles=[f"1{rng.choice('35789')}{rng.randint(0, 10**9 - 1):09d}" for _ in range(length)],
        phone=f"0351-{rng.randint(2_000_000, 8_999_999)}",
        document=f"1401051{rng.randint(960, 999)}{rng.randint(1, 12):02d}{rng.randint(10, 28)}{rng.randint(100, 999)}X",
        mail=f"{rng.choice(['info', 'lihua', 'office'])}@{rng.choice(LATIN)}.{rng.choice(['cn', 'com', 'com.cn'])}",
        name=f"{brand}{rng.choice(['先锋', '智行', '数智'])}{rng.choice(['队', '团队', '战队'])}",
    )


def _company(rng: random.Random) -> tuple[str, list[str]]:
    """A name and what its people call it: whole, without the legal form, without the place, the brand."""
    place, trade, legal = rng.choice(PLACES), rng.choice(TRADES), rng.choice(LEGAL)
    if (
        rng.random() < 0.1
    ):  # a brand that is a common word: nobody can tell it apart, only the name is planted
        name = f"{place}{rng.choice(COMMON_BRANDS)}{trade}{legal}"
        return name, [name]
    brand = "".join(rng.sample(FIRST, rng.choice([2, 2, 3, 4])))
    name = f"{place}{brand}{trade}{legal}"
    forms = [name, name, f"{brand}{trade}", f"{brand}{trade}{legal}", f"{place}{brand}{trade}"]
    forms += [brand] if len(brand) > 2 else [f"{brand}公司", f"{brand}集团", f"{brand}团队", f"“{brand}”"]
    return name, forms


def _person(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(COMMON_NAMES)
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))


def _identity(rng: random.Random, team: Team) -> tuple[str, str]:
    kind = rng.choice(["unit", "unit", "short", "short", "person", "person", "title", "mobile", "phone", "code",
                       "document", "mail", "domain", "team"])  # fmt: skip
    made: dict[str, Callable[[], str]] = {
        "unit": lambda: rng.choice(team.units),
        "short": lambda: rng.choice(team.called[rng.choice(team.units)]),
        "person": lambda: rng.choice(team.members),
        "title": lambda: rng.choice(team.members)[0] + rng.choice(TITLES),
        "mobile": lambda: rng.choice(team.mobiles),
        "phone": lambda: team.phone,
        "code": lambda: rng.choice(team.codes),
        "document": lambda: team.document,
        "mail": lambda: team.mail,
        "domain": lambda: team.mail.partition("@")[2],
        "team": lambda: team.name,
    }
    return kind, made[kind]()


def _as_is(rng: random.Random, text: str) -> str:
    return text


def _between(*marks: str) -> Callable[[random.Random, str], str]:
    def put(rng: random.Random, text: str) -> str:
        return rng.choice(marks).join(text)

    return put


def _once(*marks: str) -> Callable[[random.Random, str], str]:
    def put(rng: random.Random, text: str) -> str:
        place = rng.randint(1, len(text) - 1)
        return text[:place] + rng.choice(marks) + text[place:]

    return put


def _wide(rng: random.Random, text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _bracketed(rng: random.Random, text: str) -> str:
    place = rng.randint(1, max(1, len(text) - 2))
    return f"{text[:place]}（{text[place]}）{text[place + 1 :]}"


def _tagged(rng: random.Random, text: str) -> str:
    place = rng.randint(1, len(text) - 1)
    opening, closing = rng.choice([("<b>", "</b>"), ("**", "**"), ('<span class="x">', "</span>")])
    return f"{opening}{text[:place]}{closing}{text[place:]}"


def _grouped(rng: random.Random, text: str) -> str:
    if len(text) == 11:
        return rng.choice(["-", " ", "－", "  "]).join([text[:3], text[3:7], text[7:]])
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def _spoken(rng: random.Random, text: str) -> str:
    return "".join("〇一二三四五六七八九"[int(char)] if char.isdigit() else char for char in text)


_NAME: Final = [
    ("as it is", _as_is), ("as it is", _as_is), ("spaced", _between(" ", "　")), ("broken over lines", _once("\n", "\r\n", "\n    ")),
    ("zero width", _between("\u200b", "\u2060", "\ufeff")), ("traditional", lambda rng, text: text.translate(TRADITIONAL)),
    ("dotted", _between("·", ".", "-")), ("marked up", _tagged), ("struck through", _between("\u0336")),
]  # fmt: skip
_NUMBERS: Final = [
    ("as it is", _as_is), ("full width", _wide), ("grouped", _grouped), ("broken over lines", _once("\n", " ")),
    ("zero width", _once("\u200b", "\u00ad")), ("spaced", _between(" ")),
]  # fmt: skip
DISGUISES: Final[dict[str, list[tuple[str, Callable[[random.Random, str], str]]]]] = {
    "unit": [*_NAME, ("bracketed", _bracketed)],
    "short": _NAME,
    "person": _NAME,
    "team": _NAME,
    "title": [("as it is", _as_is), ("spaced", _between(" "))],
    "mobile": [*_NUMBERS, ("with country", lambda rng, text: rng.choice(["+86", "+86 ", "86-", "0086"]) + text), ("spoken", _spoken)],
    "phone": [*_NUMBERS, ("in brackets", lambda rng, text: f"（{text[:4]}）{text[5:]}"), ("local", lambda rng, text: text[5:])],
    "code": [*_NUMBERS, ("lower case", lambda rng, text: text.lower()), ("letter O", lambda rng, text: text.replace("0", "O"))],
    "document": [*_NUMBERS, ("lower case", lambda rng, text: text.lower())],
    "mail": [("as it is", _as_is), ("upper case", lambda rng, text: text.upper()), ("full width", _wide),
             ("at", lambda rng, text: text.replace("@", "(at)")), ("spaced", lambda rng, text: text.replace("@", " @ "))],
    "domain": [("as it is", _as_is), ("upper case", lambda rng, text: text.upper()), ("address", lambda rng, text: f"https://{text}/a"),
               ("cyrillic", lambda rng, text: text.translate(CYRILLIC)), ("spoken dot", lambda rng, text: text.replace(".", "。"))],
}  # fmt: skip
