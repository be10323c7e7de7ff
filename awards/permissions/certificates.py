"""Who gets a certificate's file and who looks after the making of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from awards.models import Certificate
from awards.workflow import CertificateStatus
from competition import roles
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User


def sees_certificates(user: User) -> bool:
    """Officers and chiefs see the list of certificates and have failed ones made again."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def get_certificate_for(user: User, edition: Edition, number: str) -> Certificate:
    """A certificate for the office and for the team that it was given to; else 404 (R35).

    The team of a revoked one knows of it and gets 403: the paper says what is no longer so.
    """
    found = (
        Certificate.objects.filter(award__edition=edition, number=number)
        .select_related("award__entry__team", "award__edition", "tier")
        .defer("award__edition__form", "award__edition__rubrics")
        .first()
    )
    if found is None:
        raise Http404("certificate")
    if sees_certificates(user):
        return found
    entry = found.award.entry
    if entry is None or not is_of_team(user, entry):
        raise Http404("certificate")
    if found.status == CertificateStatus.REVOKED:
        raise PermissionDenied("这份证书已被撤销，不能再下载。")
    return found


def get_office_certificate_for(user: User, edition: Edition, pk: int) -> Certificate:
    """A certificate by its key for officers and chiefs; else 404."""
    found = Certificate.objects.filter(award__edition=edition, pk=pk) if sees_certificates(user) else None
    certificate = found.first() if found is not None else None
    if certificate is None:
        raise Http404("certificate")
    return certificate
