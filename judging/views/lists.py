"""The lists as they stand: who fell out, vacancies, who is next, proposals and the chief's word (decision 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition.errors import Invalid, Refusal
from competition.middleware import address, edition_of
from competition.models import Edition, Track, User
from judging.forms.results import ReplacementForm, VoteForm
from judging.models import ListChange, Replacement
from judging.permissions.results import can_confirm_replacement, get_replacement_for, require_office
from judging.services import lists as services
from judging.shortlist import Shortlist, candidates
from judging.views.tables import desk
from judging.workflow import Pool, ResultStatus, VerificationStatus
from submissions.models import Entry

VERIFIED = {
    VerificationStatus.WAITING: "wait",
    VerificationStatus.PASSED: "done",
    VerificationStatus.FAILED: "rejected",
    VerificationStatus.VOID: "closed",
}


@never_cache
@require_safe
def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Both lists of every track now, with vacancies and proposals."""
    require_office(cast(User, request.user))
    return _page(request)


@require_POST
def propose(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Propose who fills a vacancy of a track, or that it stays empty."""
    user, edition = cast(User, request.user), edition_of(request)
    require_office(user)
    track = get_object_or_404(Track, edition=edition, number=number)
    form = ReplacementForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, Invalid({"reason": "请写明理由。"}), form, track)
    given = form.cleaned_data
    entry = None
    if given["entry"]:
        entry = get_object_or_404(Entry, edition=edition, pk=given["entry"])
    try:
        services.propose_replacement(
            edition, track=track, pool=given["pool"], entry=entry, reason=given["reason"], actor=user
        )
    except Refusal as refusal:
        return _page(request, refusal, form, track)
    messages.success(request, "已提出，请秘书处负责人（提出人以外）确认。")
    return HttpResponseRedirect(address(request, "judging:results_lists"))


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The chief confirms a proposal."""
    return _decide(request, pk, services.confirm_replacement, "已确认，名单随之更新，团队会收到通知。")


@require_POST
def refuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The chief does not confirm a proposal."""
    return _decide(request, pk, services.refuse_replacement, "未确认，可以另行提出。")


def _decide(request: HttpRequest, pk: int, act: Callable[..., Replacement], sentence: str) -> HttpResponse:
    user = cast(User, request.user)
    found = get_replacement_for(user, edition_of(request), pk)
    try:
        act(found, actor=user)
    except Refusal as refusal:
        return _page(request, refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "judging:results_lists"))


def _page(
    request: HttpRequest,
    refusal: Refusal | None = None,
    form: ReplacementForm | None = None,
    track: Track | None = None,
) -> HttpResponse:
    edition, user = edition_of(request), cast(User, request.user)
    standing = services.standing(edition)
    rows = Replacement.objects.filter(result__edition=edition, status=ResultStatus.PROPOSED)
    proposals = list(rows.select_related("track", "entry__team", "proposed_by"))
    entries = _entries(standing)
    board = _Board(edition, entries, {(one.track.number, one.pool) for one in proposals}, form, track)
    changes = ListChange.objects.filter(result__edition=edition)
    numbered = [one for one in edition.tracks.all() if one.number in standing]
    seated = [one for one in numbered if _has_seats(standing[one.number])]
    context = {
        **desk(request),
        "refusal": refusal,
        "tracks": [board.track(one, standing[one.number]) for one in seated],
        "without": [one.name for one in numbered if one not in seated],
        "open": services.is_open(edition),
        "proposals": [{"one": one, "may": can_confirm_replacement(user, one)} for one in proposals],
        "changes": changes.select_related("track", "entry__team", "by", "confirmed_by"),
    }
    return render(request, "judging/lists.html", context, status=refusal.status if refusal else 200)


def _has_seats(lists: Shortlist) -> bool:
    return bool(lists.finalist_seats or lists.excellence_seats)


def _entries(standing: dict[int, Shortlist]) -> dict[str, Entry]:
    """Entries that the page names: listed ones and those who are next; one query."""
    keys = {
        key
        for lists in standing.values()
        for pool in Pool.values
        for key in (*lists.listed(pool), *candidates(lists, pool))
    }
    found = Entry.objects.filter(pk__in=[int(key) for key in keys])
    return {str(one.pk): one for one in found.select_related("team", "verification")}


class _Board:
    """Rows of the page, track by track; votes are read once, and only where equals wait for one."""

    def __init__(
        self,
        edition: Edition,
        entries: dict[str, Entry],
        proposed: set[tuple[int, str]],
        form: ReplacementForm | None,
        track: Track | None,
    ) -> None:
        self.edition, self.entries, self.proposed = edition, entries, proposed
        self.form, self.number = form, track.number if track else 0

    def track(self, track: Track, lists: Shortlist) -> dict[str, Any]:
        """A track with its two lists."""
        return {"track": track, "pools": [self._pool(track, lists, pool) for pool in Pool]}

    def _pool(self, track: Track, lists: Shortlist, pool: Pool) -> dict[str, Any]:
        vacancies = lists.vacancies(pool)
        shown = {
            "name": pool.label,
            "key": str(pool),
            "entries": [self._entry(key) for key in lists.listed(pool)],
            "vacancies": vacancies,
            "proposed": (track.number, str(pool)) in self.proposed,
        }
        if vacancies:
            line = services.next_in_line(self.edition, track, pool, lists)
            names = {int(key): self.entries[key].team.project_name for key in line}
            shown |= {
                "next": [self.entries[key] for key in line],
                "vote": VoteForm(names) if len(line) > 1 else None,
                "tie": ",".join(map(str, names)),
                "typed": self._typed(track, pool),
            }
        return shown

    def _entry(self, key: str) -> dict[str, Any]:
        entry = self.entries[key]
        verification = getattr(entry, "verification", None)
        if verification is None:
            return {"entry": entry, "state": "wait", "word": "待验证"}
        word = f"技术验证{verification.get_status_display()}"
        return {"entry": entry, "state": VERIFIED[VerificationStatus(verification.status)], "word": word}

    def _typed(self, track: Track, pool: Pool) -> str:
        if self.form is None or self.number != track.number or self.form.data.get("pool") != pool:
            return ""
        return str(self.form.data.get("reason", ""))
