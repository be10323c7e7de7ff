"""Who holds which role: invitations, roles, accounts opened by phone and closed by the chief."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from competition import audit, clock, outbox, permissions, roles
from competition.crypto import keyed_hash
from competition.errors import Invalid, NotAllowed, Refusal, WrongState
from competition.models import Department, Invitation, PortalSession, User
from competition.phones import international, masked, phone_hash

VALID_FOR: Final = timedelta(days=7)
#: Somebody who asked for a code and never entered it leaves an empty account for this long.
UNFINISHED_FOR: Final = timedelta(days=1)


def invite(
    *,
    actor: User,
    role: str,
    full_name: str,
    phone: str = "",
    email: str = "",
    department: Department | None = None,
) -> Invitation:
    """Invite a person to a role by SMS or mail; the link is used once and holds for 7 days.

    Raises NotAllowed (an officer invites experts only) and Invalid (name, phone or email, department).
    """
    if not permissions.can_invite(actor, role):
        raise NotAllowed("您不能邀请此角色：秘书处工作人员只能邀请评审专家，其他角色由秘书处负责人邀请。")
    number = check_invitation(role, full_name, phone, email, department)
    with transaction.atomic():
        invitation = Invitation(
            group=_group(role),
            full_name=full_name.strip(),
            phone=number,
            email=email.strip().lower(),
            department=department,
            invited_by=actor,
        )
        _send(invitation)
        audit.record(actor, "invitation.sent", invitation, role=role)
    return invitation


def check_invitation(role: str, full_name: str, phone: str, email: str, department: Department | None) -> str:
    """The phone with country code ('' when invited by mail). Raises Invalid with a sentence per field."""
    problems, number = {}, ""
    if not full_name.strip():
        problems["full_name"] = "请填写被邀请人的姓名。"
    if phone.strip():
        try:
            number = international(phone)
        except ValueError as error:
            problems["phone"] = str(error)
    elif "@" not in email:
        problems["phone"] = "请填写手机号码或电子邮箱，邀请链接将发到那里。"
    if role == roles.DEPARTMENT and department is None:
        problems["department"] = "请选择审核人所属的部门。"
    if problems:
        raise Invalid(problems)
    return number


@transaction.atomic
def resend(invitation: Invitation, *, actor: User) -> Invitation:
    """Send a new link that holds for 7 days again; the old one stops working. Raises WrongState."""
    invitation = _open_invitation(invitation, actor)
    _send(invitation)
    audit.record(actor, "invitation.resent", invitation)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Make the link useless. Raises WrongState when it was accepted or revoked before."""
    invitation = _open_invitation(invitation, actor)
    invitation.revoked_at = clock.real_now()
    invitation.save(update_fields=["revoked_at"])
    audit.record(actor, "invitation.revoked", invitation)
    return invitation


def find_invitation(token: str) -> Invitation:
    """The invitation behind a link, if it can still be used; raises Refusal saying why not."""
    invitation = (
        Invitation.objects.select_related("group", "department", "invited_by")
        .filter(token_hash=_token_hash(token))
        .first()
    )
    if invitation is None:
        raise Refusal(
            "邀请链接无效。请核对是否完整复制了短信或邮件中的网址；如重新收到过邀请，请使用最新的链接。"
        )
    if invitation.accepted_at:
        raise WrongState("此邀请已被接受，不能重复使用。请直接登录。")
    if invitation.revoked_at:
        raise WrongState("此邀请已被撤回。如有疑问，请联系秘书处。")
    if invitation.expires_at <= clock.real_now():
        raise WrongState("此邀请已过期（有效期7天）。请联系秘书处重新发送。")
    return invitation


def is_addressed_to(invitation: Invitation, user: User) -> bool:
    """Whether the account's verified phone or e-mail is the one that the invitation was sent to."""
    by_phone = (
        bool(invitation.phone) and user.phone_verified and phone_hash(invitation.phone) == user.phone_hash
    )
    by_email = (
        bool(invitation.email)
        and user.emailaddress_set.filter(verified=True, email__iexact=invitation.email).exists()  # type: ignore[attr-defined]
    )
    return by_phone or by_email


def addressee(invitation: Invitation) -> str:
    """Whom the invitation was sent to, masked: ``138****8000`` or ``l***@example.com``."""
    if invitation.phone:
        return masked(invitation.phone)
    name, _, domain = invitation.email.partition("@")
    return f"{name[:1]}***@{domain}"


def state_of(invitation: Invitation) -> str:
    """In a word: accepted, revoked, expired, or waiting."""
    if invitation.accepted_at:
        return "已接受"
    if invitation.revoked_at:
        return "已撤回"
    return "已过期" if invitation.expires_at <= clock.real_now() else "待接受"


@transaction.atomic
def accept(token: str, *, user: User) -> Invitation:
    """Take the role, name and department of an invitation; of two at the same time one wins.

    Raises WrongState (used, revoked, expired), NotAllowed (sent to another phone or address).
    """
    # The lock is taken on the row alone: it is joined to nullable ones.
    Invitation.objects.select_for_update().filter(token_hash=_token_hash(token)).first()
    invitation = find_invitation(token)
    if not is_addressed_to(invitation, user):
        raise NotAllowed(f"此邀请发给 {addressee(invitation)}，请用该手机号或邮箱登录后再接受。")
    invitation.accepted_at = clock.real_now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    user.full_name = invitation.full_name
    user.department = invitation.department or user.department
    user.save(update_fields=["full_name", "department"])
    _add_role(user, invitation.group.name)
    audit.record(user, "invitation.accepted", invitation, role=invitation.group.name)
    return invitation


@transaction.atomic
def grant_role(user: User, role: str, *, actor: User | None) -> User:
    """Give a role. ``actor`` is the chief, or None for the command line. Raises NotAllowed, WrongState."""
    user = _managed(user, actor)
    if role not in roles.LABELS:
        raise Invalid({"role": "没有这个角色。"})
    if not user.is_active:
        raise WrongState("此账号已停用，不能授予角色。")
    _add_role(user, role)
    audit.record(actor, "role.granted", user, role=role)
    return user


@transaction.atomic
def revoke_role(user: User, role: str, *, actor: User | None) -> User:
    """Take a role away and end the person's sessions. Raises NotAllowed, WrongState (the last chief)."""
    _chiefs_one_at_a_time()
    user = _managed(user, actor)
    if role == roles.CHIEF:
        _require_another_chief(user)
    user.groups.remove(_group(role))
    _forget_roles(user)
    _set_staff(user)
    end_sessions(user)
    audit.record(actor, "role.revoked", user, role=role)
    return user


@transaction.atomic
def deactivate(user: User, *, actor: User | None) -> User:
    """Close an account: nobody signs in with it and its sessions end. Raises NotAllowed, WrongState."""
    _chiefs_one_at_a_time()
    user = _managed(user, actor)
    if actor is not None and user.pk == actor.pk:
        raise WrongState("不能停用自己的账号。")
    if user.has_role(roles.CHIEF):
        _require_another_chief(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    audit.record(actor, "account.closed", user)
    return user


@transaction.atomic
def reactivate(user: User, *, actor: User | None) -> User:
    """Open a closed account again. Raises NotAllowed."""
    user = _managed(user, actor)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(actor, "account.opened", user)
    return user


def end_sessions(user: User, *, keep: str = "") -> int:
    """Sign a person out everywhere but in the session with the key ``keep``; returns how many ended."""
    return PortalSession.objects.filter(user=user).exclude(session_key=keep).delete()[0]


def account_for_phone(phone: str) -> User:
    """The account with this phone, made now if there is none: signing up is signing in for the first time.

    ValueError with a sentence when ``phone`` is no mainland mobile number.
    """
    number = international(phone)
    user = User.objects.by_phone(number)
    if user is None:
        user = User()
        user.set_phone(number, verified=False)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            user = User.objects.by_phone(number) or user
    return user


@transaction.atomic
def own_phone(user: User, phone: str) -> User:
    """Note that ``user`` has proved to hold ``phone``; an empty account that claimed it lets it go."""
    number = international(phone)
    changed = bool(user.phone) and user.phone_verified and user.phone_hash != phone_hash(number)
    User.objects.filter(phone_hash=phone_hash(number), phone_verified=False).exclude(pk=user.pk).update(
        phone="", phone_hash=""
    )
    user.set_phone(number, verified=True)
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_hash", "phone_verified"])
    except IntegrityError as error:
        raise Refusal("这个手机号刚刚被另一个账号使用，请用该手机号直接登录。") from error
    if changed:
        audit.record(user, "account.phone_changed", user)
    return user


def forget_unfinished() -> int:
    """Delete accounts that were begun by a code request and never entered; returns how many."""
    stale = User.objects.filter(
        date_joined__lt=timezone.now() - UNFINISHED_FOR,
        last_login__isnull=True,
        phone_verified=False,
        full_name="",
        email="",
        groups__isnull=True,
    ).exclude(phone_hash="")
    return stale.delete()[0]


def _send(invitation: Invitation) -> None:
    token = secrets.token_urlsafe(24)  # carriers take at most 35 characters as one parameter
    invitation.token_hash = _token_hash(token)
    invitation.expires_at = clock.real_now() + VALID_FOR
    invitation.save()
    role = roles.LABELS[invitation.group.name]
    what = ("account.invitation", f"invitation:{invitation.pk}", invitation.token_hash[:16])
    if invitation.phone:
        outbox.post_sms(
            *what,
            recipient=invitation.phone,
            template="invitation",
            params={"name": invitation.full_name, "role": role, "token": token},
            title=f"邀请您担任{role}",
            expires_at=invitation.expires_at,
        )
        return
    link = f"{settings.SITE_URL}{reverse('accounts:invitation', args=[token])}"
    outbox.post(
        *what,
        channel=outbox.MAIL,
        recipient=invitation.email,
        title=f"邀请您担任{role}",
        body=(
            f"{invitation.full_name}，您好！大赛秘书处邀请您担任“{role}”。"
            f"请在7天内打开以下链接，用收到本消息的邮箱登录并接受邀请：{link} "
            "链接仅供您本人使用一次，请勿转发。"
        ),
        expires_at=invitation.expires_at,
    )


def _open_invitation(invitation: Invitation, actor: User) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("group").get(pk=invitation.pk)
    if not permissions.can_invite(actor, locked.group.name):
        raise NotAllowed("您不能处理这份邀请。")
    if locked.accepted_at or locked.revoked_at:
        raise WrongState("此邀请已被接受或撤回。")
    return locked


def _managed(user: User, actor: User | None) -> User:
    """The locked account; only the chief and the command line may go on."""
    if actor is not None and not permissions.can_manage_people(actor):
        raise NotAllowed("只有秘书处负责人可以管理账号和角色。")
    return User.objects.select_for_update().get(pk=user.pk)


def _chiefs_one_at_a_time() -> None:
    """Two chiefs who remove each other at the same moment must not both succeed."""
    Group.objects.select_for_update().filter(name=roles.CHIEF).first()


def _require_another_chief(user: User) -> None:
    others = User.objects.filter(groups__name=roles.CHIEF, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise WrongState("至少要有一位秘书处负责人：请先把此角色授予另一个人。")


def _add_role(user: User, role: str) -> None:
    user.groups.add(_group(role))
    _forget_roles(user)
    _set_staff(user)


def _forget_roles(user: User) -> None:
    """Roles are read once a request; after a change they are read again."""
    user.__dict__.pop("roles", None)


def _set_staff(user: User) -> None:
    user.is_staff = user.has_role(*roles.ADMIN_SITE)
    user.save(update_fields=["is_staff"])


def _group(role: str) -> Group:
    return Group.objects.get_or_create(name=role)[0]


def _token_hash(token: str) -> str:
    return keyed_hash("invitation", token)
