"""What a clash leaves behind, and who is seen writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import User
from submissions import services
from submissions.models import Entry, KeptText
from submissions.places import Place
from submissions.services import kept, presence
from submissions.workflow import EntryStatus

OVERVIEW = Place("overview")


def keep(entry: Entry, actor: User, text: str = "另一段", *, theirs: bool = False) -> KeptText:
    return kept.keep_text(
        entry,
        place=Place("overview", None, "background"),
        label="背景",
        text=text,
        theirs=theirs,
        actor=actor,
    )


def test_own_text_is_kept_once_under_its_section(entry: Entry, lihua: User) -> None:
    first = keep(entry, lihua)

    again = keep(entry, lihua)

    assert again == first
    assert [(one.text, one.typed_by) for one in kept.texts_at(entry, OVERVIEW)] == [("另一段", lihua)]
    assert kept.texts_at(entry, Place("market")) == []


def test_replaced_text_is_kept_under_the_name_of_who_saved_it(
    entry: Entry, lihua: User, wangfang: User
) -> None:
    services.save_section(
        entry, key="overview", answers={"background": "王芳写的"}, version=0, actor=wangfang
    )

    text = keep(entry, lihua, "王芳写的", theirs=True)

    assert text.typed_by == wangfang


def test_stranger_keeps_and_drops_nothing(entry: Entry, lihua: User, zhaolei: User) -> None:
    text = keep(entry, lihua)

    with pytest.raises(NotAllowed):
        keep(entry, zhaolei)
    with pytest.raises(NotAllowed):
        kept.drop_text(text, actor=zhaolei)

    assert KeptText.objects.filter(dropped_at__isnull=True).count() == 1


def test_closed_entry_keeps_nothing(entry: Entry, lihua: User) -> None:
    Entry.objects.filter(pk=entry.pk).update(status=EntryStatus.ACCEPTED)

    with pytest.raises(WrongState):
        keep(entry, lihua)


def test_blank_text_is_refused(entry: Entry, lihua: User) -> None:
    with pytest.raises(Invalid):
        keep(entry, lihua, " \n")


def test_dropped_text_is_listed_no_more(
    entry: Entry, as_user: Callable[[User], Client], lihua: User, wangfang: User
) -> None:
    text = keep(entry, lihua)

    answer = as_user(wangfang).post(reverse("submissions:drop_text", args=[text.pk]))

    assert answer.url == reverse("submissions:section", args=[entry.pk, "overview"])
    assert kept.texts_at(entry, OVERVIEW) == []


def test_differences_know_rows_by_their_ids(entry: Entry) -> None:
    from_form = services.completeness(entry).state(Place("cases"))
    assert from_form is not None
    mine = {"cases": [{"_id": "b", "org_name": "乙"}, {"_id": "a", "org_name": "甲"}]}
    theirs = {"cases": [{"_id": "a", "org_name": "甲"}, {"_id": "b", "org_name": "丙"}]}

    found = kept.differences(from_form.section, mine, theirs)

    assert [(one["mine"], one["theirs"]) for one in found] == [("乙", "丙")]


def test_presence_names_the_others_and_asks_the_database_nothing(
    entry: Entry, lihua: User, wangfang: User
) -> None:
    cache.clear()
    presence.beat(entry.pk, wangfang, OVERVIEW, "项目概况")
    presence.note_saved(entry.pk, OVERVIEW, 3, wangfang)

    with CaptureQueriesContext(connection) as asked:
        here = presence.beat(entry.pk, lihua, OVERVIEW, "项目概况")
        elsewhere = presence.beat(entry.pk, lihua, Place("market"), "数据")

    assert here == presence.Seen(["王芳"], [], {"version": 3, "by": "王芳"})
    assert elsewhere == presence.Seen([], [{"name": "王芳", "where": "项目概况"}], None)
    assert len(asked) == 0


def test_kept_texts_cost_the_page_no_more_queries(
    entry: Entry, as_user: Callable[[User], Client], lihua: User
) -> None:
    client, address = as_user(lihua), reverse("submissions:section", args=[entry.pk, "overview"])
    client.get(address)
    counts = []

    for texts in (["一"], ["二", "三"]):
        for text in texts:
            keep(entry, lihua, text)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_full_width_numbers_come_back_as_they_were_understood(
    entry: Entry, as_user: Callable[[User], Client], lihua: User
) -> None:
    answer: Any = as_user(lihua).post(
        reverse("submissions:section", args=[entry.pk, "market"]),
        {"version": "0", "cross_volume": "１，２３４.50"},
        headers={"Accept": "application/json", "X-Requested-With": "autosave"},
    )

    assert answer.json()["canonical"] == [["cross_volume", "１，２３４.50", "1234.5"]]
