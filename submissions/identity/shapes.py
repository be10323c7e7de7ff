"""What names somebody whoever it is: telephones, mail, addresses on the net, numbers of persons and units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from competition.identity import credit_code_problem
from submissions.identity.folding import same_width

CREDIT_CODE: Final = "统一社会信用代码"

_SHAPES: Final = (
    ("电子邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("网址", re.compile(r"(?:https?://|www\.)[\w./?=&%#:~-]+", re.ASCII | re.IGNORECASE)),
    (
        "证件号码",
        re.compile(
            r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]"
            r"(?![0-9A-Za-z])"
        ),
    ),
    (
        "手机号码",
        re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.]\d|\d)", re.ASCII),
    ),
    ("联系电话", re.compile(r"(?<![\d.])\(?0\d{2,3}\)? ?[-—–)]{1,2} ?[2-8]\d{6,7}(?!\d)", re.ASCII)),
    (
        "即时通信账号",
        re.compile(r"(?:QQ|微信|WeChat)(?:群|号|号码|ID)?[::][ ]?[A-Za-z0-9_-]{5,20}", re.IGNORECASE),
    ),
    (
        CREDIT_CODE,
        re.compile(r"(?<![0-9A-Za-z])[1-9ANY][0-9A-HJ-NP-RTUWXY]\d{6}[0-9A-HJ-NP-RTUWXY]{10}(?![0-9A-Za-z])"),
    ),
)
#: A credit code in lower case or in groups counts only when its check character is right.
_LOOSE_CODE: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){17}(?![0-9A-Za-z])", re.ASCII
)


def shaped(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind and place of everything in the text that has one of these shapes."""
    wide = same_width(text)
    for kind, shape in _SHAPES:
        for match in shape.finditer(wide):
            yield kind, match.start(), match.end()
    for match in _LOOSE_CODE.finditer(wide):
        code = re.sub(r"[ -]", "", match[0]).upper()
        if any(char.isdigit() for char in code) and not credit_code_problem(code):
            yield CREDIT_CODE, match.start(), match.end()
