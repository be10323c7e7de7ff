"""The words that would tell who an entry is by, from what its registration says (R16)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from submissions.identity.people import calls_of_person, is_common_word
from submissions.identity.units import SHORTEST, calls_of_unit, is_distinct, names_of_unit, without_place

HIDDEN: Final = "〔已隐去〕"
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
#: Fewer letters of a domain are a common word or an abbreviation of many.
_LABEL_SHORTEST: Final = 6
_ENDINGS: Final = frozenset({"com", "cn", "net", "org", "gov", "edu", "ac", "cc", "top", "tech", "co", "sx"})
_LOCAL_NUMBER: Final = re.compile(r"^\D*0\d{2,3}\D+([2-8]\d{6,7})")


class Stands(StrEnum):
    """Where a word counts that may be part of a common one."""

    ANYWHERE = "anywhere"
    #: No letter before it but the small words that go with names.
    FIRST = "first"
    #: Nor after it.
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Word:
    """Something that tells who an entry is by: its kind in words, itself, and what stands in its place.

    ``unless``: characters that make another word of it when one of them follows.
    """

    kind: str
    text: str
    instead: str = HIDDEN
    stands: Stands = Stands.ANYWHERE
    unless: str = ""


def words_of(
    registration: Mapping[str, Any],
    private: Mapping[str, Any],
    mails: Iterable[str],
    aliases: Iterable[str] = (),
) -> list[Word]:
    """The identity words of a sealed registration: units with short forms, people, team, numbers, mail domains.

    ``registration`` and ``private`` are what a version froze; ``mails`` are addresses of the team's accounts;
    ``aliases`` further names of its units.
    """
    words = list(_team(registration["team"]["name"]))
    for unit in registration["units"]:
        words += _unit("参赛单位名称", unit["name"])
        words += _unit("母公司名称", unit.get("parent_name") or "")
        words += [Word("统一社会信用代码", unit["credit_code"]), Word("单位地址", unit["address"])]
        words += [Word("单位地址", short) for short in _streets(unit["address"])]
        words += _people("单位联系人", unit["contact"])
    for alias in aliases:
        words += _unit("参赛单位名称", alias)
    for member in registration["team"]["members"]:
        words += _people("团队成员姓名", member["name"])
    for member in private.get("members", {}).values():
        words += [Word("证件号码", member["document_number"]), Word("手机号码", member["mobile"])]
    for phone in private.get("units", {}).values():
        words += _phone(phone)
    for mail in mails:
        words += _mail(mail)
    return [word for word in words if len(word.text.strip()) > 1]


def _team(name: str) -> Iterator[Word]:
    yield Word("团队名称", name)
    short = re.sub(r"(?:团队|战队|小队|项目组|课题组|队)$", "", name)
    if len(short) >= SHORTEST and is_distinct(short):
        yield Word("团队名称", short)


def _unit(kind: str, name: str) -> Iterator[Word]:
    for form in names_of_unit(name):
        yield Word(kind, form)
    for form, alone in calls_of_unit(name):
        yield Word(kind, form, stands=Stands.ALONE if alone else Stands.ANYWHERE)


def _streets(address: str) -> Iterator[str]:
    """An address without province and city."""
    short = without_place(address)
    if short != address and len(short) > SHORTEST:
        yield short


def _people(kind: str, name: str) -> Iterator[Word]:
    """A person's whole name, and how people speak of them; one character alone names nobody."""
    name = name.strip()
    if len(name) > 1:
        yield Word(kind, name, stands=Stands.ALONE if is_common_word(name) else Stands.ANYWHERE)
        for call, unless in calls_of_person(name):
            yield Word(f"{kind.removesuffix('姓名')}称呼", call, stands=Stands.FIRST, unless=unless)


def _phone(phone: str) -> Iterator[Word]:
    if len(phone) > 6:
        yield Word("联系电话", phone)
    if local := _LOCAL_NUMBER.match(phone):
        yield Word("联系电话", local[1])


def _mail(mail: str) -> Iterator[Word]:
    local, _, domain = mail.strip().lower().rpartition("@")
    if local:
        yield Word("电子邮箱", mail)
    if domain and domain not in MANY_PEOPLES_MAIL:
        yield Word("邮箱域名", domain)
        names = [label for label in domain.split(".") if label not in _ENDINGS]
        if names and len(names[-1]) >= _LABEL_SHORTEST:
            yield Word("邮箱域名", names[-1])
