"""The texts of all SMS: each is a template that the office files with the carrier, and its parameters.

Carriers on the mainland send approved templates alone, put their signature in front, refuse addresses as
parameters and cut nothing: a parameter that is too long is refused. So the portal's address stands in the
filed text as ``{site}``, only the end of a link is a parameter, and parameters are shortened here.
docs/operations.md holds the table for filing; tests/competition/test_sms_texts.py holds that it is whole.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from competition.crypto import encrypt

#: The most characters that a carrier takes as one parameter.
LONGEST: Final = 35
#: Characters that no parameter may hold: they frame the carrier's signature.
_FRAMES: Final = str.maketrans({"【": "〔", "】": "〕"})
_PLACE: Final = re.compile(r"\{(\w+)\}")
SITE: Final = "site"
GENERIC: Final = "notice"


@dataclass(frozen=True)
class Template:
    """One text: what it is filed as, and its words with ``{parameter}``."""

    filed_as: str
    text: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters in the order of the text, each once."""
        found = dict.fromkeys(_PLACE.findall(self.text))
        return tuple(name for name in found if name != SITE)


CODE: Final = "验证码"
NOTICE: Final = "通知"

TEMPLATES: Final[dict[str, Template]] = {
    "code": Template(
        CODE, "验证码 {code}，用于登录或验证手机号，5分钟内有效。请勿告诉他人。如非本人操作，请忽略。"
    ),
    "invitation": Template(
        NOTICE,
        "{name}，您好！大赛秘书处邀请您担任“{role}”。请在7天内打开以下链接，用收到本消息的手机号登录并接受邀请："
        "{site}/invitation/{token}/ 链接仅供您本人使用一次，请勿转发。",
    ),
    "registration.confirm": Template(
        NOTICE,
        "{name}，团队“{team}”将您列为参赛代表。请打开 {site}/confirm/{token}/ 核对信息，"
        "并输入验证码 {code}（{minutes}分钟内有效）确认。如非本人参加，请忽略。",
    ),
    "registration.confirm_reminder": Template(
        NOTICE,
        "{name}，团队“{team}”还在等您确认参赛。请打开 {site}/confirm/{token}/ 重新获取验证码并确认；"
        "如非本人参加，请忽略。",
    ),
    "registration.unit_consent": Template(
        NOTICE,
        "团队“{team}”将“{unit}”列为参赛单位，请贵单位在 {site}/join/{token}/ 核对信息，"
        "并答复是否同意参赛。如有疑问，请与团队联系。",
    ),
    "registration.unit_consent_reminder": Template(
        NOTICE,
        "提醒：团队“{team}”将“{unit}”列为参赛单位，请贵单位在 {site}/join/{token}/ 核对信息，"
        "并答复是否同意参赛。如有疑问，请与团队联系。",
    ),
    "registration.person_corrected": Template(
        NOTICE,
        "{name}，您在团队“{team}”的{item}已更正为“{value}”。如有疑问，请联系大赛秘书处办公室。",
    ),
    "submission.reminder": Template(
        NOTICE, "团队“{team}”的作品{state}。请在{deadline}前完成申报书、定稿盖章并提交；逾期不能提交。"
    ),
    "report.received": Template(NOTICE, "您提交的举报已收到，编号{number}。处理情况请凭查询链接查看。"),
    "report.closed": Template(NOTICE, "您提交的举报（编号{number}）已有处理结果，请凭查询链接查看。"),
    GENERIC: Template(NOTICE, "通知：{title}。详情请登录大赛平台查看。"),
}


def cut(value: Any) -> str:
    """A parameter as the carrier takes it: one line, without its frames, at most LONGEST characters."""
    said = " ".join(str(value).split()).translate(_FRAMES)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def data(name: str, /, **params: Any) -> dict[str, str]:
    """``OutboxMessage.data`` of an SMS: its template and, encrypted, its parameters (all of them, as text)."""
    whole = {key: cut(value) for key, value in params.items()}
    return {"template": name, "params": encrypt(json.dumps(whole, ensure_ascii=False))}


def text(name: str, /, *, signed: str = "", **params: Any) -> str:
    """What the phone shows; ``signed`` stands where the carrier puts its signature.

    KeyError when the template or one of its parameters is missing.
    """
    places = {key: cut(value) for key, value in params.items()} | {SITE: settings.SITE_URL}
    signature = f"【{signed}】" if signed else ""
    return signature + _PLACE.sub(lambda place: places[place[1]], TEMPLATES[name].text)
