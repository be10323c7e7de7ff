"""What allauth asks us: phones, mails through the outbox, limits on trying, where to go next."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from competition import clock, limits, outbox, roles
from competition.accounts import sessions, words
from competition.accounts.fields import PhoneField
from competition.errors import TooMany
from competition.models import User
from competition.phones import phone_hash
from competition.services import people


class TooManyCodes(TooMany, RateLimited):
    """A refusal of ours that allauth's pages understand too."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = dict(words.ERRORS)

    # --- phones ---------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.set_phone(phone, verified=verified)
        user.save(update_fields=["phone", "phone_hash", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        people.own_phone(user, phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Somebody who has proved to hold this phone; an unfinished sign-up does not count."""
        user = User.objects.by_phone(phone)
        return user if user is not None and user.phone_verified else None

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Write the code into the outbox; raises TooManyCodes when the limits are reached."""
        _take(*code_limits(phone, self.address))
        outbox.post_sms(
            "account.code",
            f"user:{user.pk}",
            secrets.token_hex(16),
            recipient=phone,
            template="code",
            params={"code": code},
            title="验证码",
            expires_at=clock.real_now() + timedelta(seconds=settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT),
        )

    # --- mail and messages ----------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter into the outbox; raises TooManyCodes for one too many that strangers may ask for."""
        if template_prefix in words.ASKED_LETTERS:
            _take(*letter_limits(email, self.address))
        letter = words.LETTERS[template_prefix]
        filled = defaultdict(str, {key: str(value) for key, value in context.items()})
        outbox.post(
            f"account.{template_prefix.rpartition('/')[2]}",
            "mail",
            secrets.token_hex(16),
            channel=outbox.MAIL,
            recipient=email,
            title=letter.title.format_map(filled),
            body=letter.body.format_map(filled),
            expires_at=code_ends(template_prefix),
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or words.MESSAGES[message_template or ""].format_map(
            defaultdict(str, message_context or {})
        )
        if message_template in words.SENT and request.POST.get("action") == "resend":
            sentence = words.SENT_AGAIN
        if sentence:
            messages.add_message(request, level, str(sentence), extra_tags=extra_tags)

    # --- signing in -----------------------------------------------------------------------------
    @property
    def address(self) -> str:
        """The client's address; behind our proxy the one that nginx saw."""
        return str(self.get_client_ip(self.request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a try under the limits of the login as typed and of the address."""
        try:
            self._attempts = limits.take(
                (limits.PASSWORD, login_key(credentials)), (limits.PASSWORD_ADDRESS, self.address)
            )
        except TooMany as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            limits.give_back(self._attempts)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request)

    def get_login_stages(self) -> list[str]:
        """allauth's, but nobody who has proved a phone is asked for a mail address."""
        ours = "competition.accounts.stages.EmailVerificationStage"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if user.is_authenticated and user.has_role(*roles.ADMIN_SITE):
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:profile")


def login_key(credentials: dict[str, Any]) -> str:
    """What all writings of one login have in common, as the look-up of accounts takes them for equal."""
    if phone := credentials.get("phone"):
        return phone_hash(str(phone))
    login = str(credentials.get("email") or credentials.get("username") or "")
    return login.upper().lower()  # letters like the long s are equal to s in the database


def code_ends(template_prefix: str) -> datetime | None:
    """Until when (real time) the code in a letter of allauth's is valid; None for a letter without one."""
    seconds = {
        "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "account/email/email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "account/email/email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "account/email/password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    }.get(template_prefix)
    return clock.real_now() + timedelta(seconds=seconds) if seconds is not None else None


def code_limits(phone: str, address: str) -> tuple[tuple[limits.Limit, str], ...]:
    """Under which limits a code is sent to a phone from an address."""
    return (limits.CODE, phone), (limits.CODE_HOUR, phone), (limits.CODE_ADDRESS, address)


def letter_limits(email: str, address: str) -> tuple[tuple[limits.Limit, str], ...]:
    """Under which limits a letter that strangers may ask for is sent to a mail address."""
    return (limits.LETTER_HOUR, email.strip().lower()), (limits.LETTER_ADDRESS, address)


def _take(*tries: tuple[limits.Limit, str]) -> None:
    try:
        limits.take(*tries)
    except TooMany as refusal:
        raise TooManyCodes(refusal.sentence) from refusal
