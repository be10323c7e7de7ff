"""Lists of the secretariat are about one edition at a time: a rehearsal never stands among real cases."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from competition.edition_schema import EditionData
from competition.models import Edition, User
from competition.services.editions import store_edition
from registration.models import Team


def test_queue_shows_the_current_edition_unless_another_is_chosen(
    submitted_team: Team,
    edition: Edition,
    edition_data: EditionData,
    zhaolei: User,
    qianjin: User,
    as_user: Callable[[User], Client],
) -> None:
    rehearsal = store_edition(edition_data, slug="rehearsal-1", rehearsal=True)
    rehearsed = Team.objects.create(edition=rehearsal, owner=zhaolei, name="演练队")
    client = as_user(qianjin)

    here = client.get("/admin/registration/team/").context["cl"].queryset
    there = client.get("/admin/registration/team/", {"edition": "rehearsal-1"}).context["cl"].queryset

    assert list(here) == [submitted_team]
    assert list(there) == [rehearsed]


def test_track_filter_offers_the_tracks_of_that_edition_once(
    submitted_team: Team, edition_data: EditionData, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    store_edition(edition_data, slug="rehearsal-1", rehearsal=True)
    client = as_user(qianjin)

    html = client.get("/admin/registration/team/").content.decode()
    own = client.get("/admin/registration/team/", {"track": "1"}).context["cl"].queryset
    other = client.get("/admin/registration/team/", {"track": "2"}).context["cl"].queryset

    assert html.count("?track=1") == 1
    assert (list(own), list(other)) == ([submitted_team], [])


def test_stages_and_topics_of_the_current_edition_alone_are_listed(
    edition: Edition, edition_data: EditionData, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    store_edition(edition_data, slug="rehearsal-1", rehearsal=True)
    client = as_user(qianjin)

    counts = [
        client.get(f"/admin/competition/{model}/").context["cl"].queryset.count()
        for model in ("stage", "topic")
    ]

    assert counts == [7, 49]
