"""The rest of edition.yaml: limits, times, texts to agree to, slots for proofs."""

from __future__ import annotations

import re
from typing import Final

from competition.declaration import Node, say_duplicates

_RULE: Final = re.compile(r"R\d{2,3}[a-z]?", re.ASCII)
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
#: A field of a registration; * stands for any unit or person.
_PATTERN: Final = re.compile(r"[a-z_]+(\.(\*|[a-z_]+))*", re.ASCII)
TEMPLATE_VERDICTS: Final = ["return", "reject", "disqualify", "override"]
_EXTENSION: Final = re.compile(r"[a-z0-9]{2,5}", re.ASCII)
#: Numbers that the portal asks for; an edition must give each of them.
LIMITS: Final = (
    "units",
    "representatives",
    "role_max",
    "teams_per_account",
    "team_name_min",
    "team_name_max",
    "project_name_min",
    "project_name_max",
    "public_body_note_max",
    "code_minutes",
    "code_failures",
    "code_resend_seconds",
    "codes_per_phone_and_day",
    "codes_per_account_and_day",
)
NUMBERS: Final = {
    "publicity": ("days",),
    "reports": ("accept_working_days", "rule_working_days", "least_evidence"),
    "grace": ("arrival_seconds", "upload_seconds"),
    "checking": ("similar_percent", "correction_days", "supplement_days"),
}
FLAGS: Final = {
    "publicity": ("count_first_day", "end_on_workday"),
    "reports": (),
    "grace": (),
    "checking": (),
}


def check_settings(root: Node) -> None:
    """Check what is kept as settings; every oddity is noted with its place."""
    for key in ("site", "official_account"):
        root.text(key, default="")
    _check_limits(root.at("limits"))
    for key, names in NUMBERS.items():
        node = root.at(key)
        for name in names:
            node.whole(name, least=1)
        for name in FLAGS[key]:
            node.flag(name)
        node.flag("assumed")
        node.no_more()
    _check_scoring(root.at("scoring"))
    _check_reminders(root.at("reminders"))
    root.texts("banned_words", required=False)
    _check_listed(root, "committees", ("name", "text"), ())
    _check_listed(root, "contacts", ("name",), ("phone", "email"), keyed=False)
    _check_listed(root, "declarations", ("text",), (), rules=True)
    _check_listed(root, "statement_clauses", ("text",), (), rules=True)
    _check_listed(root, "credit_lists", ("label", "rule"), ())
    _check_listed(root, "formal_check", ("label", "rule"), ("hint",))
    _check_proofs(root)
    _check_templates(root)
    _check_consent(root.at("consent"))
    footer = root.at("footer")
    footer.text("interpretation")
    footer.text("free")
    footer.no_more()


def _check_limits(node: Node) -> None:
    for name in LIMITS:
        node.whole(name, least=1)
    node.no_more()
    for subject in ("team_name", "project_name"):
        if node.whole(f"{subject}_min", default=1) > node.whole(f"{subject}_max", default=1):
            node.say(f"{subject}_min 大于 {subject}_max。")


def _check_scoring(node: Node) -> None:
    node.whole("places", most=6)
    node.one_of("rounding", ["half_up"])
    least = node.whole("least_sheets", least=1)
    dropping = node.whole("drop_extremes_from", least=3)
    if dropping < least:
        node.say(f"去掉最高分和最低分的份数（{dropping}）少于最少评分份数（{least}）。")
    if node.whole("experts_per_entry", least=1) < least:
        node.say(f"每项作品的专家数少于最少评分份数（{least}）。")
    node.texts("ties")
    node.flag("assumed")
    node.no_more()


def _check_reminders(node: Node) -> None:
    for key in ("submission", "supplement"):
        hours = [below.value for below in node.items(key, required=False)]
        if not all(isinstance(hour, int) and not isinstance(hour, bool) and hour > 0 for hour in hours):
            node.at(key).say("应是截止前的小时数（正整数）。")
        elif hours != sorted(set(hours), reverse=True):
            node.at(key).say("小时数应从大到小排列，不重复。")
    node.no_more()


def _check_listed(
    root: Node,
    key: str,
    texts: tuple[str, ...],
    optional: tuple[str, ...],
    *,
    keyed: bool = True,
    rules: bool = False,
) -> None:
    """A list of small mappings with texts, and keys that are unique."""
    keys: list[tuple[Node, str]] = []
    for node in root.items(key, required=False):
        for name in texts:
            text = node.text(name)
            if name == "rule" and not _RULE.fullmatch(text):
                node.at("rule").say(f"“{text}”不是规则编号。")
        for name in optional:
            node.text(name, default="")
        if keyed:
            keys.append((node, _key(node)))
        if rules and not all(_RULE.fullmatch(rule) for rule in node.texts("rules")):
            node.at("rules").say("应是规则编号，例如 R56。")
        node.no_more()
    say_duplicates(keys, "键")


def _key(node: Node) -> str:
    key = node.text("key")
    if key and not _KEY.fullmatch(key):
        node.at("key").say(f"“{key}”只能由小写字母、数字和下划线组成。")
    return key


def _check_proofs(root: Node) -> None:
    keys: list[tuple[Node, str]] = []
    for node in root.items("unit_proofs"):
        keys.append((node, _key(node)))
        node.text("label")
        node.text("hint", default="")
        for extension in node.texts("accept"):
            if not _EXTENSION.fullmatch(extension):
                node.at("accept").say(f"“{extension}”不是文件扩展名（小写，不带点）。")
        node.whole("max_mb", least=1)
        node.whole("max_files", least=1)
        for name in ("required", "not_applicable", "assumed"):
            node.flag(name)
        node.no_more()
    say_duplicates(keys, "键")


def _check_templates(root: Node) -> None:
    """Reasons that officers pick from; ``path`` is the field that one stands at."""
    keys: list[tuple[Node, str]] = []
    for node in root.items("reason_templates", required=False):
        keys.append((node, _key(node)))
        node.one_of("verdict", TEMPLATE_VERDICTS)
        node.text("text")
        path = node.text("path", default="")
        if path and not _PATTERN.fullmatch(path):
            node.at("path").say(f"“{path}”不是报名信息中的项目，例如 units.*.name。")
        node.no_more()
    say_duplicates(keys, "键")


def _check_consent(node: Node) -> None:
    node.text("version")
    node.text("checkbox")
    node.whole("retention_months", least=1)
    node.texts("paragraphs")
    node.flag("assumed")
    node.no_more()
