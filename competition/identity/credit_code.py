"""统一社会信用代码 (GB 32100-2015) and its check character (R47)."""

from __future__ import annotations

import re
from typing import Final

from stdnum.cn import uscc

from competition.identity.typed import compact

#: Registering department (1-9, A, N, Y), kind, six digits of the division, nine of the body, check character.
#: python-stdnum's own `validate` takes digits only for the first two and would refuse A, N and Y.
_SHAPE: Final = re.compile(r"[1-9ANY][0-9A-HJ-NP-RTUW-Y]\d{6}[0-9A-HJ-NP-RTUW-Y]{10}", re.ASCII)


def normalise_credit_code(text: str) -> str:
    """Half-width, upper case, without blanks and hyphens; right or wrong."""
    return compact(text)


def credit_code_problem(text: str) -> str:
    """What is wrong with a credit code, '' when nothing is (R47)."""
    code = compact(text)
    if not code:
        return "请填写统一社会信用代码。"
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位。"
    if not _SHAPE.fullmatch(code):
        return "统一社会信用代码由数字和大写字母组成，不含I、O、S、V、Z，第3至8位为数字，请核对。"
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return "统一社会信用代码的校验位不正确，请对照营业执照或法人证书核对。"
    return ""
