"""A gateway for Alibaba Cloud SMS (dysmsapi, 2017-05-25): SendSms, and QuerySendDetails before a repetition.

The carrier does not recognise a repetition by itself (its documentation says so). ``OutId`` is our
reference; it comes back in QuerySendDetails. So whatever was handed over before is looked for first, and
sent again only when the carrier does not know it. docs/decisions/139-sms-gateway.md says what remains.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from competition import clock
from competition.delivery import acs3
from competition.delivery.sms import Down, Later, Permanent, Sms
from competition.phones import COUNTRY

VERSION: Final = "2017-05-25"
TIMEOUT_SECONDS: Final = 8.0
MOST_BYTES: Final = 256 * 1024
PAGE: Final = 50
#: The carrier's days; records are kept for thirty of them.
ZONE: Final = ZoneInfo("Asia/Shanghai")

#: Codes after which this text is never taken for this number as it stands.
PERMANENT: Final[dict[str, str]] = {
    "isv.MOBILE_NUMBER_ILLEGAL": "手机号码不正确",
    "isv.MOBILE_COUNT_OVER_LIMIT": "手机号码不正确",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": "模板不支持境内号码",
    "isv.BLACK_KEY_CONTROL_LIMIT": "号码或内容在运营商黑名单中",
    "isv.SMS_CONTENT_ILLEGAL": "内容含有运营商禁止的词",
    "FILTER": "内容被运营商拦截",
    "isv.SMS_TEMPLATE_ILLEGAL": "模板未通过审核或编号不对",
    "isv.SMS_SIGNATURE_ILLEGAL": "短信签名未通过审核",
    "isv.SMS_SIGN_ILLEGAL": "短信签名被禁用",
    "isv.SIGN_STATE_ILLEGAL": "短信签名不可用",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "短信签名与模板类型不符",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模板缺少参数",
    "isv.TEMPLATE_PARAMS_ILLEGAL": "模板参数含有禁止的词",
    "isv.PARAM_LENGTH_LIMIT": "模板参数过长",
    "isv.PARAM_NOT_SUPPORT_URL": "模板参数不能是网址",
    "isv.INVALID_JSON_PARAM": "模板参数格式不对",
    "isv.INVALID_PARAMETERS": "参数不合要求",
}
#: Codes that concern one number or one text for a while.
LATER: Final[dict[str, str]] = {
    "isv.BUSINESS_LIMIT_CONTROL": "该号码接收过于频繁",
    "VALVE:M_MC": "该号码一分钟内已收过相同短信",
    "VALVE:H_MC": "该号码一小时内接收过多",
    "VALVE:D_MC": "该号码一天内接收过多",
}
#: Codes that concern our account: nothing is taken until the office or time has mended it.
DOWN: Final[dict[str, str]] = {
    "isv.OUT_OF_SERVICE": "短信账户余额不足，已停机",
    "isv.AMOUNT_NOT_ENOUGH": "短信账户余额不足",
    "isv.DAY_LIMIT_CONTROL": "已达到短信日发送上限",
    "isv.MONTH_LIMIT_CONTROL": "已达到短信月发送上限",
    "isv.ACCOUNT_ABNORMAL": "短信账户异常",
    "isv.ACCOUNT_NOT_EXISTS": "短信账户不存在",
    "isv.PRODUCT_UN_SUBSCRIPT": "短信服务未开通",
    "isv.PRODUCT_UNSUBSCRIBE": "短信服务未开通",
    "isv.DENY_IP_RANGE": "服务器地址不在允许范围",
    "isp.RAM_PERMISSION_DENY": "访问密钥权限不足",
    "isp.SYSTEM_ERROR": "短信平台系统错误",
    "SignatureDoesNotMatch": "访问密钥不正确",
}
#: Beginnings of codes of the same kind.
DOWN_BEGINNINGS: Final = (
    "Throttling",
    "InvalidAccessKeyId",
    "Forbidden",
    "NoPermission",
    "ServiceUnavailable",
    "InternalError",
    "SignatureNonceUsed",
    "InvalidTimeStamp",
    "IncompleteSignature",
)


class AliyunGateway:
    """``SMS_BACKEND=competition.delivery.aliyun.AliyunGateway``; settings.ALIYUN_SMS holds the rest."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = settings.ALIYUN_SMS

    def send(self, sms: Sms) -> None:
        """Hand over one text, unless the carrier has taken it before; raises Permanent, Later or Down."""
        code = self.given["TEMPLATES"].get(sms.template)
        if not code:
            raise Later(f"没有为短信模板“{sms.template}”配置编号。")
        if sms.again and self.has_taken(sms):
            return
        answer = self._call(
            "SendSms",
            PhoneNumbers=sms.phone.removeprefix(COUNTRY),
            SignName=self.given["SIGN_NAME"],
            TemplateCode=code,
            TemplateParam=json.dumps(sms.params, ensure_ascii=False),
            OutId=sms.reference,
        )
        if answer["Code"] != "OK":
            raise refusal_of(answer["Code"])

    def has_taken(self, sms: Sms) -> bool:
        """Whether the carrier knows our reference among what this number was sent lately."""
        return any(
            one.get("OutId") == sms.reference
            for day in days_since(sms.written_at)
            for one in self._records(sms.phone, day)
        )

    def _records(self, phone: str, day: str) -> Iterator[dict[str, Any]]:
        for page in range(1, 5):
            answer = self._call(
                "QuerySendDetails",
                PhoneNumber=phone.removeprefix(COUNTRY),
                SendDate=day,
                PageSize=str(PAGE),
                CurrentPage=str(page),
            )
            if answer["Code"] != "OK":
                raise refusal_of(answer["Code"], permanent=False)
            details = answer.get("SmsSendDetailDTOs")
            rows = details.get("SmsSendDetailDTO", []) if isinstance(details, dict) else []
            yield from (row for row in rows if isinstance(row, dict))
            if len(rows) < PAGE:
                return

    def _call(self, action: str, **params: str) -> dict[str, Any]:
        """One signed request; the carrier's answer, which has a ``Code``. Raises Down when there is none."""
        address = urlsplit(self.given["ENDPOINT"])
        query = acs3.canonical_query({"RegionId": self.given["REGION"], **params})
        signed = acs3.headers(address.netloc, action, VERSION, at=clock.real_now())
        keys = {"key_id": self.given["KEY_ID"], "key_secret": self.given["KEY_SECRET"]}
        signed["Authorization"] = acs3.authorization("POST", query, signed, **keys)
        signed["accept"] = "application/json"
        connection = connection_to(address.scheme, address.netloc)
        try:
            connection.request("POST", f"/?{query}", body=b"", headers=signed)
            raw = connection.getresponse().read(MOST_BYTES)
            answer = json.loads(raw)
        except (OSError, HTTPException, ValueError) as error:
            # An OSError may name addresses; its kind says enough.
            raise Down(f"短信平台没有正常应答（{type(error).__name__}）。") from error
        finally:
            connection.close()
        if not isinstance(answer, dict) or not isinstance(answer.get("Code"), str):
            raise Down("短信平台的应答无法识别。")
        return answer


def connection_to(scheme: str, host: str) -> HTTPConnection:
    """A connection with time limits; TLS with the system's certificates unless a test server is named."""
    if scheme == "http":
        return HTTPConnection(host, timeout=TIMEOUT_SECONDS)
    return HTTPSConnection(host, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())


def refusal_of(code: str, *, permanent: bool = True) -> Permanent | Later | Down:
    """The exception for a code; an unknown one is tried again later."""
    if permanent and code in PERMANENT:
        return Permanent(f"{PERMANENT[code]}（{code}）。")
    if code in DOWN or code.startswith(DOWN_BEGINNINGS):
        return Down(f"{DOWN.get(code, '短信平台暂时拒绝')}（{code}）。")
    return Later(f"{LATER.get(code, '短信平台没有接受')}（{code[:60]}）。")


def days_since(instant: datetime | None) -> list[str]:
    """Today, yesterday and the day of writing, as the carrier writes days; never more than three."""
    today = clock.real_now().astimezone(ZONE)
    written = (instant or today).astimezone(ZONE)
    days = {one.strftime("%Y%m%d") for one in (today, today - timedelta(days=1), written)}
    return sorted(day for day in days if day >= written.strftime("%Y%m%d"))
