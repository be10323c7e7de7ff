"""What the sign-in pages say: refusals, messages and letters that replace allauth's own.

tests/competition/test_people_words.py holds that every text of the installed allauth has its place here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

WRONG_LOGIN: Final = "账号或密码不正确。请核对后重试，或改用短信验证码登录。"

#: allauth's error keys
ERRORS: Final[dict[str, str]] = {
    "account_inactive": "此账号已停用。如有疑问，请联系秘书处。",
    "cannot_remove_primary_email": "不能删除当前使用的邮箱，请直接更换。",
    "duplicate_email": "这就是您当前使用的邮箱。",
    "email_password_mismatch": WRONG_LOGIN,
    "phone_password_mismatch": WRONG_LOGIN,
    "username_password_mismatch": WRONG_LOGIN,
    "email_taken": "此邮箱已被另一个账号使用。",
    "enter_current_password": "当前密码不正确，请重新输入。",
    "incorrect_code": "验证码不正确，请核对后重新输入。",
    "incorrect_password": "密码不正确，请重新输入。",
    "invalid_or_expired_key": "链接无效或已过期，请重新获取。",
    "invalid_login": "登录信息无效，请重新登录。",
    "invalid_password_reset": "重置密码的凭证无效，请重新获取。",
    "max_email_addresses": "最多可添加 %d 个邮箱。",
    "phone_taken": "此手机号已被另一个账号使用。",
    "too_many_login_attempts": "尝试次数过多，请重新获取验证码或稍后再试。",
    "unknown_email": "没有使用此邮箱的账号。",
    "unknown_phone": "没有使用此手机号的账号。",
    "unverified_primary_email": "请先验证您的邮箱。",
    "username_blacklisted": "此用户名不可用。",
    "username_taken": "此用户名已被使用。",
    "select_only_one": "请只填写一项。",
    "same_as_current": "与当前使用的相同，无需更换。",
    "rate_limited": "请求过于频繁，请稍等一分钟再试。",
}

MFA_ERRORS: Final[dict[str, str]] = {
    "add_email_blocked": "已启用两步验证的账号不能添加邮箱。",
    "cannot_delete_authenticator": "您的角色必须使用两步验证：请先添加另一种验证方式，再停用这一种。",
    "cannot_generate_recovery_codes": "请先启用动态码或通行密钥，再生成恢复代码。",
    "incorrect_code": "动态码或恢复代码不正确，请核对后重新输入。",
    "unverified_email": "请先验证您的邮箱，再启用两步验证。",
}

#: allauth's message templates; an empty sentence says nothing
MESSAGES: Final[dict[str, str]] = {
    "account/messages/cannot_delete_primary_email.txt": "不能删除当前使用的邮箱。",
    "account/messages/email_confirmation_failed.txt": "此邮箱已被另一个账号验证，不能使用。",
    "account/messages/email_confirmation_sent.txt": "",
    "account/messages/email_confirmed.txt": "邮箱 {email} 已验证。",
    "account/messages/email_deleted.txt": "邮箱 {email} 已删除。",
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": "您已退出登录。",
    "account/messages/login_code_sent.txt": "",
    "account/messages/password_changed.txt": "密码已修改。",
    "account/messages/password_set.txt": "密码已设置。",
    "account/messages/phone_verification_sent.txt": "",
    "account/messages/phone_verified.txt": "手机号已验证。",
    "account/messages/primary_email_set.txt": "邮箱已更换。",
    "account/messages/unverified_primary_email.txt": "请先验证新邮箱。",
    "mfa/messages/recovery_codes_generated.txt": "已生成一组新的恢复代码，请妥善保存。",
    "mfa/messages/totp_activated.txt": "动态码已启用。",
    "mfa/messages/totp_deactivated.txt": "动态码已停用。",
    "mfa/messages/webauthn_added.txt": "通行密钥已添加。",
    "mfa/messages/webauthn_removed.txt": "通行密钥已移除。",
}

#: What the page of a code says itself, unless the code was asked for again.
SENT_AGAIN: Final = "验证码已重新发送。"
SENT: Final = frozenset(
    {
        "account/messages/email_confirmation_sent.txt",
        "account/messages/login_code_sent.txt",
        "account/messages/phone_verification_sent.txt",
    }
)


class Letter(NamedTuple):
    """A mail; ``{code}`` and other names are filled in."""

    title: str
    body: str


_NOT_YOU = "如果这不是您本人的操作，请立即登录并修改密码，同时联系秘书处。"

#: allauth's mail templates
LETTERS: Final[dict[str, Letter]] = {
    "account/email/account_already_exists": Letter(
        "您已有账号",
        "有人用此邮箱申请注册，但此邮箱已有账号，因此没有新建。\n\n"
        "如果是您本人，请直接登录；忘记密码可在此重置：{password_reset_url}\n\n"
        "如果不是您本人，请忽略本邮件。",
    ),
    "account/email/unknown_account": Letter(
        "没有找到账号",
        "有人请求使用此邮箱的账号，但没有这样的账号。\n\n"
        "如果是您本人，可能当时用的是手机号或别的邮箱；也可以在此注册：{signup_url}\n\n"
        "如果不是您本人，请忽略本邮件。",
    ),
    "account/email/email_confirmation": Letter(
        "邮箱验证码 {code}",
        "您的邮箱验证码是：{code}\n\n15分钟内有效。请勿告诉他人。如果不是您本人的操作，请忽略本邮件。",
    ),
    "account/email/email_confirmation_signup": Letter(
        "注册验证码 {code}",
        "欢迎注册。您的验证码是：{code}\n\n"
        "15分钟内有效，请在注册页面输入。请勿告诉他人。如果不是您本人的操作，请忽略本邮件。",
    ),
    "account/email/login_code": Letter(
        "登录验证码 {code}",
        "您的登录验证码是：{code}\n\n5分钟内有效。请勿告诉他人。如果不是您本人的操作，请忽略本邮件。",
    ),
    "account/email/password_reset_code": Letter(
        "重置密码验证码 {code}",
        "您正在重置密码，验证码是：{code}\n\n15分钟内有效。请勿告诉他人。如果不是您本人的操作，请忽略本邮件。",
    ),
    "account/email/email_changed": Letter(
        "邮箱已更换", "您账号的邮箱已由 {from_email} 更换为 {to_email}。\n\n" + _NOT_YOU
    ),
    "account/email/email_confirm": Letter("邮箱已验证", "您账号的邮箱已通过验证。\n\n" + _NOT_YOU),
    "account/email/email_deleted": Letter(
        "邮箱已删除", "邮箱 {deleted_email} 已从您的账号中删除。\n\n" + _NOT_YOU
    ),
    "account/email/password_changed": Letter("密码已修改", "您账号的密码刚刚被修改。\n\n" + _NOT_YOU),
    "account/email/password_reset": Letter(
        "密码已重置", "您账号的密码刚刚通过邮箱验证码重置。\n\n" + _NOT_YOU
    ),
    "account/email/password_set": Letter("密码已设置", "您的账号刚刚设置了密码。\n\n" + _NOT_YOU),
    "mfa/email/recovery_codes_generated": Letter(
        "恢复代码已更新", "您的账号生成了一组新的恢复代码，旧代码已失效。\n\n" + _NOT_YOU
    ),
    "mfa/email/totp_activated": Letter("两步验证已启用", "您的账号启用了动态码验证。\n\n" + _NOT_YOU),
    "mfa/email/totp_deactivated": Letter("动态码已停用", "您的账号停用了动态码验证。\n\n" + _NOT_YOU),
    "mfa/email/webauthn_added": Letter("已添加通行密钥", "您的账号添加了一个通行密钥。\n\n" + _NOT_YOU),
    "mfa/email/webauthn_removed": Letter("已移除通行密钥", "您的账号移除了一个通行密钥。\n\n" + _NOT_YOU),
}
#: Letters that somebody who is not signed in may have sent to any address; they are limited like codes.
ASKED_LETTERS: Final = frozenset(
    {
        "account/email/account_already_exists",
        "account/email/unknown_account",
        "account/email/email_confirmation",
        "account/email/email_confirmation_signup",
        "account/email/login_code",
        "account/email/password_reset_code",
    }
)
#: Letters that are sent by link in other set-ups of allauth and never here.
UNUSED_LETTERS: Final = frozenset({"account/email/password_reset_key"})
