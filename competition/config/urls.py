"""Every address of the portal starts here."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from competition.config import home
from competition.config.overview import views as overview

APPS = ("competition", "registration", "submissions", "judging", "awards")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("e/<slug:edition_slug>/", home.home, name="home"),
    path("secretariat/overview/", overview.overview, name="overview"),
    path("secretariat/overview/tables.xlsx", overview.export, name="overview_export"),
    path("e/<slug:edition_slug>/secretariat/overview/", overview.overview, name="overview"),
    path("e/<slug:edition_slug>/secretariat/overview/tables.xlsx", overview.export, name="overview_export"),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("", include("competition.accounts.urls")),
    path("demo/", include("competition.config.demo.urls")),
]
for app in APPS:
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))

handler400 = "competition.config.errors.bad_request"
handler403 = "competition.config.errors.permission_denied"
handler404 = "competition.config.errors.page_not_found"
handler500 = "competition.config.errors.server_error"
