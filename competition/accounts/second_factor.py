"""What allauth's second factor asks us: encryption, names in Chinese, limits, who may do without."""

from __future__ import annotations

import io
from typing import Any

import segno
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from competition import crypto, limits
from competition.accounts import sessions, words
from competition.errors import TooMany
from competition.models import User


class MFAAdapter(DefaultMFAAdapter):
    error_messages = dict(words.MFA_ERRORS)

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def _get_user_identifier(self, user: User) -> str:
        """What an authenticator app shows beside the portal's name; never a full phone number."""
        return user.email or user.masked_phone or user.display_name

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def build_totp_svg(self, url: str) -> str:
        """An inline picture without styles, as the content policy wants it."""
        buffer = io.BytesIO()
        code = segno.make(url, error="m", micro=False)
        code.save(buffer, kind="svg", border=2, xmldecl=False, nl=False, omitsize=True)
        return buffer.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return "通行密钥"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of a role that needs one stays."""
        user: Any = authenticator.user
        others = Authenticator.objects.filter(user_id=user.pk).exclude(pk=authenticator.pk)
        return not sessions.needs_second_factor(user) or (
            others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        )


class _LimitedCode(forms.Form):
    """A code of the second factor: five wrong ones close the door for a quarter of an hour."""

    user: Any

    def clean_code(self) -> str:
        try:
            attempts = limits.take((limits.SECOND_FACTOR, str(self.user.pk)))
        except TooMany as refusal:
            raise ValidationError(refusal.sentence) from refusal
        code: str = super().clean_code()  # type: ignore[misc]
        limits.give_back(attempts)
        return code


def _say_code(form: forms.Form, label: str, hint: str = "") -> None:
    form.fields["code"].label = label
    form.fields["code"].help_text = hint
    form.fields["code"].error_messages["required"] = "请输入动态码。"
    form.fields["code"].widget.attrs.update(
        {"placeholder": "", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}
    )


class AuthenticateForm(_LimitedCode, mfa_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(
            self,
            "动态码或恢复代码",
            "打开手机上的身份验证器应用，输入6位动态码；手机不在身边时可用一个8位恢复代码。",
        )
        self.fields["code"].widget.attrs["autofocus"] = True


class ReauthenticateForm(_LimitedCode, mfa_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(
            self,
            "动态码或恢复代码",
            "打开手机上的身份验证器应用，输入6位动态码；手机不在身边时可用一个8位恢复代码。",
        )


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, "6位动态码", "应用每30秒更新一次动态码，请输入当前显示的6位数字。")

    def clean_code(self) -> str:
        code: str = super().clean_code()
        sessions.note_second_factor(context.request, "totp")
        return code


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "名称"
        self.fields["name"].help_text = "便于您日后辨认，例如“办公电脑”。"
        self.fields["name"].max_length = 40
        self.fields["passwordless"].label = "可直接用于登录：只需指纹、面容或PIN，不再需要密码和短信验证码"
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if not self.errors:
            sessions.note_second_factor(context.request, "webauthn")
        return data


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="名称",
            max_length=40,
            initial=self.initial.get("name"),
            error_messages={"required": "请填写名称。"},
        )
