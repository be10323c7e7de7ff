"""Certificates: anybody checks them, their team and the office get the file, the office looks after them."""

from __future__ import annotations

from typing import Any

from awards.services import certificates
from tests.awards.given import given
from tests.contest import accepted_entry
from tests.permissions.table import LOGIN, ROLES, Row, everybody, only


def prepare(world: Any) -> None:
    """An excellence award of an entry of Lihua's and Wangfang's, its certificate made."""
    entry = accepted_entry(world.edition, world.lihua, also=world.wangfang)
    world.certified = given(world.edition, world.qianjin, entry, tier="excellence")
    world.certificate = certificates.make(certificates.number(world.certified))


ROWS = [
    Row("awards:certificates_look_up", everybody()),
    Row("awards:certificates_look_up", everybody(), data=lambda world: {"number": world.certificate.number}),
    Row("awards:certificates_verify", everybody(), args=lambda world: {"token": world.certificate.token}),
    Row("awards:certificates_verify", everybody(404), args=lambda world: {"token": "0" * 32}),
    Row(
        "awards:certificates_file",
        only("owner", "member", "officer", "chief"),
        args=lambda world: {"number": world.certificate.number},
    ),
    Row("awards:certificates_list", only("officer", "chief")),
    Row(
        "awards:certificates_remake",
        only("officer", "chief", status=302),
        args=lambda world: {"pk": world.certificate.pk},
        method="post",
    ),
    Row(
        "awards:certificates_remake",
        {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN},
        args=lambda world: {"pk": world.certificate.pk},
    ),
]
