"""docs/rules.md, made from the numbered rules, from what the code says and from the tests' marks.

A rule is named in a docstring, a comment or a value as ``R53``; a range as ``R80-R83``; ``R52`` alone
stands for R52a to R52f. A test names the rules that it holds by ``@pytest.mark.rule("R53")``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

CODE = (
    "competition",
    "registration",
    "submissions",
    "judging",
    "awards",
    "static/competition",
    "static/submissions",
)
SUFFIXES = {".py", ".js", ".yaml"}
NAME = re.compile(r"\bR\d{2,3}[a-f]?\b")
RANGE = re.compile(r"\bR(\d{2,3})[-–]R(\d{2,3})\b")
ENFORCED = {
    "auto": "software",
    "auto+staff": "software finds, staff decide",
    "staff": "staff decide, software records",
    "statement": "public statement",
}


@dataclass(frozen=True)
class Rule:
    """One numbered rule of the notice."""

    id: str
    section: str
    quote: str
    rule: str
    enforce: str


def read_rules(root: Path) -> dict[str, Rule]:
    rows = yaml.safe_load((root / "competition" / "rules.yaml").read_text(encoding="utf-8"))["rules"]
    return {row["id"]: Rule(**{name: row[name] for name in Rule.__dataclass_fields__}) for row in rows}


def named_in(text: str, rules: dict[str, Rule]) -> set[str]:
    """Rules that a text names; unknown numbers are returned as well."""
    found = set(NAME.findall(text))
    for first, last in RANGE.findall(text):
        found.update(f"R{number:0{len(first)}d}" for number in range(int(first), int(last) + 1))
    return {member for name in found for member in _family(name, rules)}


def _family(name: str, rules: dict[str, Rule]) -> Iterable[str]:
    if name in rules:
        return [name]
    return [member for member in rules if member[:-1] == name] or [name]


def code_mentions(root: Path, rules: dict[str, Rule]) -> dict[str, set[str]]:
    """Rule -> files that name it, as paths from the root."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in CODE:
        for path in (root / folder).rglob("*"):
            relative = path.relative_to(root)
            if path.suffix not in SUFFIXES or relative.as_posix() == "competition/rules.yaml":
                continue
            if "migrations" in relative.parts or path.name == "rule_docs.py":
                continue
            for name in named_in(path.read_text(encoding="utf-8"), rules):
                found[name].add(relative.as_posix())
    return found


def marks_of_tests(root: Path) -> Iterator[tuple[str, str]]:
    """(rule, file) for every ``pytest.mark.rule(...)`` below tests/."""
    for path in sorted((root / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value), path.relative_to(root).as_posix()


def render(root: Path) -> str:
    """The whole of docs/rules.md."""
    rules = read_rules(root)
    code = code_mentions(root, rules)
    tests: dict[str, set[str]] = defaultdict(set)
    for name, file in marks_of_tests(root):
        for member in _family(name, rules):
            tests[member].add(file)
    lines = [
        "# The notice's rules",
        "",
        "Made by `manage.py rule_docs`; do not edit. Paths are from the root of the repository.",
        "",
        "| Rule | Notice | What it says | Kept by | Code | Tests |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for rule in rules.values():
        cells = [
            rule.id,
            f"{rule.section}：{rule.quote}",
            rule.rule,
            ENFORCED[rule.enforce],
            _files(code[rule.id]),
            _files(tests[rule.id]),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    named = sum(1 for name in rules if code[name])
    tested = sum(1 for name in rules if tests[name])
    lines += ["", f"{len(rules)} rules; {named} are named in code, {tested} by tests."]
    return "\n".join(lines) + "\n"


def _files(paths: set[str]) -> str:
    return "<br>".join(f"`{path}`" for path in sorted(paths))
