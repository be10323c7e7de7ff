"""What may be offered about a unit whose credit code was typed: what is public, and what one typed before.

Whether a stranger's unit registers here is never told: other accounts' registrations are not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from competition import identity, limits
from competition.limits import Limit
from competition.models import Edition, ListEntry, User
from competition.reference import region_label, region_path
from registration.models import Unit
from registration.registries import public_names

LOOKED_UP: Final = Limit("known_unit", 120, timedelta(hours=1), "查询单位信息过于频繁")
#: What the first two characters say of a unit: its nature where that is certain, and in words.
PREFIXES: Final = {
    "11": (Unit.Nature.GOVERNMENT, "机关"),
    "12": (Unit.Nature.INSTITUTION, "事业单位"),
    "51": ("", "社会团体"),
    "52": ("", "民办非企业单位"),
    "53": ("", "基金会"),
    "91": ("", "企业"),
    "92": ("", "个体工商户，不具备独立法人资格，不能参赛"),
    "93": ("", "农民专业合作社"),
}
OWN_FIELDS: Final = (
    "name", "region", "address", "nature", "nature_other", "parent_name",
    "contact", "contact_title", "contact_way",
)  # fmt: skip


@dataclass(frozen=True)
class KnownUnit:
    """Values by field of the form, offered for fields that are empty; ``words`` say where they come from."""

    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    problem: str = ""


def known_unit(code: str, *, user: User, edition: Edition, asking: int = 0) -> KnownUnit:
    """What the code itself, public lists and the person's own registrations say; three or four queries.

    ``asking`` is the id of the unit that is being filled in, which is no earlier registration.
    Raises TooMany beyond 120 look-ups an hour of one account. A wrong code (R47) gives the problem alone.
    """
    limits.take((LOOKED_UP, str(user.pk)))
    if problem := identity.credit_code_problem(code):
        return KnownUnit(problem=f"{problem}{identity.credit_code_hint(code)}")
    key = identity.normalise_credit_code(code)
    values, words = _of_code(key)
    if name := _public_name(key, edition):
        values["name"] = name
        words.insert(0, name)
    own = _own(key, user, asking)
    if own:
        values |= own
        words = [own.get("name", ""), "您以前填写过这家单位"]
    return KnownUnit(values, [word for word in words if word])


def _of_code(key: str) -> tuple[dict[str, str], list[str]]:
    """Digits 3 to 8 are the division that registered the unit; the first two its kind."""
    values: dict[str, str] = {}
    nature, word = PREFIXES.get(key[:2], ("", ""))
    if nature:
        values["nature"] = nature
    division = next(
        (code for code in (key[2:8], f"{key[2:6]}00", f"{key[2:4]}0000") if region_path(code)), ""
    )
    if division:
        values["region"] = division
    return values, [word, f"登记机关在{region_label(division)}" if division else ""]


def _public_name(key: str, edition: Edition) -> str:
    """From the edition's organisations, the winners brought in, and published works."""
    organisation = edition.organisations.filter(credit_code=key).values_list("name", flat=True).first()
    if organisation:
        return str(organisation)
    winners = ListEntry.objects.filter(edition=edition, kind="winners", live=True, credit_key=key)
    winner = winners.exclude(name="").values_list("name", flat=True).first()
    if winner:
        return str(winner)
    return next((name for _, names in public_names for name in names(key)), "")


def _own(key: str, user: User, asking: int) -> dict[str, str]:
    """The same account's last registration with this unit."""
    mine = Unit.objects.filter(team__owner=user, credit_key=key).exclude(pk=asking).exclude(name="")
    last = mine.order_by("-id").first()
    if last is None:
        return {}
    answer = {True: "yes", False: "no", None: ""}[last.central_subsidiary]
    typed = {name: str(getattr(last, name)) for name in OWN_FIELDS} | {"central_subsidiary": answer}
    return {name: value for name, value in typed.items() if value.strip()}
