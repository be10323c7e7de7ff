"""Messages leave the outbox by the transport that the settings name, or stay until there is one."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.core.mail import send_mail

from competition import outbox
from competition.accounts import upkeep
from competition.delivery import sms
from competition.models import OutboxMessage


class Gateway:
    """A gateway as somebody would write one."""

    sent: ClassVar[list[sms.Sms]] = []

    def send(self, message: sms.Sms) -> None:
        self.sent.append(message)


class BrokenGateway:
    def send(self, message: sms.Sms) -> None:
        raise ConnectionError("carrier")


@pytest.fixture(autouse=True)
def _local(settings: Any, db: None) -> None:
    settings.LOCAL = True
    Gateway.sent.clear()


def post_code() -> None:
    outbox.post(
        "account.code",
        "user:1",
        "1",
        channel=outbox.SMS,
        recipient="+8613800138001",
        body="验证码 123456",
        data=sms.template("code", code="123456"),
    )


def test_outbox_is_the_default_and_keeps_the_message_readable() -> None:
    post_code()

    sent = outbox.send_due()

    message = OutboxMessage.objects.get()
    assert (sent, message.sent_at is not None, message.body) == (1, True, "验证码 123456")


def test_outbox_in_production_keeps_messages_until_there_is_a_transport(settings: Any) -> None:
    settings.LOCAL = False
    post_code()

    sent = outbox.send_due()

    message = OutboxMessage.objects.get()
    assert (sent, message.sent_at, message.last_error) == (0, None, "NoTransport")


def test_gateway_gets_number_text_and_template(settings: Any) -> None:
    settings.SMS_BACKEND = f"{__name__}.Gateway"
    post_code()

    outbox.send_due()

    message = OutboxMessage.objects.get()
    assert Gateway.sent == [
        sms.Sms(
            "+8613800138001",
            "验证码 123456",
            f"outbox-{message.pk}",
            "code",
            {"code": "123456"},
            again=False,
            written_at=message.created_at,
        )
    ]


def test_broken_gateway_is_tried_again(settings: Any) -> None:
    settings.SMS_BACKEND = f"{__name__}.BrokenGateway"
    post_code()

    outbox.send_due()

    message = OutboxMessage.objects.get()
    assert (message.sent_at, message.attempts, message.last_error) == (None, 1, "ConnectionError")


def test_code_stands_in_no_column_in_the_clear() -> None:
    from django.db import connection

    post_code()

    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient || body || data::text FROM competition_outboxmessage")
        stored = cursor.fetchone()[0]
    assert "123456" not in stored
    assert "13800138001" not in stored


def test_django_mail_goes_into_the_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "competition.delivery.mail.OutboxBackend"

    send_mail("标题", "正文", None, ["lihua@example.com", "wangfang@example.com"])

    rows = OutboxMessage.objects.order_by("id")
    assert [(r.channel, r.recipient, r.title, r.body) for r in rows] == [
        ("mail", "lihua@example.com", "标题", "正文"),
        ("mail", "wangfang@example.com", "标题", "正文"),
    ]


class _Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as one mail needs."""

    received: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 localhost\r\n")
        body: list[str] | None = None
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if body is not None and line != ".":
                body.append(line)
                continue
            if body is not None:
                self.received.append("\n".join(body))
                body = None
            if line.upper() == "DATA":
                body = []
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[list[str]]:
    _Smtp.received.clear()
    with socketserver.TCPServer(("127.0.0.1", 0), _Smtp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        settings.MAIL_TRANSPORT = "smtp"
        yield _Smtp.received
        server.shutdown()


def test_mail_leaves_by_smtp_with_an_id_of_its_row(smtp_server: list[str]) -> None:
    outbox.post("t", "s", "1", channel=outbox.MAIL, recipient="lihua@example.com", title="Title", body="Body")

    sent = outbox.send_due()

    message = OutboxMessage.objects.get()
    assert (sent, message.last_error) == (1, "")
    assert f"Message-ID: <outbox-{message.pk}@localhost>" in smtp_server[0]
    assert "To: lihua@example.com" in smtp_server[0]


def test_texts_of_old_codes_are_emptied() -> None:
    post_code()
    outbox.send_due()
    OutboxMessage.objects.update(sent_at="2020-01-01T00:00Z")

    emptied = upkeep.forget_codes()

    message = OutboxMessage.objects.get()
    assert (emptied, message.body, message.data, message.recipient) == (
        1,
        "",
        upkeep.FORGOTTEN,
        "+8613800138001",
    )
    assert upkeep.forget_codes() == 0
