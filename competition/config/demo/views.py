"""Pages of the demonstration; without DEMO=1 they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from competition import clock
from competition.accounts import sessions
from competition.config.brand.samples import samples
from competition.config.demo import advance, people
from competition.config.demo.messages import outbox
from competition.config.demo.steps import FIRST
from competition.errors import Refusal
from competition.middleware import edition_of
from competition.models import Edition

View = Callable[..., HttpResponse]


def demo_page(view: View) -> View:
    """A page that anybody may open in a demonstration and nobody anywhere else."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404("demo")
        return view(request, *args, **kwargs)

    return login_not_required(page)


def _edition(request: HttpRequest) -> Edition:
    """The demonstration's edition; 404 when a real one is the current one."""
    edition = edition_of(request)
    if not edition.is_rehearsal:
        raise Http404("demo")
    return edition


@demo_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    names = {one.key: one for one in people.PEOPLE}
    context = {
        "people": people.PEOPLE,
        "first": [{"person": names[one.who], "what": one.what, "how": one.how} for one in FIRST],
        "progress": advance.progress(_edition(request)),
    }
    return render(request, "demo/home.html", context)


@demo_page
@require_POST
def login(request: HttpRequest, key: str) -> HttpResponse:
    edition, one = _edition(request), people.person(key)
    user = people.user_of(edition, one) if one else None
    if one is None or user is None:
        raise Http404("person")
    sessions.sign_in(request, user)
    messages.success(request, f"您现在的身份是{one.name}（{one.title}）。")
    return redirect(people.first_page(one, user, edition))


@demo_page
@require_POST
def next_step(request: HttpRequest) -> HttpResponse:
    try:
        advance.request(_edition(request))
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("demo")


@demo_page
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that shows how far a step is; asked for every other second while one is played."""
    found = advance.progress(_edition(request))
    response = render(request, "demo/_progress.html", {"progress": found})
    if not found.running:
        response["HX-Redirect"] = reverse("demo")
    return response


@demo_page
@require_safe
def messages_sent(request: HttpRequest) -> HttpResponse:
    recipient = request.GET.get("to", "").strip()[:60]
    context = {
        "outbox": outbox(_edition(request), cursor=request.GET.get("cursor", ""), recipient=recipient),
        "recipient": recipient,
    }
    return render(request, "demo/outbox.html", context)


@demo_page
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    edition = _edition(request)
    return render(request, "competition/components.html", samples(edition, clock.now(edition)))
