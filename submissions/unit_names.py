"""Names of units in a text that are not the entry's own (R82). Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final

from competition.identity import name_key
from competition.reference import SHANXI, provinces, region_children

PARENT: Final = "上级单位"
REGISTERED: Final = "本届其他参赛单位"
OTHER: Final = "其他单位"
#: Characters by which a text is looked through before a name is looked for in it.
HEAD: Final = 4
_COMPANY: Final = re.compile(
    r"[\u3400-\u9fffA-Z0-9()·]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团公司|总公司)(?:[\u3400-\u9fff]{1,12}?分公司)?"
)
_LONGEST: Final = 40
#: What stands before a name without a mark between.
_BEFORE: Final = re.compile(
    r"^.*(?:甲方|乙方|丙方|买方|卖方|授予|委托方|受托方|委托|受让人|转让人|发包人|承包人|著作权人|专利权人|权利人"
    r"|申请人|单位名称|单位|客户|出具|证明|兹有|本公司|我公司|特此|以及|关于|名称为|名称)(?=.{6})"
)


def index_of(names: Iterable[str]) -> dict[str, list[str]]:
    """Registered names by their first characters, for ``others_in``."""
    found: dict[str, list[str]] = {}
    for name in names:
        if len(key := name_key(name)) > HEAD:
            found.setdefault(key[:HEAD], []).append(name)
    return found


def others_in(
    text: str, *, own: Collection[str], registered: Mapping[str, list[str]], parents: Collection[str] = ()
) -> dict[str, str]:
    """Names of other units in the text -> what they are (one of the words above).

    A branch of an own unit is another unit; an own unit with something before its name is not.
    """
    own_keys = [name_key(name) for name in own if name]
    whole = name_key(text)
    for key in own_keys:
        whole = whole.replace(key, "\n")
    found = {name: PARENT for name in parents if name and name_key(name) in whole}
    heads = {whole[at : at + HEAD] for at in range(len(whole) - HEAD + 1)}
    for head in heads & registered.keys():
        for name in registered[head]:
            if name_key(name) in whole and name_key(name) not in own_keys:
                found.setdefault(name, REGISTERED)
    known = {name_key(name) for name in found}
    for name in companies_in(text):
        # What a line break leaves of an own name is its end.
        if not any(name.endswith(key) or key.endswith(name) for key in [*own_keys, *known]):
            found.setdefault(name, OTHER)
            known.add(name)
    return found


def companies_in(text: str) -> list[str]:
    """Everything that is shaped like a company's name, each once, without what stands before it.

    A name that a line break parts is found, too, unless the next line begins with a whole one.
    """
    names: dict[str, None] = {}
    before = ""
    for line in map(name_key, text.splitlines()):
        found = list(_COMPANY.finditer(line))
        if before and not (found and found[0].start() == 0):
            joined = _COMPANY.finditer(before + line)
            spans = [one for one in joined if one.start() < len(before) < one.end()]
            names |= dict.fromkeys(_start(one[0]) for one in spans)
        names |= dict.fromkeys(_start(one[0]) for one in found)
        before = line[-_LONGEST:]
    return [name for name in names if len(name) > len("有限公司") + 1]


def _start(found: str) -> str:
    """Names begin with their place, where one is said."""
    begins = [at for place in _places() if (at := found.find(place)) >= 0]
    return found[min(begins) :] if begins else _BEFORE.sub("", found)


@cache
def _places() -> tuple[str, ...]:
    return tuple(one.name[:2] for one in (*provinces(), *region_children(SHANXI)))
