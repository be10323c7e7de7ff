"""Results at the office: what is wanting, rankings, votes, the proposal and its confirmation; the public's seats."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit
from competition.errors import Refusal
from competition.middleware import address, edition_of
from competition.models import Edition, Track, User
from judging.forms.results import NoteForm, VoteForm, tied_keys
from judging.models import Result, Vote
from judging.permissions.results import can_confirm, get_result_for, require_office
from judging.services import lists as list_services
from judging.services import results as services
from judging.services.results import Part, Preview
from judging.views.draws import draw_cards
from judging.views.tables import (
    desk,
    method_names,
    ranking_rows,
    seat_rows,
    seats_context,
    snapshot_rows,
)
from judging.workflow import ResultStatus, Round
from submissions.models import Entry
from submissions.sealing import canonical

PRELIMINARY = Round.PRELIMINARY
STATES = {
    ResultStatus.PROPOSED: "wait",
    ResultStatus.CONFIRMED: "done",
    ResultStatus.REFUSED: "rejected",
}


@never_cache
@require_safe
def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """What is wanting before the result can be proposed, or where it stands."""
    require_office(cast(User, request.user))
    return home_page(request)


@require_POST
def propose(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Propose the preliminary's result."""
    user, edition = cast(User, request.user), edition_of(request)
    require_office(user)
    try:
        result = services.propose(edition, round=PRELIMINARY, actor=user)
    except Refusal as refusal:
        return home_page(request, refusal)
    messages.success(request, "结果已提出，请秘书处负责人（提出人以外）核对确认。")
    return HttpResponseRedirect(address(request, "judging:results_case", pk=result.pk))


@never_cache
@require_safe
def track(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """The ranking of a track as it is now, with what was tied and voted."""
    require_office(cast(User, request.user))
    return _track_page(request, number)


@require_POST
def vote(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Record the panel's vote about equal entries of a track; the form's ``tie`` names them."""
    user, edition = cast(User, request.user), edition_of(request)
    require_office(user)
    one = get_object_or_404(Track, edition=edition, number=number)
    form = VoteForm(_tied(request, edition), request.POST)
    status = 422
    if form.is_valid():
        minutes = form.cleaned_data["minutes"]
        try:
            services.record_vote(
                edition, round=PRELIMINARY, track=one, order=form.order, minutes=minutes, actor=user
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, "表决已登记，排名随之更新。")
            return HttpResponseRedirect(address(request, "judging:results_track", number=number))
    return _track_page(request, number, form, status)


@never_cache
@require_safe
def case(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A proposed or decided result with its lists, to be confirmed or not."""
    result = get_result_for(cast(User, request.user), edition_of(request), pk, PRELIMINARY)
    return _case_page(request, result, NoteForm(label_suffix=""))


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The chief confirms; everything is counted again."""
    user = cast(User, request.user)
    result = get_result_for(user, edition_of(request), pk, PRELIMINARY)
    form = NoteForm(label_suffix="")
    try:
        services.confirm(result, actor=user)
    except Refusal as refusal:
        return _case_page(request, result, form, refusal)
    messages.success(request, "初赛结果已确认，入围和优秀奖作品转入技术验证。")
    return HttpResponseRedirect(address(request, "judging:results_case", pk=pk))


@require_POST
def refuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The chief does not confirm and says why."""
    user = cast(User, request.user)
    result = get_result_for(user, edition_of(request), pk, PRELIMINARY)
    form = NoteForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _case_page(request, result, form, status=422)
    try:
        services.refuse(result, actor=user, note=form.cleaned_data["note"])
    except Refusal as refusal:
        return _case_page(request, result, form, refusal)
    messages.success(request, "已退回，可以重新提出结果。")
    return HttpResponseRedirect(address(request, "judging:results_home"))


@never_cache
@require_safe
def snapshot(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The snapshot's canonical JSON: its SHA-256 is the result's."""
    user, edition = cast(User, request.user), edition_of(request)
    result = get_result_for(user, edition, pk, PRELIMINARY)
    audit.record(user, "result.exported", result, edition=edition)
    return HttpResponse(
        canonical(result.content),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="result-{result.pk}.json"'},
    )


@never_cache
@require_safe
def seats(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every step of the splitting of places: of the confirmed result, else as it would be now."""
    require_office(cast(User, request.user))
    edition = edition_of(request)
    result = services.confirmed(edition, PRELIMINARY)
    if result is not None:
        shown = seats_context(result.content["seats"], _names(edition))
    else:
        made = services.preview(edition, PRELIMINARY)
        shown = seats_context(services.seats_of(made), _names(edition), settled=not made.seat_ties)
    return render(request, "judging/results_seats.html", {**desk(request), **shown, "result": result})


@login_not_required
@require_safe
def public_seats(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every step of the splitting of places, for everybody, once the result is confirmed (R19)."""
    edition = edition_of(request)
    rows = Result.objects.filter(edition=edition, round=PRELIMINARY, status=ResultStatus.CONFIRMED)
    found = rows.values_list("content__seats", "sha256", "decided_at").first()
    if found is None:
        raise Http404("seats")
    shown = {**seats_context(found[0], _names(edition)), "sha256": found[1], "decided_at": found[2]}
    return render(request, "judging/results_public_seats.html", shown)


def home_page(request: HttpRequest, refusal: Refusal | None = None, **cards: Any) -> HttpResponse:
    """The page of results; ``cards`` may hold a bound form of a draw."""
    edition = edition_of(request)
    last = _last(edition)
    context: dict[str, Any] = {**desk(request), "result": last, "refusal": refusal}
    if last is not None:
        context["state"] = STATES[ResultStatus(last.status)]
    if last is None or last.status == ResultStatus.REFUSED:
        made = services.preview(edition, PRELIMINARY)
        context |= {
            "made": made,
            "waiting": services.waiting_sheets(edition, PRELIMINARY),
            "wanted": made.wanted,
            "rows": seat_rows(made),
            "methods": method_names(made),
            "ties": [part for part in made.parts if part.ranking.ties],
            "draws": draw_cards(
                edition, cast(User, request.user), [kind for kind, _, _ in made.seat_ties], **cards
            ),
        }
    return render(request, "judging/results.html", context, status=refusal.status if refusal else 200)


def _last(edition: Edition) -> Result | None:
    rows = Result.objects.filter(edition=edition, round=PRELIMINARY).defer("content")
    return rows.select_related("proposed_by", "decided_by").first()


def _tied(request: HttpRequest, edition: Edition) -> dict[int, str]:
    """The entries that the form says are tied, by id; the service checks that they are."""
    keys = tied_keys(request.POST.get("tie", ""))
    found = Entry.objects.filter(edition=edition, pk__in=keys).select_related("team").order_by("pk")
    return {entry.pk: entry.team.project_name for entry in found}


def _track_page(
    request: HttpRequest, number: int, form: VoteForm | None = None, status: int = 200
) -> HttpResponse:
    edition = edition_of(request)
    made = services.preview(edition, PRELIMINARY)
    part = next((part for part in made.parts if part.number == number), None)
    if part is None:
        raise Http404("track")
    votes = Vote.objects.filter(edition=edition, round=PRELIMINARY, track=part.track).select_related(
        "recorded_by"
    )
    context = {
        **desk(request),
        "part": part,
        "rows": ranking_rows(edition, part),
        "unranked": unranked_rows(part),
        "ties": tie_forms(made, part, form),
        "votes": vote_rows(list(votes), part),
        "form": form,
        "policy": made.policy,
        "numbers": [other.number for other in made.parts],
    }
    return render(request, "judging/results_track.html", context, status=status)


def tie_forms(made: Preview, part: Part, form: VoteForm | None = None) -> list[dict[str, Any]]:
    """Each open tie with its sentence and the form of the vote; a bound form stands in its place."""
    shown = []
    for tie in part.ranking.ties:
        names = {int(entry): part.entries[entry].team.project_name for entry in tie.entries}
        own = form if form is not None and set(form.entries) == set(names) else VoteForm(names)
        key = ",".join(str(entry) for entry in names)
        shown.append(
            {"sentence": made.sentence(part, tie.entries, tie.first, tie.cut), "key": key, "form": own}
        )
    return shown


def vote_rows(votes: list[Vote], part: Part) -> list[dict[str, Any]]:
    """Recorded votes by names of projects."""
    return [
        {
            "vote": vote,
            "order": [
                part.entries[str(key)].team.project_name if str(key) in part.entries else "（已退出）"
                for key in vote.order
            ],
        }
        for vote in votes
    ]


def unranked_rows(part: Part) -> list[dict[str, Any]]:
    """Entries without a rank, and why."""
    return [{"entry": part.entries[one.entry], "reason": one.reason} for one in part.ranking.unranked]


def _case_page(
    request: HttpRequest,
    result: Result,
    form: NoteForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    edition, user = edition_of(request), cast(User, request.user)
    context = {
        **desk(request),
        "result": result,
        "state": STATES[ResultStatus(result.status)],
        "parts": _listed_parts(edition, result),
        "may_confirm": can_confirm(user, result),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "judging/result.html", context, status=refusal.status if refusal else status)


def _listed_parts(edition: Edition, result: Result) -> list[dict[str, Any]]:
    """Each track's listed entries with their ranks; the whole ranking is in the snapshot."""
    content, names = result.content, dict(_names(edition))
    keys = [
        key for one in content["lists"].values() for pool in ("finalists", "excellence") for key in one[pool]
    ]
    found = list_services.with_team(Entry.objects.filter(pk__in=[int(key) for key in keys]))
    entries = {str(entry.pk): entry for entry in found}
    parts = []
    for part in content["parts"]:
        rows = snapshot_rows(edition, part["ranking"], entries, final=False)
        listed = [row for row in rows if row["key"] in entries]
        parts.append({"name": names[part["track"]], "part": part, "rows": listed, "ranked": len(rows)})
    return parts


def _names(edition: Edition) -> list[tuple[int, str]]:
    return list(edition.tracks.order_by("number").values_list("number", "name"))
