"""More material asked for during judging: asked, answered, taken back, reminded of, over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competition import clock
from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.models import AuditEvent, OutboxMessage, User
from submissions.models import SUPPLEMENT, Attachment, Entry, Receipt, SupplementRequest
from submissions.permissions import get_attachment_for
from submissions.services import supplements
from tests.submissions.conftest import pdf


@pytest.fixture
def asked(accepted: Entry, qianjin: User) -> SupplementRequest:
    """Officer Qianjin asked Lihua's team for an audit report, two days ahead."""
    return supplements.ask(
        accepted,
        officer=qianjin,
        asked="请补充审计报告",
        until=clock.now(accepted.edition) + timedelta(days=2),
    )


def end(request: SupplementRequest, **left: float) -> None:
    """Move the request's end to that much from now."""
    now = clock.now(request.entry.edition)
    SupplementRequest.objects.filter(pk=request.pk).update(
        asked_at=now - timedelta(days=9), until=now + timedelta(**left)
    )


@pytest.mark.rule("R72")
def test_team_is_asked_and_answers_with_files_and_words(
    asked: SupplementRequest, lihua: User, qianjin: User
) -> None:
    told = OutboxMessage.objects.get(kind="supplement", subject__endswith=":owner")
    assert "请补充审计报告" in told.body
    assert told.recipient == lihua.email

    supplements.answer(asked, actor=lihua, answer="见附件", files=[pdf("审计报告.pdf")])

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.withdrawn_at) == ("见附件", lihua, None)
    file = Attachment.objects.get(supplement=asked)
    assert (file.slot, file.name, file.uploaded_by) == (SUPPLEMENT, "审计报告.pdf", lihua)
    assert OutboxMessage.objects.filter(kind="supplement.office").count() == 1
    assert set(AuditEvent.objects.filter(verb__startswith="supplement").values_list("verb", flat=True)) == {
        "supplement.asked",
        "supplement.answered",
    }


@pytest.mark.rule("R72")
def test_words_alone_are_an_answer_and_nothing_is_not(asked: SupplementRequest, lihua: User) -> None:
    with pytest.raises(Invalid) as refused:
        supplements.answer(asked, actor=lihua, answer="  ")
    assert list(refused.value.problems) == ["files"]

    supplements.answer(asked, actor=lihua, answer="本单位成立不足一年，没有审计报告。")

    assert not asked.files.exists()


def test_answer_is_given_once(asked: SupplementRequest, lihua: User) -> None:
    supplements.answer(asked, actor=lihua, answer="见附件", files=[pdf()])

    with pytest.raises(WrongState) as refused:
        supplements.answer(asked, actor=lihua, answer="再交一次")

    assert "已经提交" in refused.value.sentence


@pytest.mark.parametrize("name", ["病毒.exe", "演示.mp4"])
def test_refused_file_leaves_nothing_behind(
    asked: SupplementRequest, lihua: User, name: str, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*"))

    with pytest.raises(Invalid):
        supplements.answer(
            asked, actor=lihua, answer="见附件", files=[pdf(), SimpleUploadedFile(name, b"MZ\x90\x00" * 9)]
        )

    asked.refresh_from_db()
    assert (asked.answered_at, asked.files.count()) == (None, 0)
    assert set(tmp_path.rglob("*")) == before


def test_files_that_no_request_could_carry_are_refused_with_a_sentence(
    asked: SupplementRequest, lihua: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supplements, "MOST_MEGABYTES", 0)

    with pytest.raises(Invalid) as refused:
        supplements.answer(asked, answer="", files=[pdf()], actor=lihua)

    assert refused.value.problems == {"files": "各文件合计超过 0 MB，请压缩后再上传。"}


def test_strangers_and_the_office_do_not_answer(
    asked: SupplementRequest, zhaolei: User, qianjin: User
) -> None:
    for person in (zhaolei, qianjin):
        with pytest.raises(NotAllowed):
            supplements.answer(asked, actor=person, answer="见附件")


@pytest.mark.rule("R72")
def test_time_ends_by_the_arrival_of_the_request(asked: SupplementRequest, lihua: User) -> None:
    end(asked, seconds=-5)
    with pytest.raises(StageClosed) as refused:
        supplements.answer(asked, actor=lihua, answer="太晚")
    assert "截止" in refused.value.sentence

    in_time = clock.real_now() - timedelta(seconds=10)
    supplements.answer(asked, actor=lihua, answer="到达时尚未截止", at=in_time)

    asked.refresh_from_db()
    assert asked.answer == "到达时尚未截止"


def test_only_accepted_entries_are_asked(submitted: Receipt, qianjin: User) -> None:
    entry = submitted.revision.entry

    with pytest.raises(WrongState):
        supplements.ask(
            entry, officer=qianjin, asked="请补充", until=clock.now(entry.edition) + timedelta(days=1)
        )


def test_asking_needs_words_and_a_time_ahead(accepted: Entry, qianjin: User, lihua: User) -> None:
    now = clock.now(accepted.edition)
    with pytest.raises(Invalid) as refused:
        supplements.ask(accepted, officer=qianjin, asked=" ", until=now)
    assert sorted(refused.value.problems) == ["asked", "until"]

    with pytest.raises(NotAllowed):
        supplements.ask(accepted, officer=lihua, asked="请补充", until=now + timedelta(days=1))


def test_request_is_taken_back_once(asked: SupplementRequest, qianjin: User, lihua: User) -> None:
    with pytest.raises(NotAllowed):
        supplements.withdraw(asked, officer=lihua)

    supplements.withdraw(asked, officer=qianjin)

    for again in (
        lambda: supplements.withdraw(asked, officer=qianjin),
        lambda: supplements.answer(asked, actor=lihua, answer="见附件"),
    ):
        with pytest.raises(WrongState):
            again()


def test_entry_that_left_is_not_asked_any_more(asked: SupplementRequest, lihua: User) -> None:
    from submissions import services

    services.withdraw(asked.entry, actor=lihua)

    with pytest.raises(WrongState):
        supplements.answer(asked, actor=lihua, answer="见附件")


@pytest.mark.rule("R72")
def test_team_is_reminded_once_and_the_office_told_once(asked: SupplementRequest, lihua: User) -> None:
    assert supplements.remind_due() == 0
    end(asked, hours=20)
    first = supplements.remind_due()
    again = supplements.remind_due()
    end(asked, seconds=-1)
    over = supplements.remind_due()

    assert (first > 0, again, over, supplements.remind_due()) == (True, 0, 1, 0)
    titles = OutboxMessage.objects.filter(kind="supplement", subject__endswith=":owner").order_by("id")
    assert ["补充材料将于" in one.title for one in titles] == [False, True]
    assert OutboxMessage.objects.get(kind="supplement.office").title.endswith("逾期未补充材料")


def test_files_are_for_the_team_and_the_office(
    asked: SupplementRequest, lihua: User, qianjin: User, zhaolei: User
) -> None:
    from django.http import Http404

    supplements.answer(asked, actor=lihua, answer="", files=[pdf()])
    key = asked.files.get().key

    for person in (lihua, qianjin):
        assert get_attachment_for(person, key).supplement_id == asked.pk
    with pytest.raises(Http404):
        get_attachment_for(zhaolei, key)
