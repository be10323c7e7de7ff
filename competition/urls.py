"""Public pages, for the current edition at the root and for every edition under /e/<slug>/."""

from __future__ import annotations

from django.urls import include, path, register_converter

from competition import views
from competition.challenge.views import challenge
from competition.models import Article
from competition.office import urls as office


class CategoryConverter:
    regex = "|".join(Article.Category.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CategoryConverter, "category")

app_name = "competition"

public = [
    path("tracks/", views.tracks, name="tracks"),
    path("tracks/<int:number>/", views.track, name="track"),
    path("articles/<category:category>/", views.articles, name="articles"),
    path("articles/<int:pk>/", views.article, name="article"),
    path("articles/<int:pk>/file/", views.article_file, name="article_file"),
    path("notice/", views.notice, name="notice"),
    path("downloads/", views.downloads, name="downloads"),
    path("faq/", views.faq, name="faq"),
    path("organisation/", views.organisation, name="organisation"),
    path("privacy/", views.privacy, name="privacy"),
    path("desk/", views.desk, name="desk"),
    path("schedule/", views.schedule, name="schedule"),
    path("time.json", views.time_now, name="time_now"),
    *office.pages,
]

urlpatterns = [
    path("", include(public)),
    path("e/<slug:edition_slug>/", include(public)),
    path("regions.json", views.regions, name="regions"),
    path("challenge.json", challenge, name="challenge"),
    path("audit-head.json", views.audit_head, name="audit_head"),
]
