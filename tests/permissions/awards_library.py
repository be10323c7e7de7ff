"""Results, library, opportunities and ceremony: read by everybody, written by the team and the office."""

from __future__ import annotations

from typing import Any

from awards.services import library, opportunities
from tests.awards.given import given
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, everybody, only, signed_in


def prepare(world: Any) -> None:
    """A draft of Lihua's and Wangfang's, a published work of somebody else's, and an opportunity."""
    world.draft_work = library.open_work(
        given(
            world.edition,
            world.qianjin,
            accepted_entry(world.edition, world.lihua, also=world.wangfang),
            tier="excellence",
        )
    )
    author = make_user("author", "周著")
    work = library.open_work(
        given(world.edition, world.qianjin, accepted_entry(world.edition, author), tier="excellence")
    )
    assert work is not None
    world.public_work = library.publish(library.consent(work, actor=author), actor=world.qianjin)
    one = opportunities.save(
        None, edition=world.edition, actor=world.qianjin, title="需求", organisation="省能源局", body="征集"
    )
    world.opportunity = opportunities.publish(one, actor=world.qianjin)


def draft(world: Any) -> dict[str, Any]:
    return {"pk": world.draft_work.pk}


def public(world: Any) -> dict[str, Any]:
    return {"pk": world.public_work.pk}


def opportunity(world: Any) -> dict[str, Any]:
    return {"pk": world.opportunity.pk}


def texts(world: Any) -> dict[str, Any]:
    return {"version": world.draft_work.version, "title": "新名称", "summary": "新简介", "wish": ""}


ASKED = {"kind": "company", "organisation": "某公司", "contact": "0351-7654321", "message": "希望合作"}
OFFICE = ("officer", "chief")
POST_ONLY = {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}


def team(status: int, **others: int) -> dict[str, int]:
    """The team; the office is told that it has a page of its own; to others it does not exist."""
    return {**only("owner", "member", status=status), "officer": 403, "chief": 403, **others}


ROWS = [
    Row("awards:library_results", everybody()),
    Row("awards:library_list", everybody()),
    Row("awards:library_work", everybody(), args=public),
    Row("awards:library_work", everybody(404), args=draft),
    Row("awards:library_interest", signed_in(302), args=public, method="post", data=lambda world: ASKED),
    Row("awards:library_interest", signed_in(404), args=draft, method="post", data=lambda world: ASKED),
    Row("awards:library_edit", team(200), args=draft),
    Row("awards:library_edit", team(302), args=draft, method="post", data=texts),
    Row("awards:library_edit", {**only(), "officer": 403, "chief": 403}, args=public),
    Row("awards:library_consent", team(302, member=403), args=draft, method="post"),
    Row("awards:library_consent", POST_ONLY, args=draft),
    Row("awards:library_take_back", team(409, member=403), args=draft, method="post"),
    Row("awards:library_desk", only(*OFFICE)),
    Row("awards:library_publish", only(*OFFICE, status=409), args=draft, method="post"),
    Row("awards:library_put_back", only(*OFFICE, status=422), args=public, method="post"),
    Row(
        "awards:library_put_back",
        only(*OFFICE, status=302),
        args=public,
        method="post",
        data=lambda world: {"reason": "含客户名称"},
    ),
    Row("awards:library_opportunities", everybody()),
    Row("awards:library_opportunity", everybody(), args=opportunity),
    Row("awards:library_opportunities_desk", only(*OFFICE)),
    Row("awards:library_opportunities_desk", only(*OFFICE, status=422), method="post"),
    Row("awards:library_opportunity_edit", only(*OFFICE), args=opportunity),
    Row("awards:library_opportunity_edit", only(*OFFICE, status=422), args=opportunity, method="post"),
    Row("awards:library_opportunity_show", only(*OFFICE, status=302), args=opportunity, method="post"),
    Row("awards:library_opportunity_show", POST_ONLY, args=opportunity),
    Row("awards:library_ceremony", everybody()),
    Row("awards:library_ceremony_desk", only(*OFFICE)),
    Row("awards:library_ceremony_desk", only(*OFFICE, status=302), method="post"),
]
