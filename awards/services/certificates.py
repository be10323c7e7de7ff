"""Certificates: a number that is never given twice, then a file, made as often as it takes (R35, record 134)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from awards.models import Award, Certificate, PrizeTier
from awards.pdf import printed_texts, render_certificate
from awards.permissions.certificates import sees_certificates
from awards.workflow import CERTIFICATE, AwardStatus, CertificateStatus
from competition import audit, clock, crypto, glyphs, outbox
from competition.errors import NotAllowed, WrongState
from competition.models import OutboxMessage, User
from competition.transitions import move

CHANNEL: Final = "awards.certificate"
KIND: Final = "certificate.make"
MISSING_MOST: Final = 60
#: Before the numbers of a rehearsal, with its key: no number of a real contest ever begins so.
REHEARSAL: Final = "YL{edition}-"


@transaction.atomic
def number(award: Award) -> Certificate:
    """Give a confirmed award its number and have the file made; asking again gives the same certificate (R35).

    The number is committed with the caller's transaction, the file is made by a job afterwards. The serial rises
    per prize under a lock and is never given twice, also not after a revocation. Raises WrongState.
    """
    tier = PrizeTier.objects.select_for_update().get(pk=award.tier_id)
    award = Award.objects.select_related("edition", "entry__team", "tier").get(pk=award.pk)
    found = Certificate.objects.filter(award=award).first()
    if found is not None:
        return found
    if award.status != AwardStatus.CONFIRMED:
        raise WrongState("奖项确认后才能编制证书。")
    serial = (Certificate.objects.filter(tier=tier).aggregate(last=Max("serial"))["last"] or 0) + 1
    certificate = Certificate.objects.create(
        award=award,
        tier=tier,
        serial=serial,
        number=_number(award, tier, serial),
        content=_content(award),
        numbered_at=clock.now(award.edition),
    )
    audit.record(None, "certificate.numbered", certificate, edition=award.edition, number=certificate.number)
    _ask(certificate, "1")
    return certificate


@transaction.atomic
def make(certificate: Certificate, *, despite_missing: bool = False) -> Certificate:
    """Make the file and issue the certificate; safe to repeat, and when it was killed in between.

    The file is complete before the row says so, always under the same name: what an interrupted run left is
    overwritten. With a character that the face has not, nothing is made until an officer decides, unless
    ``despite_missing`` says that one did. A revoked certificate is not made. Takes half a second.
    """
    certificate = _lock(certificate)
    storage = certificate.file.storage
    there = bool(certificate.file) and storage.exists(certificate.file.name or "")
    if certificate.status == CertificateStatus.REVOKED or there:
        return certificate
    lacking = glyphs.missing(printed_texts(certificate.content))
    if lacking and not despite_missing:
        Certificate.objects.filter(pk=certificate.pk).update(missing_glyphs=lacking[:MISSING_MOST])
        certificate.refresh_from_db()
        return certificate
    document = render_certificate(certificate)
    name = _store(storage, _path(certificate), document)
    facts = {"file": name, "sha256": hashlib.sha256(document).hexdigest(), "missing_glyphs": ""}
    if certificate.status == CertificateStatus.ISSUED:  # storage had lost the file
        Certificate.objects.filter(pk=certificate.pk).update(**facts)
        certificate.refresh_from_db()
    else:
        move(
            certificate,
            CertificateStatus.ISSUED,
            CERTIFICATE,
            issued_at=clock.now(certificate.award.edition),
            **facts,
        )
    edition = certificate.award.edition
    audit.record(None, "certificate.made", certificate, edition=edition, sha256=certificate.sha256)
    return certificate


@transaction.atomic
def remake(certificate: Certificate, *, actor: User, despite_missing: bool = False) -> Certificate:
    """Have a certificate made again that has no file, at once; with missing characters only if the officer says so.

    Raises NotAllowed, and WrongState when it is revoked or its file is there.
    """
    if not sees_certificates(actor):
        raise NotAllowed("只有秘书处工作人员可以重新制作证书。")
    certificate = _lock(certificate)
    if certificate.status == CertificateStatus.REVOKED:
        raise WrongState("这份证书已被撤销，不再制作。")
    if certificate.file and certificate.file.storage.exists(certificate.file.name or ""):
        raise WrongState("这份证书的文件完好，无需重新制作。")
    event = audit.record(
        actor,
        "certificate.remake",
        certificate,
        edition=certificate.award.edition,
        despite=certificate.missing_glyphs if despite_missing else "",
    )
    if despite_missing:
        Certificate.objects.filter(pk=certificate.pk).update(missing_glyphs="")
        certificate.refresh_from_db()
    _ask(certificate, f"again:{event.pk}", despite=despite_missing)
    return certificate


@transaction.atomic
def revoke(award: Award) -> Certificate | None:
    """The award was revoked: its certificate no longer proves anything; its number stays taken (R54, R91).

    Returns None when the award has no certificate; safe to call again.
    """
    certificate = Certificate.objects.select_for_update().filter(award=award).first()
    if certificate is None or certificate.status == CertificateStatus.REVOKED:
        return certificate
    move(certificate, CertificateStatus.REVOKED, CERTIFICATE, revoked_at=clock.now(award.edition))
    audit.record(None, "certificate.revoked", certificate, edition=award.edition)
    return certificate


def send_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    certificate = Certificate.objects.get(pk=message.data["certificate"])
    make(certificate, despite_missing=bool(message.data.get("despite")))


def _ask(certificate: Certificate, occurrence: str, *, despite: bool = False) -> None:
    outbox.post(
        KIND,
        certificate.number,
        occurrence,
        channel=CHANNEL,
        edition=certificate.award.edition,
        data={"certificate": certificate.pk, "despite": despite},
    )


def _lock(certificate: Certificate) -> Certificate:
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("award__edition", "tier")
        .get(pk=certificate.pk)
    )


def _number(award: Award, tier: PrizeTier, serial: int) -> str:
    pattern: str = award.edition.data["certificates"]["number"]
    before = REHEARSAL.format(edition=award.edition_id) if award.edition.is_rehearsal else ""
    return before + pattern.format(code=tier.code, serial=serial)


def _content(award: Award) -> dict[str, Any]:
    """What is printed, frozen with the number: later corrections of a name do not reach it."""
    edition = award.edition
    confirmed = award.confirmed_at or clock.now(edition)
    content: dict[str, Any] = {
        "edition": edition.name,
        "prize": award.tier.name,
        "date": timezone.localtime(confirmed).date().isoformat(),
        "signature": next((one["name"] for one in edition.texts("committees")), edition.short_name),
        "rehearsal": edition.is_rehearsal,
    }
    if award.entry is None:
        return {**content, "unit": award.unit_name}
    team = award.entry.team
    return {
        **content,
        "project": team.project_name,
        "team": team.name,
        "units": list(team.units.order_by("-is_lead", "position").values_list("name", flat=True)),
        "people": list(team.representatives.order_by("position").values_list("name", flat=True)),
    }


def _path(certificate: Certificate) -> str:
    """The same path however often it is tried; it tells nothing and cannot be guessed."""
    name = crypto.keyed_hash("certificate.file", certificate.token)[:32]
    return f"certificates/{certificate.pk}-{name}.pdf"


def _store(storage: Storage, name: str, document: bytes) -> str:
    """Store under exactly this name, complete or not at all; returns the name."""
    if not isinstance(storage, FileSystemStorage):  # an object store shows an object only when it is complete
        if storage.exists(name):
            storage.delete(name)
        return storage.save(name, ContentFile(document))
    path = Path(storage.path(name))
    path.parent.mkdir(mode=storage.directory_permissions_mode or 0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name
