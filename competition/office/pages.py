"""The office's own pages at the work desk."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from competition.permissions import works_on_lists

ORDER = 5


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """The lists, for officers and the chief."""
    if not works_on_lists(user):
        return []
    text = "导入组织单位及关联单位、失信名单、往届获奖、敏感词和节假日（六（一））。"
    return [DeskPage(ORDER, "名单", text, address_in(edition, "competition:lists"), group="报名")]
