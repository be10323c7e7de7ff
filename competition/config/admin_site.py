"""The secretariat's site: nobody gets in but active staff whose second factor is done."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from competition import roles
from competition.accounts import sessions
from competition.dashboards import cards_for
from competition.middleware import edition_or_none

APPS: Final = ("competition", "registration", "submissions", "judging", "awards")


class PortalAdminSite(AdminSite):
    site_header = "大赛管理"
    site_title = "大赛管理"
    index_title = "工作台"
    enable_nav_sidebar = True
    final_catch_all_view = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of our own: what libraries bring is managed through services or not at all."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in APPS]
        if ours:
            super().register(ours, admin_class, **options)

    def get_urls(self) -> Any:
        """Without the redirect to public pages of objects: none of ours has one."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The apps in the order of the contest, not of the alphabet."""
        listed = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate((*APPS[1:], APPS[0]))}
        return sorted(listed, key=lambda app: order.get(app["app_label"], len(order)))

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff by role, active, with the second factor used in this session."""
        user: Any = request.user
        return (
            user.is_authenticated
            and user.is_active
            and user.has_role(*roles.ADMIN_SITE)
            and sessions.second_factor_done(request)
        )

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one login; somebody signed in without the role is told so."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("account_login"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The start page: what waits, then everything there is to work on."""
        user: Any = request.user
        edition = edition_or_none(request)
        cards = cards_for(edition, user) if edition and self.has_permission(request) else []
        return super().index(request, {"cards": cards, **(extra_context or {})})

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Leaving the site is leaving the portal; a link alone signs nobody out."""
        if request.method != "POST":
            return redirect("account_logout")
        logout(request)
        return redirect("/")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is one page for one's own password."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("accounts:profile")
