"""限 N 字 is counted alike by the server, the page and the import: one file of vectors holds them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.chars import WHITE_SPACE, count_chars

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "chars.json").read_text(encoding="utf-8"))
SCRIPT = """
const { countChars } = await import(process.argv[1]);
const texts = JSON.parse(await new Promise((done) => {
  let all = "";
  process.stdin.on("data", (part) => { all += part; }).on("end", () => done(all));
}));
console.log(JSON.stringify(texts.map(countChars)));
"""


@pytest.mark.rule("R104")
@pytest.mark.parametrize("vector", VECTORS, ids=[vector["why"] for vector in VECTORS])
def test_count_chars_agrees_with_the_vectors(vector: dict[str, str | int]) -> None:
    text = str(vector["text"])

    counted = count_chars(text)

    assert counted == vector["count"]


@pytest.mark.rule("R104")
def test_count_chars_of_the_page_agrees_with_the_server() -> None:
    module = (ROOT / "static" / "competition" / "js" / "chars.js").read_text(encoding="utf-8")
    texts = [vector["text"] for vector in VECTORS] + [chr(code) for code in range(0x3100)]
    source = "data:text/javascript," + "".join(f"%{byte:02x}" for byte in module.encode())

    ran = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, source],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(ran.stdout) == [count_chars(text) for text in texts]


@given(st.text())
def test_count_chars_ignores_white_space_and_nothing_else(text: str) -> None:
    spaced = "\u3000\n".join(text)

    assert count_chars(spaced) == count_chars(text) == len([one for one in text if one not in WHITE_SPACE])
