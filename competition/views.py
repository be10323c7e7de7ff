"""Public pages of an edition. Every page here may be read without signing in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import clock, reference, roles, stages
from competition.dashboards import cards_for
from competition.desk import menu_of, pages_of
from competition.downloads import downloads_of
from competition.keyset import page_by
from competition.middleware import edition_of
from competition.models import Article, AuditSeal, Organisation, Topic, Track, User
from competition.querysets import published


@login_not_required
@require_safe
def tracks(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    rows = edition_of(request).tracks.prefetch_related("topics")
    return render(request, "competition/tracks.html", {"tracks": rows})


@login_not_required
@require_safe
def track(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    edition = edition_of(request)
    topics = Prefetch("topics", Topic.objects.order_by("number"))
    found = get_object_or_404(Track.objects.prefetch_related(topics), edition=edition, number=number)
    return render(request, "competition/track.html", {"track": found, "tracks": edition.tracks.all()})


def _readable(request: HttpRequest) -> QuerySet[Article]:
    """Articles of the page's edition that the public may read now."""
    edition = edition_of(request)
    return published(edition, clock.now(edition))


@login_not_required
@require_safe
def articles(request: HttpRequest, category: str, **kwargs: Any) -> HttpResponse:
    rows = _readable(request).filter(category=category)
    page = page_by(rows, order="published_at", cursor=request.GET.get("after", ""))
    context = {"page": page, "category": Article.Category(category)}
    return render(request, "competition/articles.html", context)


@login_not_required
@require_safe
def article(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    found = get_object_or_404(_readable(request), pk=pk)
    return render(request, "competition/article.html", {"article": found})


@login_not_required
@require_safe
def article_file(request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
    found = get_object_or_404(_readable(request), pk=pk)
    if not found.file:
        raise Http404("file")
    suffix = found.file.name.rpartition(".")[2]
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=f"{found.title}.{suffix}")


@login_not_required
@require_safe
def notice(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The notice itself: the law of the contest, as loaded from the edition's folder."""
    found = get_object_or_404(Article, edition=edition_of(request), source="notice.md")
    return render(request, "competition/article.html", {"article": found})


@login_not_required
@require_safe
def downloads(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    edition = edition_of(request)
    rows = _readable(request).filter(category=Article.Category.DOWNLOAD)
    context = {"documents": downloads_of(edition), "articles": rows.order_by("position", "id")}
    return render(request, "competition/downloads.html", context)


@login_not_required
@require_safe
def faq(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    rows = _readable(request).filter(category=Article.Category.FAQ)
    return render(request, "competition/faq.html", {"questions": rows.order_by("position", "id")})


@login_not_required
@require_safe
def organisation(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    edition = edition_of(request)
    rows = list(edition.organisations.all())
    groups = [(role.label, [row for row in rows if row.role == role]) for role in Organisation.Role]
    contacts = edition.texts("contacts")
    reachable = any(one.get("phone") or one.get("email") for one in contacts)
    context = {"groups": groups, "contacts": contacts, "reachable": reachable}
    return render(request, "competition/organisation.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """What happens to personal data, with the text to which representatives consent."""
    return render(request, "competition/privacy.html", {"consent": edition_of(request).texts("consent")})


@login_not_required
@require_safe
def schedule(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return render(request, "competition/schedule.html", {"stages": stages.overview(edition_of(request))})


@login_not_required
@require_safe
@never_cache
def time_now(request: HttpRequest, **kwargs: Any) -> JsonResponse:
    """The edition's time by the server's clock, for countdowns."""
    return JsonResponse({"now": clock.now(edition_of(request)).isoformat()})


@require_safe
def desk(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The work desk: what staff of every role find first; who has none is led to the own teams."""
    user = cast(User, request.user)
    if not user.has_role(*roles.LABELS):
        return redirect("registration:teams")
    edition = edition_of(request)
    pages = pages_of(edition, user)
    cards = [card for card in cards_for(edition, user) if card.count]
    context = {
        "waiting": [page for page in pages if page.count],
        "pages": pages,
        "cards": cards,
        "menu": menu_of(pages, request.path),
        "menu_title": "工作台",
        "stages": stages.overview(edition),
    }
    return render(request, "competition/desk.html", context)


@login_not_required
@require_safe
def regions(request: HttpRequest) -> JsonResponse:
    """The children of a region (``?parent=140000``), or the provinces."""
    rows = reference.region_children(request.GET.get("parent", ""))
    response = JsonResponse({"regions": [{"code": row.code, "name": row.name} for row in rows]})
    response["Cache-Control"] = "public, max-age=86400"
    return response


@login_not_required
@require_safe
def audit_head(request: HttpRequest) -> JsonResponse:
    """The latest head of the audit chain, so that anybody can notice a rewritten past."""
    head = AuditSeal.objects.order_by("-id").first()
    body = {"head": head.head, "sealed_at": head.sealed_at.isoformat(), "last": head.last_id} if head else {}
    return JsonResponse(body)
