"""Reading plain data (YAML) without ever stumbling: each oddity becomes a sentence with file and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml


class EditionProblems(Exception):
    """Everything in an edition's folder that does not add up, one Chinese sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Problems:
    """A list that readers write into; `raise_if_any` ends a reading."""

    sentences: list[str] = field(default_factory=list)

    def say(self, place: str, sentence: str) -> None:
        """Note one problem: 'tracks.yaml → tracks[3] → title：缺少。'"""
        self.sentences.append(f"{place}：{sentence}")

    def raise_if_any(self) -> None:
        """Raise EditionProblems with everything noted so far."""
        if self.sentences:
            raise EditionProblems(list(self.sentences))


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses a key written twice (plain YAML would keep the last in silence) and aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node; an alias could make a value contain itself."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "不能使用别名（*）", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build the mapping after a look at its keys."""
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen and key != "<<":
                problem = f"“{key}”写了两次"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, problems: Problems) -> Node:
    """The root node of a file; an unreadable file gives an empty node and a problem."""
    value: object = None
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except FileNotFoundError:
        problems.say(path.name, "文件不存在。")
    except (OSError, UnicodeDecodeError):
        problems.say(path.name, "文件不能按 UTF-8 读取。")
    except yaml.YAMLError as error:
        problems.say(path.name, f"不是有效的 YAML（{_where(error)}）。")
    except (ValueError, TypeError, RecursionError):
        problems.say(path.name, "其中有无法读取的值（例如不存在的日期）。")
    else:
        if not isinstance(value, dict):
            problems.say(path.name, "最外层应是“键: 值”的形式。")
    return Node(value if isinstance(value, dict) else {}, path.name, problems)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", "") or "无法解析")
    return f"第{mark.line + 1}行第{mark.column + 1}列：{what}" if mark else what


@dataclass(slots=True)
class Node:
    """A value of the data with its place. Every getter returns something of the right type, and says what was wrong."""

    value: Any
    place: str
    problems: Problems
    _known: set[str] = field(default_factory=set)

    def say(self, sentence: str) -> None:
        """Note a problem of this very place."""
        self.problems.say(self.place, sentence)

    def at(self, key: str | int) -> Node:
        """The node below; missing ones hold None."""
        if isinstance(self.value, dict) and isinstance(key, str):
            self._known.add(key)
            return Node(self.value.get(key), f"{self.place} → {key}", self.problems)
        if isinstance(self.value, list) and isinstance(key, int):
            return Node(self.value[key], f"{self.place}[{key + 1}]", self.problems)
        return Node(None, f"{self.place} → {key}", self.problems)

    def has(self, key: str) -> bool:
        """True when the mapping has the key with some value."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; without a default it must be there and not be blank."""
        node = self.at(key)
        if node.value is None and default is not None:
            return default
        if isinstance(node.value, str) and (node.value.strip() or default is not None):
            return node.value
        node.say("缺少文字。" if node.value is None or node.value == "" else "应是文字（必要时加引号）。")
        return default or ""

    def whole(self, key: str, *, default: int | None = None, least: int = 0, most: int | None = None) -> int:
        """A whole number within bounds."""
        node = self.at(key)
        if node.value is None and default is not None:
            return default
        if not isinstance(node.value, int) or isinstance(node.value, bool):
            node.say("缺少整数。" if node.value is None else "应是整数。")
            return default if default is not None else least
        if node.value < least or (most is not None and node.value > most):
            node.say(f"应{_bounds(least, most)}，现为{node.value}。")
            return least
        return node.value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        node = self.at(key)
        if isinstance(node.value, bool):
            return node.value
        if node.value is not None:
            node.say("应是 true 或 false。")
        return default

    def one_of(self, key: str, allowed: Iterable[str], *, default: str | None = None) -> str:
        """One of the allowed words."""
        words = list(allowed)
        node = self.at(key)
        if node.value is None and default is not None:
            return default
        if isinstance(node.value, str) and node.value in words:
            return node.value
        node.say(f"“{node.value}”不是可用的值；可用的是{'、'.join(words)}。")
        return default if default is not None else words[0]

    def instant(self, key: str, zone: ZoneInfo) -> datetime:
        """An instant, written as local time of the edition's zone ('2025-05-12T09:00')."""
        node = self.at(key)
        try:
            moment = node.value if isinstance(node.value, datetime) else datetime.fromisoformat(node.value)
        except (TypeError, ValueError):
            node.say("应是时刻，例如 2025-05-12T09:00。")
            return datetime(1970, 1, 1, tzinfo=zone)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

    def zone(self, key: str) -> ZoneInfo:
        """A time zone by its name."""
        name = self.text(key)
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.at(key).say(f"没有“{name}”这个时区。")
            return ZoneInfo("Asia/Shanghai")

    def items(self, key: str, *, required: bool = True) -> list[Node]:
        """The nodes of a list."""
        node = self.at(key)
        if isinstance(node.value, list):
            if required and not node.value:
                node.say("列表不能为空。")
            return [node.at(index) for index in range(len(node.value))]
        if node.value is not None or required:
            node.say("应是列表。")
        return []

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, none of them blank or twice."""
        found: list[str] = []
        for node in self.items(key, required=required):
            if not isinstance(node.value, str) or not node.value.strip():
                node.say("应是文字（必要时加引号）。")
            elif node.value in found:
                node.say(f"“{node.value}”重复。")
            else:
                found.append(node.value)
        return tuple(found)

    def entries(self, key: str, *, required: bool = False) -> Iterator[tuple[str, Node]]:
        """The keys and nodes of a mapping."""
        node = self.at(key)
        if isinstance(node.value, dict):
            for name in node.value:
                yield (
                    str(name),
                    node.at(name) if isinstance(name, str) else Node(None, node.place, self.problems),
                )
        elif node.value is not None or required:
            node.say("应是“键: 值”的形式。")

    def no_more(self) -> None:
        """Say which keys nobody asked for; a misspelt key must not pass in silence."""
        if not isinstance(self.value, dict):
            self.say("应是“键: 值”的形式。")
            return
        for name in self.value:
            if name not in self._known:
                self.say(f"不认识的键“{name}”。")


def _bounds(least: int, most: int | None) -> str:
    return f"不小于{least}" if most is None else f"在{least}至{most}之间"


def say_duplicates(nodes_and_keys: Iterable[tuple[Node, str]], what: str) -> None:
    """Say which keys stand more than once."""
    seen: set[str] = set()
    for node, key in nodes_and_keys:
        if key and key in seen:
            node.say(f"{what}“{key}”重复。")
        seen.add(key)
