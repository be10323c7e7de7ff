"""Forms of the sign-in pages: allauth's, in plain Chinese and within our limits."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from competition import limits
from competition.accounts.adapter import code_limits, letter_limits
from competition.accounts.fields import PhoneField
from competition.challenge import Solved
from competition.errors import TooMany
from competition.models import User

PASSWORD_HINT = "至少10个字符，不能全是数字，也不要用常见密码或与邮箱相近的内容。"
SAME_PASSWORD = "两次输入的密码不一致。"


def _say(form: forms.Form, name: str, label: str, hint: str = "", required: str = "", **attrs: str) -> None:
    """Give a field its label, hint and the sentence for when it is empty; no placeholder in its place."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = required or f"请填写{label}。"
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


def _say_new_password(form: forms.Form) -> None:
    _say(form, "password1", "设置密码", PASSWORD_HINT)
    _say(form, "password2", "再次输入密码", required="请再输入一次密码。")


def _require_same(form: forms.Form) -> None:
    """Replace allauth's untranslated sentence for two different passwords."""
    if "password2" in form.errors and form.data.get("password2"):
        form.errors["password2"] = form.error_class([SAME_PASSWORD])


def _check_code_limits(phone: str) -> None:
    _check(*code_limits(phone, get_adapter().address))


def _check_letter_limits(email: str) -> None:
    _check(*letter_limits(email, get_adapter().address))


def _check(*tries: tuple[limits.Limit, str]) -> None:
    try:
        limits.require(*tries)
    except TooMany as refusal:
        raise ValidationError(refusal.sentence) from refusal


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", "邮箱或手机号", autocomplete="username", inputmode="email")
        _say(self, "password", "密码")


class CodeForm(Solved, account_forms.RequestLoginCodeForm):
    """A phone that asks for a code: the same answer whether or not it has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("email")
        self.fields["phone"] = PhoneField()

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        _check_code_limits(phone)
        return phone


class SignupForm(Solved, account_forms.SignupForm):
    """E-mail and password; who signs up by phone asks for a code instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phone"]
        _say(self, "email", "电子邮箱", "用于登录和接收通知，注册时会收到验证码。")
        _say_new_password(self)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        _check_letter_limits(email)
        return email

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        _require_same(self)
        return data


class _CodeEntry(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", "6位验证码", inputmode="numeric", autocomplete="one-time-code", maxlength="12")


class ConfirmLoginCodeForm(_CodeEntry, account_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(_CodeEntry, account_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCodeForm(_CodeEntry, account_forms.ConfirmPasswordResetCodeForm):
    pass


class VerifyPhoneForm(_CodeEntry, account_forms.VerifyPhoneForm):
    pass


class ChangePhoneForm(account_forms.ChangePhoneForm):
    def clean_phone(self) -> str:
        phone: str = super().clean_phone()
        _check_code_limits(phone)
        return phone


class ChangeEmailForm(account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "email", "新邮箱", "提交后，验证码会发到新邮箱。", required="请填写新邮箱。")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        _check_letter_limits(email)
        return email


class ResetPasswordForm(Solved, account_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "email", "电子邮箱")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        _check_letter_limits(email)
        return email


class NewPasswordForm(account_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        _require_same(self)
        return data


class SetPasswordForm(account_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        _require_same(self)
        return data


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", "当前密码")
        _say_new_password(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        _require_same(self)
        return data


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", "密码")


class NameForm(forms.ModelForm):
    """One's own name; staff and experts keep the name they were invited by."""

    class Meta:
        model = User
        fields = ("full_name",)
        labels = {"full_name": "姓名"}
        help_texts = {"full_name": "请填写真实姓名，用于联系和通知。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].error_messages["required"] = "请填写姓名。"
        self.fields["full_name"].disabled = bool(self.instance.roles)

    def clean_full_name(self) -> str:
        return " ".join(str(self.cleaned_data["full_name"]).split())
