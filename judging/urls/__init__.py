"""Addresses of judging: for the current edition at the root, for every edition under /e/<slug>/."""

from django.urls import URLPattern, URLResolver, include, path

from judging.urls import experts, final, gates, materials, results, reviewing, verification

app_name = "judging"

pages: list[URLPattern] = [
    *gates.pages,
    *experts.pages,
    *materials.pages,
    *reviewing.pages,
    *results.pages,
    *verification.pages,
    *final.pages,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path("e/<slug:edition_slug>/", include(pages)),
]
