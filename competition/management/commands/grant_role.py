"""Give the first chief the role: ``manage.py grant_role chief --phone 13800138000``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from competition import roles
from competition.errors import Refusal
from competition.models import User
from competition.services import people


class Command(BaseCommand):
    help = "Grant a role to an account that has signed up; needed once, for the first chief."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=sorted(roles.LABELS))
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--phone")
        who.add_argument("--email")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["phone"]:
            user = User.objects.by_phone(options["phone"])
        else:
            user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("没有这个账号：请先在网站上用此手机号或邮箱登录一次。")
        try:
            people.grant_role(user, options["role"], actor=None)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{user} 已是{roles.LABELS[options['role']]}。")
