"""What is being run, when and by which rules."""

from competition.models.article import Article
from competition.models.attempt import Attempt
from competition.models.audit import AuditEvent, AuditSeal
from competition.models.edition import (
    Department,
    Edition,
    Organisation,
    Stage,
    Topic,
    Track,
)
from competition.models.export import PreparedExport
from competition.models.lists import ListEntry, ListImport, ListUpload
from competition.models.outbox import OutboxMessage
from competition.models.session import PortalSession
from competition.models.user import Invitation, User

__all__ = [
    "Article",
    "Attempt",
    "AuditEvent",
    "AuditSeal",
    "Department",
    "Edition",
    "Invitation",
    "ListEntry",
    "ListImport",
    "ListUpload",
    "Organisation",
    "OutboxMessage",
    "PortalSession",
    "PreparedExport",
    "Stage",
    "Topic",
    "Track",
    "User",
]
