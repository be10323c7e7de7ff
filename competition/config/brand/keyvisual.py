"""Draw the key visual: a thin grid of points that rises along the line of the Taihang ridge.

The profile follows summits of the range from south to north with their heights; the two families of
grid lines run diagonally, so that where they cross they form a ×, and along the crest some light up.
Run ``python -m competition.config.brand.keyvisual``; the same numbers give the same files.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BRAND = ROOT / "static" / "brand"

#: (place along the range from 0 in the south to 1 in the north, height in metres)
SUMMITS: tuple[tuple[float, float, str], ...] = (
    (0.00, 1100, "黄河谷地"),
    (0.08, 2358, "历山舜王坪"),
    (0.14, 1711, "王屋山天坛峰"),
    (0.25, 1665, "陵川王莽岭"),
    (0.30, 1632, "林虑山四方垴"),
    (0.41, 1876, "左权阳曲山"),
    (0.46, 1797, "昔阳沾岭"),
    (0.56, 2101, "系舟山柳林尖"),
    (0.67, 3061, "五台山北台"),
    (0.75, 2234, "灵丘太白巍山"),
    (0.81, 2017, "恒山天峰岭"),
    (0.91, 2882, "小五台山东台"),
    (1.00, 1900, "军都山口"),
)


@dataclass(frozen=True)
class Palette:
    line: str
    point: str
    high: str
    lit: str
    warm: str
    faint: float


LIGHT = Palette("#1f3a8a", "#1f3a8a", "#0e7fa8", "#0e7fa8", "#c2410c", 0.75)
DARK = Palette("#8fb4f0", "#9fb8ea", "#8fd3ec", "#bfeaf8", "#ffa46b", 1.0)


@dataclass(frozen=True)
class Frame:
    """The picture's size, how much of the range it shows and how finely the ground is divided."""

    width: int
    height: int
    start: float
    end: float
    columns: int
    rows: int
    horizon: float
    foot: float
    rise: float


WIDE = Frame(1920, 720, 0.02, 0.98, 120, 56, 0.56, 1.08, 0.50)
TALL = Frame(900, 1200, 0.50, 0.98, 60, 60, 0.80, 1.34, 0.36)


def ridge(place: float) -> float:
    """Height of the crest at a place along the range, 0 to 1, smooth between summits."""
    for (left, low, _), (right, high, _) in itertools.pairwise(SUMMITS):
        if left <= place <= right:
            share = (place - left) / (right - left)
            # Between two summits lies a saddle: deeper the farther they are apart.
            saddle = 2.2 * (right - left) * math.pow(math.sin(math.pi * share), 1.3)
            blend = 0.55 * share + 0.45 * (1 - math.cos(math.pi * share)) / 2
            return (low + (high - low) * blend) / 3061 * (1 - saddle)
    return 0.3


def roughness(u: float, v: float) -> float:
    """A fixed sum of waves in place of chance: -1 to 1."""
    return (
        0.40 * math.sin(31.7 * u + 5.1 * v + 1.3)
        + 0.25 * math.sin(67.3 * u - 11.9 * v + 0.4)
        + 0.20 * math.sin(13.1 * u + 37.7 * v + 2.2)
        + 0.15 * math.sin(141.0 * u + 23.0 * v)
    )


def ground(u: float, v: float) -> float:
    """Height of the ground; v runs from the plain in front (0) to the far side (1)."""
    crest = 0.56 + 0.06 * math.sin(4.2 * u + 0.6)
    distance = v - crest
    # The range falls steeply to the plain in the east; in the west stands the loess plateau, and
    # behind it, low on the horizon, the Lüliang range.
    slope = math.exp(-((abs(distance) / (0.21 if distance < 0 else 0.24)) ** 1.7))
    plateau = 0.20 / (1 + math.exp(-distance * 22)) * (1 + 0.25 * roughness(u * 0.7, v))
    beyond = 0.10 * math.exp(-(((v - 0.95) / 0.07) ** 2)) * (0.4 + 1.2 * math.sin(9.3 * u + 1.0) ** 2)
    foothills = 0.13 * math.exp(-(((v - 0.30) / 0.12) ** 2)) * (0.7 + 0.6 * roughness(u * 0.8, 0.2))
    range_ = ridge(u) * slope * (1 + 0.17 * roughness(u, v))
    return max(range_, plateau + beyond) + max(0.0, foothills) + 0.05 * u


def depth_of(share: float) -> float:
    """Rows stand closer where the range is: share 0 to 1 of the rows to a depth 0 to 1."""
    return share + 0.07 * math.sin(2 * math.pi * share)


@dataclass(frozen=True)
class Node:
    x: float
    y: float
    height: float
    depth: float

    @property
    def clarity(self) -> float:
        """How clearly it is drawn, 0 to 1: high ground is clear, the far side fades."""
        return self.height * (1 - 0.75 * min(max((self.depth - 0.68) / 0.12, 0), 1))


def nodes(frame: Frame) -> dict[tuple[int, int], Node]:
    """The crossings of the grid as they stand on the picture; every second one, like a chessboard."""
    found: dict[tuple[int, int], Node] = {}
    for row in range(frame.rows + 1):
        v = depth_of(row / frame.rows)
        scale = 1 / (1 + 1.25 * v)
        base = frame.horizon + (frame.foot - frame.horizon) * (scale - 1 / 2.25) / (1 - 1 / 2.25)
        for column in range(-24, frame.columns + 25):
            if (row + column) % 2:
                continue
            share = column / frame.columns
            x = 0.5 + (share - 0.5) * (0.62 + 0.62 * scale)
            place = frame.start + (frame.end - frame.start) * share
            height = ground(min(max(place, 0.0), 1.0), v)
            y = base - height * frame.rise * (0.45 + 0.75 * scale)
            found[row, column] = Node(x * frame.width, y * frame.height, height, v)
    return found


def visible(
    grid: dict[tuple[int, int], Node], key: tuple[int, int], skyline: Callable[[float, int], float]
) -> bool:
    node = grid[key]
    return node.y <= skyline(node.x, key[0]) + 1.5


def skylines(grid: dict[tuple[int, int], Node], frame: Frame) -> Callable[[float, int], float]:
    """For each row, how high the rows in front of it reach: what lies beneath is hidden."""
    step = 4
    count = frame.width // step + 1
    levels: list[list[float]] = []
    current = [math.inf] * count
    for row in range(frame.rows + 1):
        levels.append(list(current))
        line = sorted((n for (r, _), n in grid.items() if r == row), key=lambda n: n.x)
        for left, right in itertools.pairwise(line):
            for slot in range(max(0, int(left.x // step)), min(count - 1, int(right.x // step)) + 1):
                share = min(max((slot * step - left.x) / ((right.x - left.x) or 1), 0), 1)
                current[slot] = min(current[slot], left.y + (right.y - left.y) * share)
    return lambda x, row: levels[row][min(max(int(x // step), 0), count - 1)]


def lines(grid: dict[tuple[int, int], Node], seen: set[tuple[int, int]], turn: int) -> Iterator[list[Node]]:
    """One family of diagonals, cut where the ground in front hides them."""
    starts = [key for key in grid if (key[0] - 1, key[1] - turn) not in grid]
    for row, column in sorted(starts):
        run: list[Node] = []
        while (row, column) in grid:
            if (row, column) in seen:
                run.append(grid[row, column])
            else:
                if len(run) > 1:
                    yield run
                run = []
            row, column = row + 1, column + turn
        if len(run) > 1:
            yield run


def path_of(run: list[Node]) -> str:
    points = [f"{node.x:.0f} {node.y:.0f}" for node in run]
    return "M" + "L".join(points)


def dots(chosen: list[Node]) -> str:
    return "".join(f"M{node.x:.1f} {node.y:.1f}h0" for node in chosen)


def cross(node: Node, size: float) -> str:
    x, y = node.x, node.y
    return (
        f"M{x - size:.1f} {y - size:.1f}L{x + size:.1f} {y + size:.1f}"
        f"M{x + size:.1f} {y - size:.1f}L{x - size:.1f} {y + size:.1f}"
    )


def crest(grid: dict[tuple[int, int], Node], seen: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each column the highest crossing in sight, from left to right."""
    best: dict[int, tuple[int, int]] = {}
    for key in seen:
        held = best.get(key[1])
        if held is None or grid[key].clarity > grid[held].clarity:
            best[key[1]] = key
    return [best[column] for column in sorted(best)]


def draw(frame: Frame, palette: Palette) -> str:
    grid = nodes(frame)
    skyline = skylines(grid, frame)
    seen = {key for key in grid if visible(grid, key, skyline) and -60 <= grid[key].x <= frame.width + 60}
    parts = [
        *_lines(grid, seen, palette),
        *_points(grid, seen, palette),
        *_lights(grid, seen, palette, frame),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {frame.height}" '
        f'preserveAspectRatio="xMidYMax slice" fill="none">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _lines(grid: dict[tuple[int, int], Node], seen: set[tuple[int, int]], palette: Palette) -> list[str]:
    """The lines in four strengths: the higher the ground, the clearer."""
    bands: list[list[str]] = [[], [], [], []]
    for turn in (1, -1):
        for run in lines(grid, seen, turn):
            for band, piece in _by_height(run):
                bands[band].append(path_of(piece))
    strengths = (0.13, 0.22, 0.36, 0.55)
    return [
        f'<path d="{"".join(band)}" stroke="{palette.line if index < 2 else palette.high}" '
        f'stroke-width=".8" stroke-opacity="{strength * palette.faint:.2f}"/>'
        for index, (band, strength) in enumerate(zip(bands, strengths, strict=True))
    ]


def _by_height(run: list[Node]) -> Iterator[tuple[int, list[Node]]]:
    piece, held = [run[0]], -1
    for before, node in itertools.pairwise(run):
        band = min(3, int((before.clarity + node.clarity) / 2 * 4.6))
        if held not in (-1, band):
            yield held, piece
            piece = [before]
        held = band
        piece.append(node)
    yield held, piece


def _points(grid: dict[tuple[int, int], Node], seen: set[tuple[int, int]], palette: Palette) -> list[str]:
    bands: list[list[Node]] = [[], [], [], []]
    for key in sorted(seen):
        node = grid[key]
        bands[min(3, int(node.clarity * 4.8))].append(node)
    style = ((1.8, 0.40), (2.2, 0.60), (2.8, 0.80), (3.2, 1.0))
    return [
        f'<path d="{dots(band)}" stroke="{palette.point if index < 2 else palette.high}" stroke-linecap="round" '
        f'stroke-width="{width}" stroke-opacity="{opacity * palette.faint:.2f}"/>'
        for index, (band, (width, opacity)) in enumerate(zip(bands, style, strict=True))
    ]


def _lights(
    grid: dict[tuple[int, int], Node], seen: set[tuple[int, int]], palette: Palette, frame: Frame
) -> list[str]:
    line = [grid[key] for key in crest(grid, seen) if grid[key].clarity > 0.36]
    peaks = [
        node
        for before, node, after in zip(line, line[1:], line[2:], strict=False)
        if node.height >= before.height and node.height > after.height
    ]
    warm: list[Node] = []
    for node in sorted(peaks, key=lambda node: -node.height):
        if len(warm) < 3 and all(abs(node.x - other.x) > frame.width / 12 for other in warm):
            warm.append(node)
    others = [node for node in line[::2] if all(abs(node.x - other.x) > 24 for other in warm)]
    # Some crossings on the slopes glimmer too: a fixed pattern instead of chance.
    slopes = [
        grid[key]
        for key in sorted(seen)
        if (key[0] * 73856093 ^ key[1] * 19349663) % 37 == 0
        and 0.12 < grid[key].clarity < 0.62
        and grid[key] not in line
    ]
    return [
        _cross_path(slopes, palette.lit, 1.2, 0.55 * palette.faint, lambda node: 3 + 2 * node.height),
        _cross_path(others, palette.lit, 1.7, 0.95 * palette.faint, lambda node: 3.5 + 3.5 * node.height),
        _cross_path(warm, palette.warm, 3.2, 1, lambda node: 11),
    ]


def _cross_path(
    chosen: list[Node], colour: str, width: float, opacity: float, size: Callable[[Node], float]
) -> str:
    marks = "".join(cross(node, size(node)) for node in chosen)
    return (
        f'<path d="{marks}" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-opacity="{opacity:.2f}"/>'
    )


def mark() -> str:
    """The logo mark: the multiplication sign, its rising arm lit."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" fill="none" stroke-width="7" '
        'stroke-linecap="round">'
        '<rect width="64" height="64" rx="14" fill="#1f3a8a"/>'
        '<path d="M18 18 46 46M18 46 32 32" stroke="#fff"/>'
        '<path d="M32 32 46 18" stroke="#ffa46b"/>'
        "</svg>\n"
    )


def files() -> dict[str, str]:
    """Every drawn file by name."""
    return {
        "key-visual-wide-light.svg": draw(WIDE, LIGHT),
        "key-visual-wide-dark.svg": draw(WIDE, DARK),
        "key-visual-tall-light.svg": draw(TALL, LIGHT),
        "key-visual-tall-dark.svg": draw(TALL, DARK),
        "mark.svg": mark(),
    }


if __name__ == "__main__":
    for name, text in files().items():
        (BRAND / name).write_text(text, encoding="utf-8")
