"""Between session and view: idle sessions end, scripts hear 401, second factors are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from competition.accounts import sessions
from competition.middleware import wants_json

#: Addresses that work before the second factor was used.
WITHOUT_SECOND_FACTOR: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_inactive",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "accounts:session",
        "accounts:signed_in_again",
        "accounts:second_factor",
        "healthz",
        "readyz",
    }
)
SIGNED_OUT: Final = "登录已过期。您输入的内容还在页面上，请在新窗口重新登录后继续。"
SECOND_FACTOR: Final = "请先完成两步验证。"


def idle_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """End a session whose owner did nothing for too long, before any view sees it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if user.is_authenticated and sessions.seconds_left(request) == 0:
            minutes = int(sessions.idle_limit(user).total_seconds() // 60)
            logout(request)
            span = f"{minutes} 分钟" if minutes < 1440 else f"{minutes // 1440} 天"
            if not wants_json(request):
                messages.info(request, f"您已超过 {span}没有操作，为保护账号安全已退出登录。")
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # somebody else may use this computer next
        return response

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Django's, but a script is answered in JSON instead of being sent to a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if wants_json(request):
            login_url = (
                f"{reverse('account_login')}?{urlencode({'next': reverse('accounts:signed_in_again')})}"
            )
            body = {"code": "signed_out", "sentence": SIGNED_OUT, "login_url": login_url}
            return JsonResponse(body, status=401)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Who needs a second factor sees nothing but its set-up until it was used in this session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user: Any = request.user
        if not user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not is_passive(request):
            sessions.touch(request)
        if name in WITHOUT_SECOND_FACTOR:
            return None
        if not sessions.needs_second_factor(user) or sessions.second_factor_done(request):
            return None
        if name.startswith("mfa_") and not _holds_factor(user):
            return None
        if wants_json(request):
            return JsonResponse({"code": "second_factor", "sentence": SECOND_FACTOR}, status=403)
        return HttpResponseRedirect(second_factor_url(request))


def is_passive(request: HttpRequest) -> bool:
    """A script that only looks (countdown, live numbers, the session's own clock) keeps no session alive."""
    if request.path == reverse("accounts:session"):
        return True
    if request.method != "GET" or "HX-Request" in request.headers:
        return False
    return wants_json(request) or request.headers.get("Sec-Fetch-Dest") == "empty"


def _holds_factor(user: Any) -> bool:
    """Whoever holds a factor proves it before adding another one: a password alone must not be enough."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type="recovery_codes").exists()


def second_factor_url(request: HttpRequest) -> str:
    """Where to go now: prove a factor that exists, or set one up."""
    user: Any = request.user
    if not _holds_factor(user):
        return reverse("accounts:second_factor")
    path = request.get_full_path() if request.method == "GET" else "/"
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': path})}"
