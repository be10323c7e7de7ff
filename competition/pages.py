"""Draws the pages of PDF files as pictures, in a process of its own with little memory and time.

``python -m competition.pages <folder> <most pages> <file>...`` writes ``<n>.png`` into the folder and prints
``{"pages": [{"width", "height", "text"}]}`` or ``{"problem": "<why>"}`` with the number of the file;
``--one <n>`` before the file draws that page alone and prints ``{"count"}`` too. Nothing of a file but what
a page looks like survives: no metadata, no layers, no scripts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 1_500_000_000
CPU_SECONDS: Final = 120
WALL_SECONDS: Final = 180
#: for one page that somebody waits for
ONE_PAGE_SECONDS: Final = 20
WIDTH: Final = 1600
TALLEST: Final = 4800
MOST_PAGES: Final = 60
#: Of a file that is looked at page by page, each drawn when it is turned to.
MOST_VIEWED: Final = 300
MOST_TEXT: Final = 100_000

ENCRYPTED: Final = "encrypted"
BROKEN: Final = "broken"
TOO_MANY: Final = "too_many"
TOO_HEAVY: Final = "too_heavy"
_PASSWORD_ERRORS: Final = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


@dataclass(frozen=True)
class Drawn:
    """A page: its picture, size in pixels, and the text that can be read out of it."""

    picture: Path
    width: int
    height: int
    text: str


class NotDrawn(Exception):
    """The files cannot be drawn; ``why`` is one of the four words above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def draw(files: list[Path], folder: Path) -> list[Drawn]:
    """The pages of the files in their order, drawn by a limited child. Raises NotDrawn."""
    answer = _ask_child(folder, [str(MOST_PAGES), *map(str, files)], WALL_SECONDS)
    return [
        Drawn(folder / f"{number}.png", page["width"], page["height"], page["text"])
        for number, page in enumerate(answer["pages"], start=1)
    ]


def draw_one(file: Path, folder: Path, number: int) -> int:
    """Draw page ``number`` (from 1) of the file as ``<number>.png``; returns how many pages the file has.

    A number beyond the last page draws nothing. Raises NotDrawn, also after twenty seconds.
    """
    arguments = [str(MOST_VIEWED), "--one", str(number), str(file)]
    return int(_ask_child(folder, arguments, ONE_PAGE_SECONDS)["count"])


def _ask_child(folder: Path, arguments: list[str], seconds: int) -> dict[str, Any]:
    """What the limited child answers. Raises NotDrawn."""
    command = [sys.executable, "-m", "competition.pages", str(folder), *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=Path(__file__).resolve().parent.parent,
            env={"PATH": "", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotDrawn(TOO_HEAVY) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise NotDrawn(TOO_HEAVY) from None  # killed by one of its limits
    if "problem" in answer:
        raise NotDrawn(answer["problem"])
    return answer


def limit_process() -> None:
    """Bound this process for good: memory, CPU time, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _draw_all(folder: Path, most: int, files: list[str]) -> dict[str, Any]:
    import pypdfium2  # by the child alone, after its limits are set

    pages: list[dict[str, Any]] = []
    for file in files:
        document = _opened(file)
        if isinstance(document, str):
            return {"problem": document}
        if len(pages) + len(document) > most:
            return {"problem": TOO_MANY}
        try:
            for number in range(len(document)):
                pages.append(_draw_page(document[number], folder / f"{len(pages) + 1}.png"))
        except pypdfium2.PdfiumError:
            return {"problem": BROKEN}
        finally:
            document.close()
    return {"pages": pages}


def _opened(file: str) -> Any:
    """The document, or the word why it cannot be opened."""
    import pypdfium2  # by the child alone, after its limits are set

    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if error.err_code in _PASSWORD_ERRORS else BROKEN


def _draw_one(folder: Path, most: int, number: int, file: str) -> dict[str, Any]:
    import pypdfium2  # by the child alone, after its limits are set

    document = _opened(file)
    if isinstance(document, str):
        return {"problem": document}
    if len(document) > most:
        return {"problem": TOO_MANY}
    try:
        if 1 <= number <= len(document):
            _draw_page(document[number - 1], folder / f"{number}.png")
    except pypdfium2.PdfiumError:
        return {"problem": BROKEN}
    return {"count": len(document)}


def _draw_page(page: Any, place: Path) -> dict[str, Any]:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    picture.save(place, "PNG", compress_level=3)
    text = page.get_textpage().get_text_bounded()[:MOST_TEXT]
    return {
        "width": picture.width,
        "height": picture.height,
        "text": text.encode("utf-8", "replace").decode(),
    }


def _main(arguments: list[str]) -> None:
    limit_process()
    folder, most, *files = arguments
    try:
        if files[:1] == ["--one"]:
            answer = _draw_one(Path(folder), int(most), int(files[1]), files[2])
        else:
            answer = _draw_all(Path(folder), int(most), files)
    except MemoryError:
        answer = {"problem": TOO_HEAVY}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1:])
