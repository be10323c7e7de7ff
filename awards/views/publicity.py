"""The public lists of proposed awards: read by anybody, without an account (R88, R90)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from awards.models import PublicityNotice
from awards.permissions.notices import PUBLIC, get_public_notice
from awards.services import notices as services
from awards.workflow import AwardStatus, NoticeStatus
from competition.middleware import edition_of
from submissions.sealing import canonical

#: What the public reads about a line of the list; never why.
CANCELLED = "已取消"
PENDING = "待确认"


@login_not_required
@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every notice that was published: a handful."""
    edition = edition_of(request)
    rows = PublicityNotice.objects.filter(edition=edition, status__in=PUBLIC).defer("content")
    shown = [_shown(notice) for notice in rows.order_by("-number")]
    return render(request, "awards/publicity.html", {"rows": shown})


@login_not_required
@never_cache
@require_safe
def notice(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """A notice as an official document, with what became of it."""
    edition = edition_of(request)
    found = get_public_notice(edition, number)
    found.edition = edition
    groups = grouped(found.content, outcomes(found))
    context = {
        **_shown(found),
        "given": services.period_of(found),
        "groups": groups,
        "days": edition.data["publicity"]["days"],
        "changed": any(row["word"] for group in groups for row in group["rows"]),
    }
    return render(request, "awards/publicity_notice.html", context)


@login_not_required
@require_safe
def data(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """The bytes of the list whose SHA-256 stands on its page."""
    found = get_public_notice(edition_of(request), number)
    return HttpResponse(canonical(found.content), content_type="application/json; charset=utf-8")


def outcomes(notice: PublicityNotice) -> dict[int, str]:
    """Award id -> what the public reads beside it; one query."""
    over = notice.status == NoticeStatus.CONCLUDED
    words = {
        AwardStatus.VOID: CANCELLED,
        AwardStatus.REVOKED: CANCELLED,
        AwardStatus.RECLAIMED: CANCELLED,
        AwardStatus.PUBLISHED: PENDING if over else "",
    }
    states = notice.awards.order_by().values_list("pk", "status")
    return {pk: words.get(AwardStatus(status), "") for pk, status in states}


def grouped(content: list[dict[str, Any]], words: dict[int, str]) -> list[dict[str, Any]]:
    """The list by prize, in its own order; awards to units apart in their kind."""
    groups: dict[str, dict[str, Any]] = {}
    for line in content:
        group = groups.setdefault(
            line["tier"],
            {
                "name": line["tier_name"],
                "amount_fen": line["amount_fen"],
                "of_units": "unit" in line,
                "rows": [],
            },
        )
        group["rows"].append({**line, "word": words.get(line["award"], "")})
    return list(groups.values())


def _shown(notice: PublicityNotice) -> dict[str, Any]:
    running = notice.status == NoticeStatus.PUBLISHED and not services.is_over(notice)
    return {"notice": notice, "running": running, "until": services.until_text(notice)}
