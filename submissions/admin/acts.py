"""What officers do on the case page; refusals keep what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from competition.errors import Invalid, Refusal
from competition.form_schema.values import clean
from competition.models import User
from registration.permissions import is_officer
from submissions import services
from submissions.models import Entry, Receipt
from submissions.permissions import get_entry_for, get_receipt_for, get_supplement_for
from submissions.services import claiming, supplements
from submissions.workflow import EntryStatus, FormalVerdict

MARK = "mark."
ITEM = "item_"
Page = Callable[..., HttpResponse]


def case_url(entry: Entry) -> str:
    """The case page's address."""
    return reverse("admin:submissions_entry_change", args=[entry.pk])


def neighbours(entry: Entry, officer: User) -> tuple[Entry | None, Entry | None]:
    """The waiting entries before and after this one that are with nobody else; one query."""
    free = Q(claimed_by__isnull=True) | Q(claimed_by=officer)
    rows = Entry.objects.filter(free, edition=entry.edition_id, status=EntryStatus.SUBMITTED).exclude(
        pk=entry.pk
    )
    first = rows.order_by("submitted_at", "id")
    if entry.submitted_at is None:
        return None, first.first()
    at, pk = entry.submitted_at, entry.pk
    later = first.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))[:1]
    earlier = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    last = earlier.order_by("-submitted_at", "-id")[:1]
    found = {(row.submitted_at, row.pk): row for row in first[:1].union(later, last)}
    before = [key for key in found if key < (at, pk)]
    after = [key for key in found if key > (at, pk)]
    following = min(after) if after else min(before, default=None)
    return (found[max(before)] if before else None), (found[following] if following else None)


def decide(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Accept, return or reject as the pressed button says, and go on to the next case."""
    entry, user = _entry(request, pk), cast(User, request.user)
    receipt = get_receipt_for(user, clean(request.POST.get("receipt", "")))
    if receipt.revision.entry_id != entry.pk:
        raise PermissionDenied
    try:
        sentence = _decide(receipt, request)
    except Refusal as refusal:
        return page(request, get_entry_for(user, pk), status=refusal.status, **_kept(refusal, request))
    messages.success(request, sentence)
    _, following = neighbours(entry, user)
    return HttpResponseRedirect(case_url(following or entry))


def claim(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Claim the case, take it over, or put it back, as the pressed button says."""
    acts = {
        "claim": (claiming.claim, "已领取，请审查。"),
        "take_over": (claiming.take_over, "已接手，原经办人会收到通知。"),
        "release": (claiming.release_claim, "已放回，其他工作人员可以领取。"),
    }

    def act(entry: Entry, officer: User) -> str:
        if request.POST.get("act") not in acts:
            raise Refusal("请选择领取、接手或放回。")
        verb, sentence = acts[request.POST["act"]]
        verb(entry, officer=officer)
        return sentence

    return _done(request, pk, page, act)


def ask_supplement(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Ask the team for more material until a date (R72)."""

    def act(entry: Entry, officer: User) -> str:
        until = instant(request.POST.get("supplement_until", ""), "until", "截止时间")
        if until is None:
            raise Invalid({"until": "请填写截止时间。"})
        asked = clean(request.POST.get("asked", ""))
        supplements.ask(entry, officer=officer, asked=asked, until=until)
        return "已要求补充材料，团队会收到通知。"

    return _done(request, pk, page, act)


def withdraw_supplement(request: HttpRequest, pk: int, number: int, page: Page) -> HttpResponse:
    """Take a request for more material back."""

    def act(entry: Entry, officer: User) -> str:
        supplements.withdraw(get_supplement_for(officer, pk, number), officer=officer)
        return "已撤回，团队会收到通知。"

    return _done(request, pk, page, act)


def _done(request: HttpRequest, pk: int, page: Page, act: Callable[[Entry, User], str]) -> HttpResponse:
    entry, officer = _entry(request, pk), cast(User, request.user)
    try:
        sentence = act(entry, officer)
    except Refusal as refusal:
        return page(request, get_entry_for(officer, pk), status=refusal.status, **_kept(refusal, request))
    messages.success(request, sentence)
    return HttpResponseRedirect(case_url(entry))


def _entry(request: HttpRequest, pk: int) -> Entry:
    if request.method != "POST" or not is_officer(request.user):
        raise PermissionDenied
    return get_entry_for(cast(User, request.user), pk)


def _kept(refusal: Refusal, request: HttpRequest) -> dict[str, Any]:
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    post = request.POST
    return {
        "refusal": refusal,
        "problems": list(problems.values()),
        "typed": {
            "note": post.get("note", ""),
            "until": post.get("until", ""),
            "marks": prefixed(post.items(), MARK),
            "items": prefixed(post.items(), ITEM),
            "asked": post.get("asked", ""),
            "supplement_until": post.get("supplement_until", ""),
        },
    }


def _decide(receipt: Receipt, request: HttpRequest) -> str:
    """Do what the button says; returns what happened in a sentence."""
    officer = cast(User, request.user)
    note = clean(request.POST.get("note", ""))
    checklist = prefixed(request.POST.items(), ITEM)
    verdict = request.POST.get("verdict", "")
    entry = receipt.revision.entry
    name = f"{entry.reference} {entry.team.project_name}"
    if verdict == FormalVerdict.ACCEPT:
        services.accept(receipt, officer=officer, checklist=checklist, note=note)
        return f"{name}：已通过形式审查。"
    if verdict == FormalVerdict.RETURN:
        services.return_for_correction(
            receipt,
            officer=officer,
            checklist=checklist,
            reasons=prefixed(request.POST.items(), MARK),
            note=note,
            until=instant(request.POST.get("until", ""), "until", "补正期限"),
        )
        return f"{name}：已退回修改，团队会收到通知。"
    if verdict == FormalVerdict.REJECT:
        services.reject(receipt, officer=officer, checklist=checklist, note=note)
        return f"{name}：未通过形式审查，团队会收到通知。"
    raise Refusal("请选择通过、退回修改或不通过。")


def instant(text: str, field: str, label: str) -> datetime | None:
    """The instant of a ``datetime-local`` input, in the portal's time zone; None for none."""
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise Invalid({field: f"{label}不是有效的时间，请按 2025-07-28 18:00 的样子填写。"}) from None


def prefixed(pairs: Iterable[tuple[str, Any]], prefix: str) -> dict[str, str]:
    """What was typed in the fields whose names begin with ``prefix``, by the rest of the name."""
    return {
        key.removeprefix(prefix): clean(str(value)).strip()
        for key, value in pairs
        if key.startswith(prefix) and str(value).strip()
    }
