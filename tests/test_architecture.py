"""The order of the house, read from the source: who may import whom, and what stands where.

When this fails, read its sentence first: it names the file, the line and the rule.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Imports point left only.
APPS = ("competition", "registration", "submissions", "judging", "awards")
#: Inside an app, low to high; a module imports from its own layer and from lower ones.
LAYERS = ("rules", "querysets", "models", "domain", "permissions", "services", "forms", "top")
STANDARD = {
    "workflow": "rules",
    "querysets": "querysets",
    "models": "models",
    "permissions": "permissions",
    "services": "services",
    "forms": "forms",
    "views": "top",
    "admin": "top",
    "tasks": "top",
    "management": "top",
    "urls": "top",
    "apps": "top",
    "templatetags": "top",
    "migrations": "top",
}
#: Modules with a name of their own that work with the database or the clock. Modules that are not
#: named here or above have to be pure rules: no ORM, no clock (see test_rules_are_pure).
NAMED = {
    "competition": {
        "fields": "querysets",  # model fields of our own
        "clock": "domain",
        "stages": "domain",
        "arrival": "domain",
        "transitions": "domain",
        "audit": "domain",
        "outbox": "domain",
        "files": "domain",
        "derived": "domain",
        "handing": "domain",
        "inspection": "domain",
        "sheets": "domain",
        "fetcher": "domain",
        "clamd": "domain",
        "press": "domain",
        "limits": "domain",
        "challenge": "domain",
        "accounts": "top",
        "delivery": "top",
        "keyset": "domain",
        "reconciler": "services",
        "accounts.session_store": "top",
        "middleware": "top",
        "context": "top",
        "downloads": "top",
        "dashboards": "top",
        "desk": "domain",
        "exports": "domain",
        "office": "top",
    },
    "registration": {"registries": "domain", "pdf": "domain", "dashboard": "top", "exports": "top"},
    "submissions": {
        "registries": "domain",
        "form": "domain",
        "facts": "domain",
        "comparison": "domain",
        "checklist": "domain",
        "cards": "top",
        "archive": "domain",
        "pdf": "domain",
        "word": "services",
        "dashboard": "top",
        "exports": "top",
    },
    "judging": {"rubric": "domain", "desk": "top", "exports": "top"},
    "awards": {"pdf": "domain", "desk": "top", "exports": "top"},
}
IMPURE = ("django.db", "django.contrib", "django.utils.timezone", "time", "competition.clock")
TOP_LEVEL = {
    "awards", "competition", "docs", "judging", "registration", "requirements", "static", "submissions",
    "templates", "tests", "CHANGELOG.md", "Dockerfile", "LICENSE", "Makefile", "README.md",
    "docker-compose.yml", "manage.py", "pyproject.toml",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """One imported module, with what the rules need to know about the place."""

    file: Path
    line: int
    name: str
    in_function: bool
    typing_only: bool

    @property
    def where(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def python_files(app: str) -> list[Path]:
    return sorted(path for path in (ROOT / app).rglob("*.py") if "__pycache__" not in path.parts)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[Import]:
    """Every import of a file; ``from a import b`` counts as ``a.b``."""

    def walk(node: ast.AST, in_function: bool, typing_only: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            names: list[str] = []
            if isinstance(child, ast.Import):
                names = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                names = [f"{child.module}.{alias.name}" for alias in child.names]
            for name in names:
                yield Import(path, child.lineno, name, in_function, typing_only)  # type: ignore[attr-defined]
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            guard = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from walk(child, in_function or function, typing_only or guard)

    return walk(parse(path), in_function=False, typing_only=False)


def module_of(path: Path) -> tuple[str, str]:
    """App and dotted name below it: ``registration/models/team.py`` is (registration, models.team)."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0], ".".join(part for part in parts[1:] if part != "__init__")


def layer_of(app: str, module: str) -> str:
    """The layer of ``models.team`` or ``accounts.forms``: the first part that has one decides."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if layer := NAMED[app].get(".".join(parts[:length])):
            return layer
    return next((STANDARD[part] for part in parts if part in STANDARD), "rules")


def layer_of_import(name: str) -> str | None:
    """The layer of what ``app.module.thing`` imports; None for the app's own name or a stranger."""
    app, _, rest = name.partition(".")
    if app not in APPS or not rest:
        return None
    parts = rest.split(".")
    while parts and not any((ROOT / app).joinpath(*parts).with_suffix(end).exists() for end in (".py", "")):
        parts.pop()
    return layer_of(app, ".".join(parts)) if parts else None


def app_files() -> list[Path]:
    """Python files of the apps, without the composition root, migrations and package markers."""
    return [
        path
        for app in APPS
        for path in python_files(app)
        if module_of(path)[1].split(".")[0] not in {"config", "migrations", ""}
    ]


def test_apps_import_only_to_the_left() -> None:
    wrong = []
    for app in APPS:
        allowed = APPS[: APPS.index(app) + 1]
        for path in python_files(app):
            if path.is_relative_to(ROOT / "competition" / "config"):
                continue
            is_command = "management" in path.parts
            for found in imports_of(path):
                target, _, rest = found.name.partition(".")
                if target in APPS and target not in allowed:
                    wrong.append(f"{found.where}: {app} must not know {target} (it stands further right)")
                if found.name.startswith("competition.config") and not is_command:
                    wrong.append(f"{found.where}: only commands may ring the composition root {rest}")

    assert wrong == [], "\n".join(wrong)


def test_layers_import_only_downwards() -> None:
    wrong = []
    for path in app_files():
        app, module = module_of(path)
        height = LAYERS.index(layer_of(app, module))
        for found in imports_of(path):
            target = layer_of_import(found.name) if found.name.startswith(f"{app}.") else None
            if target and LAYERS.index(target) > height and not found.in_function and not found.typing_only:
                wrong.append(f"{found.where}: {LAYERS[height]} must not import {found.name} ({target})")

    assert wrong == [], "\n".join(wrong)


def test_rules_are_pure() -> None:
    """Values in, values out. A module that needs the database or the clock is named in NAMED above."""
    wrong = [
        f"{found.where}: a pure rule module imports {found.name}; else give it a layer in NAMED"
        for path in app_files()
        if layer_of(*module_of(path)) == "rules" and not module_of(path)[1].startswith("workflow")
        for found in imports_of(path)
        if not found.typing_only and is_impure(found.name)
    ]

    assert wrong == [], "\n".join(wrong)


def is_impure(name: str) -> bool:
    if any(name == prefix or name.startswith(f"{prefix}.") for prefix in IMPURE):
        return True
    return layer_of_import(name) not in {None, "rules"}


def test_workflows_know_no_orm_but_choices() -> None:
    wrong = [
        f"{found.where}: {found.name}"
        for app in APPS
        for path in (ROOT / app).glob("workflow*")
        if path.suffix == ".py"
        for found in imports_of(path)
        if found.name.startswith("django")
        and found.name not in {"django.db.models", "django.db.models.TextChoices"}
    ]

    assert wrong == [], "\n".join(wrong)


def test_imports_inside_functions_say_why() -> None:
    wrong = []
    for path in [ROOT / "manage.py", *(path for app in APPS for path in python_files(app))]:
        lines = path.read_text(encoding="utf-8").splitlines()
        for found in imports_of(path):
            if found.in_function and not has_reason(lines, found.line - 1):
                wrong.append(f"{found.where}: write beside this import why it cannot stand at the top")

    assert wrong == [], "\n".join(wrong)


def has_reason(lines: list[str], index: int) -> bool:
    """A comment on the line, or above the block of imports to which the line belongs."""
    if "#" in lines[index]:
        return True
    while index > 0 and re.match(r"\s*(from|import)\s", lines[index - 1]):
        index -= 1
    return lines[index - 1].lstrip().startswith("#")


def test_nobody_uses_signals() -> None:
    wrong = [
        f"{found.where}: {found.name}; register in a registry instead"
        for app in APPS
        for path in python_files(app)
        for found in imports_of(path)
        if found.name.startswith("django.dispatch") or ".signals" in found.name
    ]

    assert wrong == [], "\n".join(wrong)


def test_status_changes_only_through_the_table() -> None:
    wrong = []
    for app in APPS:
        for path in python_files(app):
            if path.name in {"transitions.py", "errors.py"} or "migrations" in path.parts:
                continue
            for node in ast.walk(parse(path)):
                if sets_status(node):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: use competition.transitions.move")

    assert wrong == [], "\n".join(wrong)


def sets_status(node: ast.AST) -> bool:
    """``x.status = ...``, ``setattr(x, "status", ...)`` or ``.update(status=...)``."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "status" for keyword in node.keywords)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
        name = node.args[1] if len(node.args) > 1 else None
        return isinstance(name, ast.Constant) and name.value == "status"
    return False


def test_every_file_has_a_known_name() -> None:
    """A module is one of the standard names, is named above, or is a pure rule module; no utils."""
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "mixins"}
    wrong = [
        f"{path.relative_to(ROOT)}: the name says nothing"
        for app in APPS
        for path in (ROOT / app).iterdir()
        if path.stem in vague
    ]
    for app, modules in NAMED.items():
        for module in modules:
            place = (ROOT / app).joinpath(*module.split("."))
            if not (place.is_dir() or place.with_suffix(".py").exists()):
                wrong.append(f"{app}.{module} is named in this test but does not exist")

    assert wrong == [], "\n".join(wrong)


def test_top_level_holds_only_known_names() -> None:
    ignored = {line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}

    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - ignored

    assert found - TOP_LEVEL == set()


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\s(?:hx-)?on[a-z:-]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "an address of another site": re.compile(
        r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["'](?:https?:)?//"""
    ),
    "a nameless endblock": re.compile(r"\{%-?\s*endblock\s*-?%\}"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_templates_hold_no(name: str) -> None:
    wrong = []
    for path in TEMPLATES:
        text = re.sub(
            r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        pieces = [text] if name == "a nameless endblock" else TAG.findall(text)
        wrong += [
            f"{path.relative_to(ROOT)}: {piece[:80]}" for piece in pieces if FORBIDDEN[name].search(piece)
        ]

    assert wrong == [], "\n".join(wrong)


def test_locks_hold_hashes_and_no_addresses() -> None:
    locks = [*(ROOT / "requirements").glob("*.lock"), ROOT / "static/vendor/package-lock.json"]

    with_address = [path.name for path in locks if "://" in path.read_text()]
    without_hash = [
        name
        for name, package in json.loads(locks[-1].read_text())["packages"].items()
        if name and "integrity" not in package
    ]

    assert with_address == []
    assert without_hash == []
