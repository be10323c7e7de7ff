"""Clients that ask as fast as they are answered, over connections that stay open."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

from competition.config.bench.ground import TEXT, Writer

#: One question: takes the connection, raises when the answer is not what it should be.
Ask = Callable[[http.client.HTTPConnection], None]


class Failed(Exception):
    """An answer was not the one that is measured."""


def touching(writer: Writer) -> Ask:
    """Ask the bare view to update the writer's row."""
    headers = {"Content-Length": "0", "Cookie": writer.cookies, "X-CSRFToken": writer.token}

    def ask(connection: http.client.HTTPConnection) -> None:
        connection.request("POST", f"/touch/{writer.row}/", b"", headers)
        answer = connection.getresponse()
        if answer.read() != b"ok":
            raise Failed(f"{answer.status}")

    return ask


def saving(writer: Writer) -> Ask:
    """Save the writer's section as a browser does, every time with another text."""
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": writer.cookies,
        "X-CSRFToken": writer.token,
        "X-Requested-With": "autosave",
    }
    version, number = -1, 0

    def ask(connection: http.client.HTTPConnection) -> None:
        nonlocal version, number
        number += 1
        fields = {"version": version, "background": f"{number}{TEXT}", "scene": "场景", "advantage": "优势"}
        connection.request("POST", writer.path, urlencode(fields), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Failed(f"{answer.status} {body[:200].decode(errors='replace')}")
        version = json.loads(body)["version"]

    def first(connection: http.client.HTTPConnection) -> None:
        nonlocal version
        if version < 0:
            version = _version(connection, writer)
        ask(connection)

    return first


def _version(connection: http.client.HTTPConnection, writer: Writer) -> int:
    """The section's version as its page says it."""
    connection.request("GET", writer.path, headers={"Cookie": writer.cookies})
    page = connection.getresponse().read().decode()
    return int(page.partition('data-version="')[2].partition('"')[0])


def rate(port: int, asks: list[Ask], seconds: float) -> float:
    """Answers per second, with one client for each of ``asks`` at the same time. Raises Failed."""
    counts = [0] * len(asks)
    problems: list[Exception] = []
    until = time.monotonic() + seconds

    def work(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            while time.monotonic() < until:
                asks[place](connection)
                counts[place] += 1
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(asks))]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise Failed(str(problems[0])) from problems[0]
    return sum(counts) / (time.monotonic() - began)
