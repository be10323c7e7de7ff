"""What is in a stranger's file: found out by a limited process, said in sentences."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_CHILD: Final = Path(__file__).with_name("child.py")
#: Seconds to wait for an answer; the child gives each file five.
_PATIENCE: Final = 8.0

SENTENCES: Final = {
    "encrypted": "设有密码，请去掉密码后重新上传。",
    "broken": "已损坏或格式不正确，无法打开。请重新导出或换一个文件。",
    "polyglot": "里夹带了其他类型的内容，请重新导出后上传。",
    "active": "含有脚本或会自动执行的动作，请用“打印为 PDF”的方式重新导出后上传。",
    "carries_files": "里嵌有其他文件，请去掉嵌入的文件后重新上传，嵌入的材料请另行上传。",
    "too_many_pages": "超过 1000 页，请拆分后上传。",
    "too_many_pixels": "的像素过多（最多 5000 万像素，边长不超过 30000），请缩小后上传。",
    "animated": "是动图，请换成静态图片。",
    "macros": "含有宏，请另存为不含宏的文件后上传。",
    "reaches_out": "引用了网络上的内容（模板或图片），请断开链接、嵌入图片后重新上传。",
    "nested": "里还有压缩包，请把其中的文件直接放进一个压缩包。",
    "programs": "里有程序、脚本或网页文件，请去掉后重新压缩。",
    "too_many_files": "里的文件超过 2000 个，请精简后上传。",
    "bad_names": "里的文件名或路径不正确（含有上级目录、盘符或链接），请重新压缩。",
    "bomb": "解压后过大，请精简后上传。",
    "too_heavy": "过于复杂，在限定的时间和内存内无法检查。请精简或重新导出后上传。",
}


class NotSound(Exception):
    """The file's content is not accepted; ``sentence`` goes on after the file's name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.sentence = SENTENCES[why]


@dataclass(frozen=True)
class Inspected:
    """What was found, and what looking took: wall seconds and the process's peak memory in megabytes."""

    facts: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    seconds: float = 0.0
    megabytes: int = 0


def inspect(path: Path, kind: str) -> dict[str, Any]:
    """Facts about a file of a kind of ``competition.files``: pages, width, height, seconds, unpacked bytes.

    Raises NotSound with the sentence for the person who sent it. Takes milliseconds, five seconds at most.
    """
    found = inspected(path, kind)
    if found.problem:
        raise NotSound(found.problem)
    return found.facts


def inspected(path: Path, kind: str) -> Inspected:
    """The same with what it took, and without raising."""
    answer = _looker.ask({"kind": kind, "path": str(path.resolve())})
    problem = answer.get("problem", "")
    return Inspected(
        answer.get("facts", {}),
        problem if problem in SENTENCES or not problem else "broken",
        answer.get("seconds", 0.0),
        answer.get("megabytes", 0),
    )


class _Looker:
    """This process's looker; started when it is first needed, and again when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def ask(self, question: dict[str, str]) -> dict[str, Any]:
        """One file at a time; a looker that does not answer is replaced and the file counts as too heavy."""
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            timer = threading.Timer(_PATIENCE, process.kill)
            timer.start()
            try:
                process.stdin.write(json.dumps(question) + "\n")
                process.stdin.flush()
                answer: dict[str, Any] = json.loads(process.stdout.readline())
                return answer
            except (OSError, ValueError):
                self.stop()
                return {"problem": "too_heavy"}
            finally:
                timer.cancel()

    def _running(self) -> subprocess.Popen[str]:
        forked = self._owner != os.getpid()
        if forked or self._process is None or self._process.poll() is not None:
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_CHILD)],
                env={"PATH": "", "LANG": "C.UTF-8"},
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        return self._process

    def stop(self) -> None:
        """End it; the next question starts another."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


_looker = _Looker()
atexit.register(_looker.stop)
