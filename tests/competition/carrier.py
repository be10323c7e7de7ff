"""A carrier like Alibaba Cloud on this machine: verifies signatures, keeps what it took, can misbehave."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

SECRET = "test-secret"
KEY_ID = "test-key"


@dataclass
class Carrier:
    """What it was sent and how it behaves."""

    port: int = 0
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    #: Codes for the next SendSms, one each; afterwards it takes everything.
    codes: list[str] = field(default_factory=list)
    #: The same for QuerySendDetails.
    query_codes: list[str] = field(default_factory=list)
    #: How many texts it takes without answering.
    silent: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, action: str, params: dict[str, str]) -> dict[str, Any] | None:
        if action == "QuerySendDetails":
            self.asked.append(params)
            if self.query_codes:
                return {"Code": self.query_codes.pop(0)}
            mine = [one for one in self.taken if one["PhoneNumbers"] == params["PhoneNumber"]]
            rows = [{"OutId": one["OutId"], "PhoneNum": one["PhoneNumbers"]} for one in mine]
            return {"Code": "OK", "TotalCount": len(rows), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
        if self.codes:
            return {"Code": self.codes.pop(0), "Message": "refused", "RequestId": "1"}
        self.taken.append(params)
        if self.silent:
            self.silent -= 1
            return None
        return {"Code": "OK", "Message": "OK", "BizId": str(len(self.taken)), "RequestId": "1"}


class _Handler(BaseHTTPRequestHandler):
    carrier: ClassVar[Carrier]

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read the carrier's books, not its log."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        query = urlsplit(self.path).query
        problem = self._problem(query, body)
        action = self.headers["x-acs-action"]
        found = {"Code": problem} if problem else self.carrier.answer(action, dict(parse_qsl(query)))
        if found is None:
            self.close_connection = True
            return
        raw = json.dumps(found).encode()
        self.send_response(400 if problem else 200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _problem(self, query: str, body: bytes) -> str:
        """The code for a request whose signature, date or nonce is wrong; written from the documentation."""
        said = self.headers["Authorization"] or ""
        algorithm, _, rest = said.partition(" ")
        parts = dict(one.split("=", 1) for one in rest.split(","))
        names = parts["SignedHeaders"].split(";")
        lines = [f"{name}:{self.headers[name].strip()}" for name in names]
        digest = hashlib.sha256(body).hexdigest()
        request = "\n".join(["POST", "/", query, *lines, "", ";".join(names), digest])
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        expected = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        at = datetime.fromisoformat(self.headers["x-acs-date"])
        nonce = self.headers["x-acs-signature-nonce"]
        wanted = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"}
        right = (
            algorithm == "ACS3-HMAC-SHA256"
            and parts["Credential"] == KEY_ID
            and parts["Signature"] == expected
            and wanted | {"x-acs-version"} <= set(names)
            and names == sorted(names)
            and query == "&".join(sorted(query.split("&")))
            and self.headers["x-acs-content-sha256"] == digest
            and self.headers["x-acs-version"] == "2017-05-25"
            and abs(datetime.now(UTC) - at) < timedelta(minutes=15)
            and nonce not in self.carrier.nonces
        )
        self.carrier.nonces.add(nonce)
        return "" if right else "SignatureDoesNotMatch"


@contextmanager
def running(carrier: Carrier) -> Iterator[Carrier]:
    """The carrier answers, at its former address if it had one."""
    handler = type("Handler", (_Handler,), {"carrier": carrier})
    with ThreadingHTTPServer(("127.0.0.1", carrier.port), handler) as server:
        carrier.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield carrier
        server.shutdown()
        thread.join()
