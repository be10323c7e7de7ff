"""Addresses of awards: for the current edition at the root, for every edition under /e/<slug>/."""

from django.urls import URLPattern, URLResolver, include, path

from awards.urls import awarding, certificates, library, notices, payouts, reports

app_name = "awards"

pages: list[URLPattern] = [
    *awarding.pages,
    *notices.pages,
    *reports.pages,
    *certificates.pages,
    *payouts.pages,
    *library.pages,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path("e/<slug:edition_slug>/", include(pages)),
]
