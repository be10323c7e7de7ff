"""What ``make demo`` prints when it is ready."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from competition.config.demo.people import PEOPLE
from competition.config.demo.steps import FIRST


def welcome() -> str:
    """The accounts (one click each on the demonstration's page) and what to try first."""
    names = {one.key: one.name for one in PEOPLE}
    address = f"{settings.SITE_URL}{reverse('demo')}"
    accounts = [f"    {one.name}  {one.title}：{one.text}" for one in PEOPLE]
    first = [f"    {number}. {names[one.who]}：{one.what}" for number, one in enumerate(FIRST, start=1)]
    return "\n".join(
        [
            f"  演示：{address}  一键登录任一身份，推进赛程，查看短信和邮件",
            "  身份：",
            *accounts,
            "  可以先试：",
            *first,
            "",
        ]
    )
