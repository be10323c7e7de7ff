"""The colours that pages put together are legible: WCAG AA, computed from tokens.css."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))

#: What look.md settles; a change of these is a change of the look.
AGREED = {
    "ink": "#14213d",
    "indigo": "#1f3a8a",
    "cyan": "#0e7fa8",
    "ember": "#c2410c",
    "seal": "#b3171b",
    "leaf": "#15803d",
    "paper": "#ffffff",
    "mist": "#f4f6fa",
    "line": "#d9dfea",
}
TEXT = [
    *[(text, ground) for text in ("ink", "ink-2", "ink-3", "indigo") for ground in ("paper", "mist")],
    *[("ink", soft) for soft in ("indigo-soft", "cyan-soft", "ember-soft", "seal-soft", "leaf-soft")],
    *[("cyan-deep", ground) for ground in ("paper", "mist", "cyan-soft")],
    *[("ember-deep", ground) for ground in ("paper", "mist", "ember-soft")],
    *[("leaf-deep", ground) for ground in ("paper", "mist", "leaf-soft")],
    *[("seal", ground) for ground in ("paper", "mist", "seal-soft")],
    *[("indigo", ground) for ground in ("indigo-soft", "cyan-soft")],
    *[("paper", ground) for ground in ("indigo", "indigo-deep", "ember", "ember-deep", "leaf")],
    *[
        (text, ground)
        for text in ("on-night", "on-night-2", "on-night-3", "on-night-cyan", "on-night-ember")
        for ground in ("night", "night-2")
    ],
]
#: Edges of fields and signs that carry meaning need three to one.
SIGNS = [
    ("line-strong", "paper"),
    ("line-strong", "mist"),
    ("leaf", "paper"),
    ("cyan", "paper"),
    ("cyan", "cyan-soft"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_tokens_are_the_agreed_colours() -> None:
    assert {name: TOKENS[name] for name in AGREED} == AGREED


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_legible_on_its_ground(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_sign_stands_out_from_its_ground(sign: str, ground: str) -> None:
    assert contrast(TOKENS[sign], TOKENS[ground]) >= 3


def test_style_sheets_name_only_known_tokens() -> None:
    own = [path for path in CSS.parent.rglob("*.css") if "node_modules" not in path.parts]
    defined = {name for path in own for name in re.findall(r"(--[\w-]+):", path.read_text())}

    used = {(path.name, name) for path in own for name in re.findall(r"var\((--[\w-]+)", path.read_text())}

    assert {pair for pair in used if pair[1] not in defined and not pair[1].startswith("--bs-")} == set()


def test_motion_is_short_and_can_be_switched_off() -> None:
    tokens = (CSS / "tokens.css").read_text()

    durations = [int(ms) for ms in re.findall(r"--quick:\s*(\d+)ms", tokens)]

    assert durations == [140, 0]
    assert "prefers-reduced-motion: reduce" in tokens
