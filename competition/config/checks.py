"""System checks that say in plain words what is wrong with the environment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from competition import sms_texts

#: What production must be given, and how to make or find it.
REQUIRED = {
    "SECRET_KEY": "Make one with: openssl rand -base64 60",
    "FIELD_KEYS": "Write k1: followed by the output of: openssl rand -base64 32",
    "HASH_KEY": "Make one with: openssl rand -base64 32 (it can never be changed)",
    "DATABASE_URL": "Write postgres://user:password@host:5432/name",
    "REDIS_URL": "Write redis://host:6379/0",
    "ALLOWED_HOSTS": "Write the host names of the portal, separated by commas",
    "SITE_URL": "Write the portal's public address, e.g. https://portal.example",
    "MEDIA_ROOT": "Write the folder for uploaded files; it must be private and backed up",
}

ALIYUN = "competition.delivery.aliyun.AliyunGateway"
#: What that gateway cannot do without.
ALIYUN_NEEDS = {
    "KEY_ID": "Write the AccessKey id of a RAM user that may SendSms and QuerySendDetails.",
    "KEY_SECRET": "Write the secret of that AccessKey.",
    "SIGN_NAME": "Write the approved signature, without brackets.",
    "TEMPLATES": "Write a JSON object of our template names and the carrier's codes; docs/operations.md lists them.",
}

#: Without these nothing runs outside a developer's machine.
ALWAYS = ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY", "DATABASE_URL")


@register(Tags.security)
def environment_is_readable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every value that could not be read, with what to write instead."""
    return [Error(problem.sentence, hint=problem.hint, id="portal.E001") for problem in settings.ENV.problems]


@register(Tags.security)
def keys_are_given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside a developer's machine nothing runs on placeholder keys."""
    return [] if settings.LOCAL else _missing(ALWAYS)


@register(Tags.security, deploy=True)
def production_is_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """With ``--deploy``: each missing variable by name, and no demonstration switched on."""
    # What ``keys_are_given`` names already is not said twice.
    found = _missing(tuple(name for name in REQUIRED if settings.LOCAL or name not in ALWAYS))
    if settings.DEMO:
        found.append(
            Error("DEMO is on: anybody could log in as anybody.", hint="Remove DEMO=1.", id="portal.E003")
        )
    if settings.SITE_URL.startswith("http://"):
        found.append(
            Error("SITE_URL is not https.", hint="Passkeys and secure cookies need https.", id="portal.E004")
        )
    return found


@register(Tags.security)
def sms_gateway_is_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """With the gateway of Alibaba Cloud switched on: each value and each template that is missing."""
    if settings.SMS_BACKEND != ALIYUN:
        return []
    given = settings.ALIYUN_SMS
    found: list[CheckMessage] = [
        Error(f"ALIYUN_SMS_{name} is missing.", hint=hint, id="portal.E005")
        for name, hint in ALIYUN_NEEDS.items()
        if not given[name]
    ]
    missing = sorted(set(sms_texts.TEMPLATES) - set(given["TEMPLATES"]))
    if given["TEMPLATES"] and missing:
        sentence = f"ALIYUN_SMS_TEMPLATES has no code for: {', '.join(missing)}."
        found.append(Error(sentence, hint=ALIYUN_NEEDS["TEMPLATES"], id="portal.E006"))
    if not str(given["ENDPOINT"]).startswith("https://") and not settings.LOCAL:
        sentence = "ALIYUN_SMS_ENDPOINT is not https."
        found.append(Error(sentence, hint="Leave it out to use the vendor's.", id="portal.E007"))
    return found


def refuse_placeholder_keys() -> None:
    """Stop a web process that would encrypt and sign with placeholders: gunicorn runs no system checks."""
    found = [*environment_is_readable(None), *keys_are_given(None)]
    if found:
        raise ImproperlyConfigured(" ".join(str(one.msg) for one in found))


def _missing(names: tuple[str, ...]) -> list[CheckMessage]:
    return [
        Error(f"{name} is missing.", hint=f"{REQUIRED[name]}.", id="portal.E002")
        for name in names
        if not settings.ENV.given(name) or name in settings.PROVIDED
    ]
