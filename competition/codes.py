"""Reads QR codes off a scan, a PDF or a picture, in a process of its own with little memory and time.

``python -m competition.codes <file>`` prints ``{"texts": [...]}``. Of a PDF the first and last two pages are
looked at. What cannot be read has no codes: nobody waits for a broken file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from competition.pages import limit_process

WALL_SECONDS: Final = 90
#: Pixels of the longer side at which a page is looked at; a phone's picture is made smaller.
SIDES: Final = (2200, 1400, 3200)
MOST_PIXELS: Final = 120_000_000
ENDS: Final = 2


def read_codes(file: Path) -> list[str]:
    """The texts of the QR codes on a scan, read by a limited child; empty when there are none."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "competition.codes", str(file)],
            cwd=Path(__file__).resolve().parent.parent,
            env={"PATH": "", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return []  # stopped by one of its limits
    return [str(text) for text in answer["texts"]]


def _pictures(file: str) -> Iterator[Any]:
    """Each page to look at, as a grey picture of bounded size."""
    # Loaded by the child alone, after its limits are set.
    import pypdfium2
    from PIL import Image, ImageOps

    if Path(file).read_bytes()[:5] == b"%PDF-":
        document = pypdfium2.PdfDocument(file)
        count = len(document)
        for number in sorted({*range(min(ENDS, count)), *range(max(0, count - ENDS), count)}):
            page = document[number]
            scale = SIDES[-1] / max(*page.get_size(), 1)
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
        return
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(file) as picture:
        picture.draft("L", (SIDES[-1], SIDES[-1]))
        picture.thumbnail((SIDES[-1], SIDES[-1]))
        yield ImageOps.exif_transpose(picture).convert("L")


def _texts(picture: Any) -> list[str]:
    """The codes on a picture: at several sizes, as it is and with its noise smoothed."""
    # Loaded by the child alone, after its limits are set.
    import zxingcpp
    from PIL import Image, ImageFilter, ImageOps

    for side in SIDES:
        sized = picture.copy()
        sized.thumbnail((side, side), Image.Resampling.LANCZOS)
        for tried in (sized, ImageOps.autocontrast(sized.filter(ImageFilter.MedianFilter(3)), cutoff=2)):
            found = zxingcpp.read_barcodes(
                tried, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
            if texts := [one.text for one in found if one.valid]:
                return texts
    return []


def _main(file: str) -> None:
    limit_process()
    texts: list[str] = []
    try:
        for picture in _pictures(file):
            texts += _texts(picture)
    except Exception as error:
        sys.stderr.write(type(error).__name__)  # a file that is no document, or too heavy, has no codes
    sys.stdout.write(json.dumps({"texts": texts}))


if __name__ == "__main__":
    _main(sys.argv[1])
