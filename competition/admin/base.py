"""What the portal's admin pages share: permissions are questions of permissions.py, not of Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class PortalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nobody may do anything unless a subclass names the question that says who may."""

    may_view: Callable[[Any], bool] = staticmethod(lambda user: False)
    may_change: Callable[[Any], bool] = staticmethod(lambda user: False)
    may_add: Callable[[Any], bool] = staticmethod(lambda user: False)
    show_full_result_count = False
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; a question that the database cannot even be asked is dropped."""
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return type(self).may_view(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).may_view(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).may_change(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return type(self).may_add(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
