"""A team's way of writing: words of its topic put into sentence patterns, no sentence twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final

import yaml

from competition.chars import count_chars

HERE: Final = Path(__file__).parent


def words(text: str) -> tuple[str, ...]:
    """Words that stand in a text between blanks."""
    return tuple(text.split())


CITIES: Final = words("太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁")
JOINTS: Final = (
    "",
    "",
    "",
    "同时，",
    "在此基础上，",
    "从实际运行看，",
    "按照实施计划，",
    "针对用户反馈，",
    "与此相配套，",
)
#: Slots that hold one word of a list, in order of use within a sentence.
_LISTS: Final = {
    "d": "data", "f": "functions", "w": "pains", "u": "users", "x": "tech", "m": "metrics", "b": "partners",
    "c": "cities",
}  # fmt: skip
_PARAGRAPH: Final = 4


@cache
def _topics() -> Mapping[str, Any]:
    return MappingProxyType(yaml.safe_load((HERE / "topics.yaml").read_text(encoding="utf-8")))


@cache
def _patterns() -> Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]:
    """Field -> its themes in order, each a title and patterns."""
    raw = yaml.safe_load((HERE / "sentences.yaml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            field: tuple((title, tuple(lines.strip().splitlines())) for title, lines in themes.items())
            for field, themes in raw.items()
        }
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("；"))


def _topic(code: str) -> Mapping[str, str]:
    """The words of a topic; a topic that the file does not know borrows those of the open one."""
    found: Mapping[str, str] = _topics()["topics"].get(code) or _topics()["topics"]["9-0"]
    return found


def _track(code: str) -> Mapping[str, str]:
    tracks: Mapping[int, Mapping[str, str]] = _topics()["tracks"]
    return tracks.get(int(code.partition("-")[0]), tracks[9])


def project_names(code: str) -> tuple[str, ...]:
    """Names of projects for a topic; the team adds its own."""
    return _words(_topic(code)["names"])


class _Bag:
    """Words drawn without return until all were drawn."""

    def __init__(self, rng: Random, words: Sequence[str]) -> None:
        self._rng, self._words = rng, tuple(words)
        self._left: list[str] = []

    def draw(self, without: Sequence[str] = ()) -> str:
        if not any(word not in without for word in self._left):
            self._left = list(self._words)
            self._rng.shuffle(self._left)
        place = next((at for at in reversed(range(len(self._left))) if self._left[at] not in without), -1)
        return self._left.pop(place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)


class Voice:
    """Writes the texts of one project; the same seed writes the same."""

    def __init__(self, rng: Random, *, topic_code: str, topic_title: str, project: str) -> None:
        self._rng = rng
        track, topic = _track(topic_code), _topic(topic_code)
        lists = {name: _words(topic[name]) for name in ("data", "functions", "pains", "users", "metrics")}
        lists["data"] += _words(track["data"])
        lists |= {"tech": _words(track["tech"]), "partners": _words(track["partners"]), "cities": CITIES}
        self._bags = {name: _Bag(rng, words) for name, words in lists.items()}
        self._fixed = {"p": project, "t": topic_title, "g": track["domain"]}
        self._written: set[str] = set()
        self.industries = tuple(track["industries"].split())
        self.scenarios = tuple(track["scenarios"].split())

    def word(self, name: str) -> str:
        """One word of a list (data, functions, users, tech, metrics, partners, cities)."""
        return self._bags[name].draw()

    def write(self, field: str, length: int) -> str:
        """A text of about ``length`` characters and never more, in titled parts when it is long."""
        themes = _patterns().get(field) or _patterns()["project.summary"]
        if themes[0][0].startswith("one "):
            return self._sentence(self._rng.choice(themes[0][1]), {})
        if length < 320:
            return "".join(self._sentences([line for _, lines in themes for line in lines], length))
        parts: list[str] = []
        left = length
        for index, (title, lines) in enumerate(themes):
            share = left // (len(themes) - index)
            heading = f"（{'一二三四五六七八'[index]}）{title.rpartition(' ')[2]}"
            writer = self._list if title.startswith("each ") else self._fill_paragraphs
            body = writer(title, lines, share - len(heading))
            if body:
                parts.append(f"{heading}\n{body}")
                left -= count_chars(parts[-1])
        return "\n".join(parts)

    def _fill_paragraphs(self, title: str, lines: Sequence[str], length: int) -> str:
        sentences = list(self._sentences(lines, length))
        groups = [sentences[at : at + _PARAGRAPH] for at in range(0, len(sentences), _PARAGRAPH)]
        return "\n".join("".join(group) for group in groups)

    def _list(self, title: str, lines: Sequence[str], length: int) -> str:
        """A numbered list, one line for each word of the list that the title names."""
        name = title.split(" ")[1]
        slot = next(key for key, value in _LISTS.items() if value == name)
        items: list[str] = []
        for place, word in enumerate(self._bags[name]):
            item = f"{place + 1}.{self._sentence(lines[place % len(lines)], {slot: word})}"
            length -= count_chars(item)
            if length < 0:
                break
            items.append(item)
        return "\n".join(items)

    def _sentences(self, lines: Sequence[str], length: int) -> Iterator[str]:
        """Sentences until the next ones would be too long: first in their order, then with joints and new words."""
        order = [line for line in reversed(lines) if len(lines) < 4 or self._rng.random() < 0.88]
        joint, misses = False, 0
        while misses < 3:
            if not order:
                order, joint = self._shuffled(lines), True
            plain = self._sentence(order.pop(), {})
            sentence = (self._rng.choice(JOINTS) if joint else "") + plain
            used = count_chars(sentence)
            if used > length or plain in self._written:
                misses += 1
                continue
            length -= used
            self._written.add(plain)
            yield sentence

    def _sentence(self, pattern: str, given: Mapping[str, str]) -> str:
        return pattern.format_map(_Slots(self._slot, given))

    def _slot(self, name: str, taken: Sequence[str]) -> str:
        kind = name.rstrip("0123456789")
        if name in _NUMBERS:
            return _NUMBERS[name](self._rng)
        if kind in _LISTS:
            return self._bags[_LISTS[kind]].draw(taken)
        return _NUMBERS[kind](self._rng) if kind in _NUMBERS else self._fixed[kind]

    def _shuffled(self, lines: Sequence[str]) -> list[str]:
        order = list(lines)
        self._rng.shuffle(order)
        return order


class _Slots(dict[str, str]):
    """Draws a slot when the pattern first names it; words of one sentence differ."""

    def __init__(self, draw: Callable[[str, Sequence[str]], str], given: Mapping[str, str]) -> None:
        super().__init__(given)
        self._draw = draw

    def __missing__(self, name: str) -> str:
        self[name] = self._draw(name, tuple(self.values()))
        return self[name]


def _percent(least: int, most: int) -> Callable[[Random], str]:
    return lambda rng: f"{rng.randrange(least * 10, most * 10) / 10:g}"


_NUMBERS: Final[Mapping[str, Callable[[Random], str]]] = {
    "k": lambda rng: str(rng.randrange(2, 10)),
    "n": lambda rng: str(rng.randrange(12, 480)),
    "h": lambda rng: str(rng.randrange(11, 980) * 100),
    "o": lambda rng: str(rng.randrange(4, 30)),
    "q": _percent(8, 45),
    "q3": _percent(52, 96),
    "y": lambda rng: str(rng.randrange(2019, 2024)),
    "y2": lambda rng: str(rng.randrange(2026, 2029)),
}
