"""Certificates: numbered once and for all, made as often as it takes, checked by anybody."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from awards.models import Award, Certificate
from awards.pdf import render_certificate
from awards.services import certificates
from awards.workflow import AwardStatus, CertificateStatus
from competition import glyphs, outbox
from competition.errors import NotAllowed, WrongState
from competition.models import Edition, OutboxMessage, User
from submissions.models import Entry
from tests.awards.given import given
from tests.contest import accepted_entry

#: A character that no face of the machine's Song has: private use.
UNKNOWN = "\ue123"


def text_of(document: bytes) -> str:
    """The text of a one-page document without white space."""
    (page,) = PdfReader(io.BytesIO(document)).pages
    return re.sub(r"\s", "", page.extract_text())


def body_of(certificate: Certificate) -> bytes:
    with certificate.file.open("rb") as file:
        return bytes(file.read())


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    return accepted_entry(edition, lihua, also=wangfang)


@pytest.fixture
def award(edition: Edition, entry: Entry, qianjin: User) -> Award:
    return given(edition, qianjin, entry)


@pytest.fixture
def made(award: Award) -> Certificate:
    """Lihua's certificate with its file."""
    certificates.number(award)
    outbox.send_due()
    return Certificate.objects.get()


@pytest.mark.rule("R35")
def test_number_is_given_once_and_the_job_is_asked_for_once(award: Award) -> None:
    first = certificates.number(award)
    second = certificates.number(award)

    assert first == second
    assert (first.number, first.status, len(first.token)) == ("SXSJYS-2025-1-001", "numbered", 32)
    assert OutboxMessage.objects.filter(kind=certificates.KIND).count() == 1


@pytest.mark.rule("R35")
def test_content_holds_who_is_honoured_and_keeps_it(award: Award, entry: Entry) -> None:
    certificate = certificates.number(award)

    content = certificate.content
    assert content == {
        "edition": award.edition.name,
        "prize": "一等奖",
        "date": content["date"],
        "signature": "山西分赛组委会",
        "rehearsal": False,
        "project": entry.team.project_name,
        "team": entry.team.name,
        "units": [entry.team.units.get().name],
        "people": ["李华", "王芳"],
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(content={**content, "prize": "特等奖"})


def test_only_a_confirmed_award_gets_a_number(edition: Edition, entry: Entry, qianjin: User) -> None:
    published = given(edition, qianjin, entry, status=AwardStatus.PUBLISHED)

    with pytest.raises(WrongState):
        certificates.number(published)


@pytest.mark.rule("R54")
def test_number_of_a_revoked_certificate_is_not_given_again(
    edition: Edition, award: Award, zhaolei: User, qianjin: User
) -> None:
    revoked = certificates.number(award)
    certificates.revoke(award)

    another = certificates.number(given(edition, qianjin, accepted_entry(edition, zhaolei)))

    revoked.refresh_from_db()
    assert (revoked.number, revoked.status) == ("SXSJYS-2025-1-001", CertificateStatus.REVOKED)
    assert another.number == "SXSJYS-2025-1-002"


def test_numbers_of_a_rehearsal_cannot_be_taken_for_real_ones(edition: Edition, award: Award) -> None:
    Edition.objects.filter(pk=edition.pk).update(is_rehearsal=True)

    certificate = certificates.number(award)

    assert certificate.number == f"YL{edition.pk}-SXSJYS-2025-1-001"
    assert "演练" in text_of(render_certificate(certificate))


@pytest.mark.rule("R35")
def test_job_makes_the_file_and_issues_the_certificate(made: Certificate, entry: Entry) -> None:
    document = body_of(made)

    text = text_of(document)
    assert made.status == CertificateStatus.ISSUED
    assert made.sha256 == hashlib.sha256(document).hexdigest()
    assert all(word in text for word in (entry.team.project_name, "一等奖", "李华", "王芳", made.number))
    assert made.token not in text


def test_making_twice_changes_nothing(made: Certificate) -> None:
    again = certificates.make(made)

    assert (again.file.name, again.sha256, again.issued_at) == (made.file.name, made.sha256, made.issued_at)


def test_crash_between_file_and_row_is_made_good_by_the_next_try(award: Award) -> None:
    certificate = certificates.number(award)
    before = _files()

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        certificates.make(certificate)
        raise KeyboardInterrupt  # the file is there, the row will not say so
    left = _files() - before
    certificate.refresh_from_db()
    status = certificate.status
    outbox.send_due()
    certificate.refresh_from_db()

    assert (status, len(left)) == (CertificateStatus.NUMBERED, 1)
    assert certificate.status == CertificateStatus.ISSUED
    assert _files() - before == left == {Path(certificate.file.name or "").name}


def test_file_lost_by_storage_is_made_again(made: Certificate, qianjin: User) -> None:
    default_storage.delete(made.file.name)

    certificates.remake(made, actor=qianjin)
    outbox.send_due()

    assert hashlib.sha256(body_of(made)).hexdigest() == Certificate.objects.get().sha256


def test_unknown_character_waits_for_an_officer(edition: Edition, lihua: User, qianjin: User) -> None:
    rare = accepted_entry(edition, lihua, unit=f"太原{UNKNOWN}科技有限公司")
    certificate = certificates.number(given(edition, qianjin, rare))
    outbox.send_due()
    waiting = Certificate.objects.get()

    certificates.remake(waiting, actor=qianjin, despite_missing=True)
    outbox.send_due()

    certificate.refresh_from_db()
    assert (waiting.status, waiting.missing_glyphs) == (CertificateStatus.NUMBERED, UNKNOWN)
    assert (certificate.status, certificate.missing_glyphs) == (CertificateStatus.ISSUED, "")


def test_song_face_has_rare_characters_of_names() -> None:
    rare = "\U0002cb4e喆堃囍㛃·×“”"

    assert glyphs.missing([rare, f"买买提{UNKNOWN}", UNKNOWN]) == UNKNOWN


def test_longest_content_stands_on_one_page(award: Award) -> None:
    certificate = certificates.number(award)
    certificate.content |= {
        "project": "数" * 50,
        "team": "队" * 30,
        "units": ["山西省能源革命和区域合作数据资源开发利用研究院有限责任公司"] * 5,
        "people": ["买买提·阿卜杜热合曼"] * 5,
    }

    text = text_of(render_certificate(certificate))

    assert text.count("有限责任公司") == 5
    assert certificate.number in text


def test_remaking_is_the_offices_and_needs_a_reason_to(made: Certificate, lihua: User, qianjin: User) -> None:
    with pytest.raises(NotAllowed):
        certificates.remake(made, actor=lihua)
    with pytest.raises(WrongState):
        certificates.remake(made, actor=qianjin)


@pytest.mark.rule("R35")
def test_anybody_checks_a_certificate_by_token_and_by_number(
    made: Certificate, client: Client, entry: Entry, lihua: User
) -> None:
    by_token = client.get(reverse("awards:certificates_verify", args=[made.token]))
    by_number = client.get(reverse("awards:certificates_look_up"), {"number": " sxsjys-2025-1-001 "})

    for response in (by_token, by_number):
        page = response.content.decode()
        assert all(word in page for word in ("现在有效", "一等奖", entry.team.project_name))
        assert "李华" not in page
        assert made.token not in page or response is by_token


@pytest.mark.rule("R91")
def test_page_of_a_revoked_award_says_so(made: Certificate, client: Client) -> None:
    certificates.revoke(made.award)

    page = client.get(reverse("awards:certificates_verify", args=[made.token])).content.decode()

    assert "已撤销" in page
    assert "现在有效" not in page


def test_unknown_certificates_are_unknown(edition: Edition, client: Client) -> None:
    by_token = client.get(reverse("awards:certificates_verify", args=["0" * 32]))
    by_number = client.get(reverse("awards:certificates_look_up"), {"number": "SXSJYS-2025-1-999"})

    assert (by_token.status_code, by_number.status_code) == (404, 200)
    assert "没有找到" in by_token.content.decode()
    assert "没有找到" in by_number.content.decode()


def test_counting_up_numbers_is_stopped(edition: Edition, client: Client) -> None:
    address = reverse("awards:certificates_look_up")

    codes = [client.get(address, {"number": f"X-{number}"}).status_code for number in range(31)]

    assert codes == [200] * 30 + [429]


def test_team_downloads_its_certificate_and_strangers_do_not(
    made: Certificate, as_user: Callable[[User], Client], wangfang: User, zhaolei: User, qianjin: User
) -> None:
    address = reverse("awards:certificates_file", args=[made.number])

    member, stranger, officer = (as_user(user).get(address) for user in (wangfang, zhaolei, qianjin))

    assert b"".join(member.streaming_content) == body_of(made)
    assert stranger.status_code == 404
    assert officer.status_code == 200


def test_team_does_not_download_a_revoked_certificate(
    made: Certificate, as_user: Callable[[User], Client], lihua: User
) -> None:
    certificates.revoke(made.award)

    response = as_user(lihua).get(reverse("awards:certificates_file", args=[made.number]))

    assert response.status_code == 403


def test_list_costs_the_same_for_one_and_for_three(
    edition: Edition,
    award: Award,
    qianjin: User,
    as_user: Callable[[User], Client],
) -> None:
    client, address = as_user(qianjin), reverse("awards:certificates_list")
    certificates.number(award)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for name in ("甲中心", "乙中心"):
        certificates.number(given(edition, qianjin, tier="organisation", unit=name))

    with CaptureQueriesContext(connection) as three:
        page = client.get(address).content.decode()

    assert len(three) == len(one) <= 12
    assert "乙中心" in page


def _files() -> set[str]:
    """What lies in the folder of certificates, unfinished files too."""
    folder = Path(default_storage.path("certificates"))
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
