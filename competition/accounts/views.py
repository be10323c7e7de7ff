"""Pages about one's own account, the session's clock, and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account import views as account_views
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competition import clock, roles
from competition.accounts import sessions, words
from competition.accounts.forms import CodeForm, NameForm
from competition.accounts.second_factor import MFAAdapter
from competition.errors import Refusal
from competition.services import people

if TYPE_CHECKING:
    from competition.middleware import PortalRequest


class LoginView(account_views.LoginView):
    """Both ways in on one page: a code by SMS, and a password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "code_form": CodeForm(auto_id="id_code_%s")}


class SignupView(account_views.SignupView):
    """Signing up by phone is asking for a first code; by e-mail it takes a password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "code_form": CodeForm(auto_id="id_code_%s")}


@method_decorator([login_not_required, never_cache], name="dispatch")
class RequestCodeView(account_views.RequestLoginCodeView):
    """A code for a phone; a new phone gets its account here, and nobody can tell the difference."""

    def form_valid(self, form: Any) -> HttpResponse:
        form._user = people.account_for_phone(form.cleaned_data["phone"])
        return super().form_valid(form)


class RemovePasskeyView(webauthn_views.RemoveWebAuthnView):
    """The last factor of a role that needs one stays."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        held = self.get_queryset().filter(pk=kwargs["pk"]).first()
        if held is not None and not MFAAdapter().can_delete_authenticator(held):
            messages.error(request, words.MFA_ERRORS["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        return super().dispatch(request, *args, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PortalRequest) -> HttpResponse:
    """One's own account: name, phone, e-mail, password, second factor, signed-in devices."""
    form = NameForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "姓名已保存。")
        return redirect("accounts:profile")
    user = request.user
    context = {
        "form": form,
        "role_names": [label for key, label in roles.LABELS.items() if key in user.roles],
        "factors": Authenticator.objects.filter(user=user).order_by("type", "created_at"),
        "devices": user.sessions.filter(expire_date__gt=clock.real_now()).order_by("-seen_at")[:20],
        "session_key": request.session.session_key,
        "needs_second_factor": sessions.needs_second_factor(user),
    }
    return render(request, "account/profile.html", context)


@require_POST
def sign_out_elsewhere(request: PortalRequest) -> HttpResponse:
    """End every other session of this person."""
    ended = people.end_sessions(request.user, keep=request.session.session_key or "")
    messages.success(request, f"已退出其他 {ended} 处登录。" if ended else "没有其他登录。")
    return redirect("accounts:profile")


@require_safe
def second_factor(request: PortalRequest) -> HttpResponse:
    """First visit of a role that needs a second factor: which one shall it be?"""
    held = Authenticator.objects.filter(user=request.user).exclude(type="recovery_codes")
    if held.exists():
        return redirect("mfa_index")
    return render(request, "account/second_factor.html", {"name": request.user.display_name})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """The session's clock for session.js; POST says that somebody is reading. A fresh CSRF token is in it."""
    user: Any = request.user
    if request.method == "POST" and user.is_authenticated:
        sessions.touch(request)
    again = urlencode({"next": reverse("accounts:signed_in_again")})
    body = {
        "signed_in": user.is_authenticated,
        "user": user.username if user.is_authenticated else "",
        "seconds_left": sessions.seconds_left(request),
        "warn_before": int(sessions.WARN_BEFORE.total_seconds()),
        "csrf_token": get_token(request),
        "login_url": f"{reverse('account_login')}?{again}",
    }
    return JsonResponse(body, status=401 if request.method == "POST" and not user.is_authenticated else 200)


@require_safe
def signed_in_again(request: HttpRequest) -> HttpResponse:
    """Where a login in a second window ends: the first window goes on by itself."""
    return render(request, "account/signed_in_again.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """What somebody is invited to; accepting needs a login by the phone or address it was sent to."""
    try:
        found = people.find_invitation(token)
    except Refusal as refusal:
        closed = {"sentence": refusal.sentence}
        return render(request, "competition/invitation_closed.html", closed, status=410)
    signed_in = request.user.is_authenticated
    if request.method == "POST" and signed_in:
        people.accept(token, user=request.user)
        messages.success(request, f"您已成为{roles.LABELS[found.group.name]}。")
        return redirect("home")
    context: dict[str, Any] = {
        "invitation": found,
        "role": roles.LABELS[found.group.name],
        "addressee": people.addressee(found),
        "is_mine": signed_in and people.is_addressed_to(found, request.user),
        "next": urlencode({"next": request.path}),
        "next_field": format_html('<input type="hidden" name="next" value="{}">', request.path),
        "code_form": CodeForm(auto_id="id_code_%s") if found.phone else None,
    }
    return render(request, "competition/invitation.html", context)
