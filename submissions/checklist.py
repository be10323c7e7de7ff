"""What an officer looks at in the formal check: the edition's own list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import yaml
from django.conf import settings

from competition.models import Edition

#: value -> word; ``na`` for what this entry does not have.
ITEM_VALUES: Final = {"yes": "符合", "no": "不符合", "na": "不涉及"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; ``rule`` is the notice's rule."""

    key: str
    label: str
    rule: str = ""
    hint: str = ""

    @property
    def words(self) -> str:
        """The notice's own words of the rule with their place in it, '' for a rule that is not numbered."""
        return _words().get(self.rule, "")


def items_of(edition: Edition) -> list[Item]:
    """The items of ``formal_check`` in edition.yaml, in order."""
    return [
        Item(
            key=str(item["key"]),
            label=str(item["label"]),
            rule=str(item.get("rule", "")),
            hint=str(item.get("hint", "")),
        )
        for item in edition.texts("formal_check")
    ]


@cache
def _words() -> dict[str, str]:
    path = settings.BASE_DIR / "competition" / "rules.yaml"
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    return {rule["id"]: f"通知{rule['section']}：{rule['quote']}" for rule in rules}
