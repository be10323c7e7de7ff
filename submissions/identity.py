"""Who an entry is by: the words that would tell, and where they stand in a text (R16). Values in, values out.

Comparison knows no width, no case and no spacing: NFKC, without blanks, invisible characters, dashes, dots and
brackets. A short form of a unit's name counts from three characters on, and only if it is more than the words
of its trade: '山西煤矿安全技术有限公司' does not make every '煤矿安全技术' a leak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from competition.reference import SHANXI, provinces, region_children

HIDDEN: Final = "〔已隐去〕"
#: Fewer characters of a short form are a common word rather than a name.
SHORTEST: Final = 3
MANY_PEOPLES_MAIL: Final = frozenset(
    {
        "qq.com",
        "163.com",
        "126.com",
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "sina.com",
        "sina.cn",
        "foxmail.com",
        "139.com",
        "189.cn",
        "yeah.net",
        "aliyun.com",
        "example.com",
    }
)

_LEGAL_FORM: Final = re.compile(
    r"(?:集团)?(?:股份|控股)?(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团)$|(?:集团)$"
)
_TRADES: Final = (
    "大数据", "数据要素", "数据", "数字", "数智", "信息", "科技", "技术", "网络", "软件", "智能", "智慧", "系统",
    "平台", "云计算", "物联网", "互联网", "人工智能", "电子", "通信", "工程", "工业", "实业", "产业", "发展",
    "服务", "咨询", "管理", "运营", "建设", "投资", "控股", "集团", "能源", "煤炭", "煤矿", "煤业", "电力", "交通",
    "运输", "物流", "农业", "医疗", "健康", "环境", "环保", "生态", "金融", "文化", "旅游", "教育", "气象", "安全",
    "应急", "测绘", "地理", "制造", "装备", "材料", "化工", "商贸", "贸易", "研究院", "研究所", "研究", "设计院",
    "设计", "大学", "学院", "医院", "中心", "总院", "总局", "有限", "责任", "股份", "公司", "省", "市", "县", "区",
    "理工", "科学", "开发", "创新", "创业", "综合", "联合", "公共", "政务", "城市", "治理", "示范", "检测",
)  # fmt: skip
_TRADE: Final = re.compile("|".join(sorted(_TRADES, key=len, reverse=True)))
_TRADE_TAIL: Final = re.compile(f"(?:{_TRADE.pattern})$")
_SOFT: Final = frozenset("()[]{}<>〈〉《》【】「」『』〔〕·•・.-_‐‑‒–—―~")

#: What names somebody whoever it is: kind -> shape, looked for in the text as it was typed.
_SHAPES: Final = (
    ("电子邮箱", re.compile(r"[\w.+-]+[@＠][\w-]+(?:[.．][\w-]+)+", re.ASCII)),
    ("网址", re.compile(r"(?:https?://|www\.)[\w./?=&%#:~-]+", re.ASCII | re.IGNORECASE)),
    ("手机号码", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", re.ASCII)),
    (
        "统一社会信用代码",
        re.compile(r"(?<![0-9A-Za-z])[1-9ANY][0-9A-HJ-NP-RTUWXY]\d{6}[0-9A-HJ-NP-RTUWXY]{10}(?![0-9A-Za-z])"),
    ),
)


@dataclass(frozen=True, slots=True)
class Word:
    """Something that tells who an entry is by: its kind in words, itself, and what stands in its place."""

    kind: str
    text: str
    instead: str = HIDDEN


@dataclass(frozen=True, slots=True)
class Leak:
    """A word found: its kind, the words as they stand in the text, and where (``text[start:end]``)."""

    kind: str
    words: str
    start: int
    end: int
    instead: str = HIDDEN

    @property
    def sentence(self) -> str:
        """What a person reads of it."""
        return f"{self.kind}“{self.words}”"


class Finder:
    """Finds and masks the identity words of one entry."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words: dict[str, Word] = {}
        for word in words:
            key = "".join(char for char, _ in _folded(word.text))
            if len(key) > 1:
                self._words.setdefault(key, word)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        keys = sorted(self._words, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, keys))) if keys else None

    def find(self, text: str) -> list[Leak]:
        """Every word of the entry, and every phone, mail, address and credit code, in the order of the text."""
        found = [*self._known(text), *_shaped(text)]
        found.sort(key=lambda leak: (leak.start, -leak.end))
        kept: list[Leak] = []
        for leak in found:
            if not kept or leak.start >= kept[-1].end:
                kept.append(leak)
        return kept

    def mask(self, text: str) -> str:
        """The text with every word found replaced by its code or by 〔已隐去〕 (R16)."""
        return self.replace(text, lambda leak: leak.instead)

    def replace(self, text: str, by: Callable[[Leak], str]) -> str:
        """The text with every word found replaced by what ``by`` makes of it."""
        parts, last = [], 0
        for leak in self.find(text):
            parts += [text[last : leak.start], by(leak)]
            last = leak.end
        return "".join([*parts, text[last:]])

    def _known(self, text: str) -> Iterator[Leak]:
        if self._pattern is None:
            return
        folded = _folded(text)
        key = "".join(char for char, _ in folded)
        for match in self._pattern.finditer(key):
            start, end = folded[match.start()][1], folded[match.end() - 1][1] + 1
            if _whole(text, start, end):
                word = self._words[match[0]]
                yield Leak(word.kind, text[start:end], start, end, word.instead)


def words_of(registration: Mapping[str, Any], private: Mapping[str, Any], mails: Iterable[str]) -> list[Word]:
    """The identity words of a sealed registration: units with short forms, people, team, numbers, mail domains.

    ``registration`` and ``private`` are what a version froze; ``mails`` are addresses of the team's accounts.
    """
    words = [Word("团队名称", registration["team"]["name"])]
    short = re.sub(r"(?:团队|战队|小队|队)$", "", registration["team"]["name"])
    if len(short) >= SHORTEST and _distinct(short):
        words.append(Word("团队名称", short))
    for unit in registration["units"]:
        words += [Word("参赛单位名称", name) for name in names_of_unit(unit["name"])]
        words += [Word("母公司名称", name) for name in names_of_unit(unit.get("parent_name") or "")]
        words += [Word("统一社会信用代码", unit["credit_code"]), Word("单位地址", unit["address"])]
        words += _people("单位联系人", unit["contact"])
    for member in registration["team"]["members"]:
        words += _people("团队成员姓名", member["name"])
    for member in private.get("members", {}).values():
        words += [Word("证件号码", member["document_number"]), Word("手机号码", member["mobile"])]
    words += [Word("联系电话", phone) for phone in private.get("units", {}).values() if len(phone) > 6]
    for mail in mails:
        words += _domains(mail)
    return [word for word in words if len(word.text.strip()) > 1]


def names_of_unit(name: str) -> list[str]:
    """A unit's name and its short forms without place, legal form and words of the trade, the longest first."""
    plain = unicodedata.normalize("NFKC", name).strip()
    bare = re.sub(r"\([^)]*\)", "", plain)
    forms = [plain, bare]
    for form in (plain, bare):
        short = _LEGAL_FORM.sub("", form)
        without = _without_place(short)
        forms += [short, without, _brand(without)]
    kept = [form for form in dict.fromkeys(forms) if len(form) >= SHORTEST]
    return [form for form in kept if form in (plain, bare) or _distinct(form)]


def _brand(form: str) -> str:
    """'示例' of '示例信息技术'; nothing when too little is left."""
    while (shorter := _TRADE_TAIL.sub("", form)) != form and len(shorter) >= SHORTEST:
        form = shorter
    return form


def _distinct(form: str) -> bool:
    """Whether something is left besides place and trade."""
    return len(_TRADE.sub("", _without_place(form))) >= 2


def _places() -> Iterator[str]:
    for region in (*provinces(), *region_children(SHANXI)):
        yield region.name
        yield re.sub(r"(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)$", "", region.name)


_PLACE: Final = re.compile(
    f"^(?:{'|'.join(sorted(map(re.escape, set(_places())), key=len, reverse=True))})(?:省|市)?"
)


def _without_place(name: str) -> str:
    """The name without province and city in front of it."""
    while (shorter := _PLACE.sub("", name, count=1)) != name:
        name = shorter
    return name


def _people(kind: str, name: str) -> list[Word]:
    """A person's whole name; one character alone names nobody."""
    return [Word(kind, name)] if len(name.strip()) > 1 else []


def _domains(mail: str) -> list[Word]:
    local, _, domain = mail.strip().lower().rpartition("@")
    words = [Word("电子邮箱", mail)] if local else []
    if domain and domain not in MANY_PEOPLES_MAIL:
        words.append(Word("邮箱域名", domain))
    return words


def _folded(text: str) -> list[tuple[str, int]]:
    """The characters that count, folded, each with its place in the text."""
    found = []
    for place, typed in enumerate(text):
        for char in unicodedata.normalize("NFKC", typed).lower():
            if not (char.isspace() or char in _SOFT or unicodedata.category(char) in ("Cc", "Cf")):
                found.append((char, place))
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """A word that begins or ends in a Latin letter does not stand inside a longer one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_latin(text[start]) and _latin(before)) and not (_latin(text[end - 1]) and _latin(after))


def _latin(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalpha()


def _shaped(text: str) -> Iterator[Leak]:
    for kind, shape in _SHAPES:
        for match in shape.finditer(text):
            yield Leak(kind, match[0], match.start(), match.end())
