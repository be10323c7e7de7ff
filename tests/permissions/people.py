"""Signing in, one's own account, the session's clock, invitations, and the secretariat's pages on people."""

from __future__ import annotations

import re
from typing import Any

from competition import roles
from competition.models import OutboxMessage
from competition.services import people
from tests.permissions.table import LOGIN, ROLES, Row, admin_rows, everybody, signed_in

OFFICE = {"officer", "chief"}
#: Pages for visitors: who is signed in already is sent on.
FOR_VISITORS = {**dict.fromkeys(ROLES, 302), "anonymous": 200}


def office(status: int = 200, others: int = LOGIN) -> dict[str, int]:
    """The admin site: officers and the chief get ``status``."""
    return {**dict.fromkeys(ROLES, others), **dict.fromkeys(OFFICE, status)}


def prepare(world: Any) -> None:
    world.invitation = people.invite(
        actor=world.sunli, role=roles.EXPERT, full_name="孙梅", phone="13800138006"
    )
    body = OutboxMessage.objects.filter(kind="account.invitation").latest("id").body
    found = re.search(r"/invitation/([\w-]+)/", body)
    world.invitation_token = found[1] if found else ""


ROWS = [
    Row("account_login", FOR_VISITORS),
    Row("account_signup", FOR_VISITORS),
    Row("account_request_login_code", FOR_VISITORS),
    Row("account_confirm_login_code", everybody(302)),
    Row("account_verify_phone", everybody(302)),
    Row("account_email_verification_sent", everybody(302)),
    Row("account_inactive", everybody()),
    Row("account_reset_password", everybody()),
    Row("account_confirm_password_reset_code", everybody(302)),
    Row("account_complete_password_reset", everybody(302)),
    Row("account_password_reset_completed", everybody()),
    Row("account_logout", signed_in()),
    Row("account_reauthenticate", signed_in()),
    Row("account_email", signed_in()),
    Row("account_change_phone", signed_in()),
    Row("account_change_password", signed_in()),
    Row("account_set_password", everybody(302)),
    Row("mfa_login_webauthn", everybody(302)),
    Row("mfa_authenticate", everybody(302)),
    Row("mfa_reauthenticate", everybody(302)),
    Row("mfa_reauthenticate_webauthn", everybody(302)),
    Row("mfa_index", signed_in()),
    Row("mfa_list_webauthn", signed_in()),
    # A fresh proof of who is there comes first.
    Row("mfa_activate_totp", everybody(302)),
    Row("mfa_add_webauthn", everybody(302)),
    Row("mfa_generate_recovery_codes", everybody(302)),
    Row("mfa_edit_webauthn", everybody(302), args=lambda w: {"pk": 1}),
    Row("mfa_remove_webauthn", everybody(302), args=lambda w: {"pk": 1}),
    # Nothing to show or stop before something was set up.
    Row("mfa_deactivate_totp", signed_in(404)),
    Row("mfa_view_recovery_codes", signed_in(404)),
    Row("mfa_download_recovery_codes", signed_in(404)),
    Row("accounts:profile", signed_in()),
    Row("accounts:second_factor", signed_in()),
    Row("accounts:sign_out_elsewhere", everybody(302), method="post"),
    Row("accounts:sign_out_elsewhere", signed_in(405)),
    Row("accounts:session", everybody()),
    Row("accounts:session", {**everybody(), "anonymous": 401}, method="post"),
    Row("accounts:signed_in_again", signed_in()),
    Row("accounts:invitation", everybody(), args=lambda w: {"token": w.invitation_token}),
    Row("accounts:invitation", everybody(410), args=lambda w: {"token": "unknown"}),
    Row(
        "accounts:invitation",
        {**everybody(403), "anonymous": 200},
        args=lambda w: {"token": w.invitation_token},
        method="post",
    ),
    Row("admin:index", office()),
    Row("admin:app_list", office(), args=lambda w: {"app_label": "competition"}),
    Row("admin:jsi18n", office()),
    Row("admin:autocomplete", office(403)),
    Row("admin:login", {**everybody(403), "anonymous": LOGIN, "officer": 302, "chief": 302}),
    Row("admin:logout", everybody(302)),
    Row("admin:password_change", everybody(302)),
    Row("admin:password_change_done", everybody(302)),
    *admin_rows("competition_user", view=OFFICE, pk=lambda w: w.lihua.pk),
    *admin_rows("competition_invitation", view=OFFICE, add=OFFICE, pk=lambda w: w.invitation.pk),
]
