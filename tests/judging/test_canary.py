"""Double blindness: what names a team is nowhere that its experts reach, and experts are nowhere that teams reach.

First everything that could leak is planted and seen to be in the sealed version; then every page, picture,
header, error and letter is searched for it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from competition import roles
from competition.form_schema import Field
from competition.models import Edition, OutboxMessage, Stage, User
from judging.models import Assignment, BlindMaterial
from judging.services import materials, sheets
from submissions.form import schema_of
from submissions.models import Attachment, Entry
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user
from tests.judging.blinding import assigned, blind_pdf, full_marks, posted, prepared
from tests.submissions.answers import complete

UNIT: Final = "山西云岫澄明数据科技有限公司"
SHORT: Final = "云岫澄明"
TEAM: Final = "赤霄凌云队"
MEMBER: Final = "慕容昭雪"
SECOND: Final = "令狐清越"
PHONE: Final = "13512340987"
CLIENT_NAME: Final = "平阳青峦矿业集团"
PATENT: Final = "一种穹顶式井巷融合方法"
PATENT_NUMBER: Final = "ZL202399887766.5"
CONTRACT_NUMBER: Final = "HT-QL-2024-0771"
DOMAIN: Final = "yunxiuchengming.cn"
FILE_NAME: Final = "云岫澄明匿名材料.pdf"
#: Stands in every field that experts must not see.
HIDDEN: Final = "朱雀玄武暗记"

EXPERT: Final = "司徒远航"
EXPERT_UNIT: Final = "雁门遥感研究所"
EXPERT_MAIL: Final = "situ-yuanhang"

NAMES: Final = [
    UNIT, SHORT, "云岫澄明数据", TEAM, "赤霄凌云", MEMBER, SECOND, PHONE, CLIENT_NAME, PATENT, PATENT_NUMBER,
    CONTRACT_NUMBER, DOMAIN, FILE_NAME, HIDDEN, "91140105MA",
]  # fmt: skip
EXPERTS: Final = [EXPERT, EXPERT_UNIT, EXPERT_MAIL]
#: All of it in one text, as people write it.
TEXT: Final = (
    f"{UNIT}（{SHORT}）的{TEAM}由{MEMBER}、{SECOND}承担，电话 {PHONE}、{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}，"
    f"邮箱 a@{DOMAIN}，网址 www.{DOMAIN}，为{CLIENT_NAME}服务，专利{PATENT}（{PATENT_NUMBER}），合同{CONTRACT_NUMBER}。"
)


def planted(edition: Edition) -> dict[str, dict[str, Any]]:
    """Complete answers of every section, every text of which gives the team away."""
    answers = {
        section.key: _planted(section.fields, complete(section)) for section in schema_of(edition).sections
    }
    (case,) = answers["cases"]["cases"]
    case["org_name"] = CLIENT_NAME
    answers["attachments"]["ip"] = {
        "patents": [{"_id": "p1", "name": PATENT, "number": PATENT_NUMBER}],
        "copyrights": [{"_id": "c1", "name": f"{SHORT}软件V1.0", "number": "2024SR0998877"}],
    }
    answers["attachments"]["contracts"] = [
        {"_id": "k1", "name": f"{CLIENT_NAME}合同", "number": CONTRACT_NUMBER}
    ]
    answers["attachments"]["others"] = [{"_id": "o1", "name": HIDDEN}]
    answers["market"]["trade_forms"] = ["exchange"]
    answers["market"]["trade_forms__exchange__percent"] = "10"
    answers["market"]["trade_forms__exchange__name"] = HIDDEN
    return answers


def _planted(fields: tuple[Field, ...], answers: dict[str, Any]) -> dict[str, Any]:
    texts = {field.key: field for one in fields for field in one.walk() if field.kind in ("text", "textarea")}
    found: dict[str, Any] = {}
    for key, value in answers.items():
        field = texts.get(key.rpartition("__")[2])
        if isinstance(value, dict):
            found[key] = _planted(fields, value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found[key] = [_planted(fields, row) for row in value]
        elif field is not None and isinstance(value, str):
            found[key] = TEXT if field.blind == "show" else HIDDEN
        else:
            found[key] = value
    return found


@pytest.fixture
def owner(db: None) -> User:
    user = make_user("owner-canary", MEMBER, phone=f"+86{PHONE}")
    user.email = f"boss@{DOMAIN}"
    user.save()
    return user


@pytest.fixture
def entry(edition: Edition, owner: User) -> Entry:
    second = make_user("second-canary", SECOND, phone="+8613512340988")
    return accepted_entry(
        edition,
        owner,
        unit=UNIT,
        also=second,
        blind_pdf=blind_pdf("架构图", TEXT),
        answers=planted(edition),
        team_name=TEAM,
        blind_name=FILE_NAME,
    )


@pytest.fixture
def sitou(edition: Edition) -> User:
    return make_user(EXPERT_MAIL, EXPERT, role=roles.EXPERT)


@pytest.fixture
def assignment(
    edition: Edition, entry: Entry, sitou: User, qianjin: User, open_stage: Callable[..., Stage]
) -> Assignment:
    """Assigned; the first page shown, the one that tells everything withheld."""
    open_stage("preliminary")
    first, second = prepared(entry).pages.all()
    materials.look(first, officer=qianjin, verdict="shown")
    materials.look(second, officer=qianjin, verdict="withheld", reason=f"有{SHORT}字样")
    materials.release(BlindMaterial.objects.get(entry=entry), officer=qianjin)
    return assigned(entry, expert(edition, sitou, unit=EXPERT_UNIT))


def seen(response: HttpResponse) -> str:
    """Everything that a browser gets: status line, headers, body."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    return f"{headers}\n{cookies}\n{response.content.decode('utf-8', 'replace')}"


def letters_to(*recipients: str) -> list[OutboxMessage]:
    """Addresses are encrypted: they are compared here."""
    return [one for one in OutboxMessage.objects.all() if one.recipient in recipients]


def found_in(text: str, words: list[str]) -> list[str]:
    return [word for word in words if word.casefold() in text.casefold()]


def test_the_sealed_version_holds_all_that_could_leak(entry: Entry) -> None:
    revision = entry.blind.revision
    sealed = str(revision.content) + TEXT * (TEXT in str(revision.content))
    registered = str(entry.team.representatives.values_list("mobile", flat=True)) + entry.team.owner.email

    assert [word for word in NAMES if word not in sealed + registered] == []
    assert Attachment.objects.filter(entry=entry, name=FILE_NAME).exists()


def answers_to(client: Client, assignment: Assignment) -> Iterator[tuple[str, HttpResponse]]:
    """Everything an expert can reach, from the list to the receipt of a corrected sheet, and every error."""
    base = f"/expert/{assignment.code}/"
    entry, material = assignment.entry, assignment.entry.blind
    marks = full_marks(assignment.edition)
    json = {"Accept": "application/json"}
    for path in ("/desk/", "/expert/", base, f"{base}page/1.png", f"{base}page/2.png", f"{base}page/9.png"):
        yield path, client.get(path)
    for path in (
        "/expert/ABCDEF/",
        f"/secretariat/blind/{material.pk}/",
        f"/secretariat/blind/{material.pk}/page/2.png",
        f"/entry/{entry.pk}/",
        f"/gatekeeping/{entry.gate.pk}/",
        f"/entry/file/{Attachment.objects.filter(entry=entry)[0].key}/",
        f"/expert/final/{assignment.pk}/file/{Attachment.objects.filter(entry=entry)[0].key}/",
        "/team/",
        f"/team/{entry.team_id}/",
    ):
        yield path, client.get(path)
    yield "stale", client.post(base, posted(marks, version="7"), headers=json)
    yield "wrong", client.post(base, posted(marks | {"route": "99"}, version="0", do="check"))
    yield "wrong page", client.get(f"{base}confirm/")
    yield "saved", client.post(base, posted(marks, version="1"), headers=json)
    yield "confirm", client.get(f"{base}confirm/")
    yield "submit", client.post(f"{base}submit/", {"version": "2"})
    yield "again", client.post(base, posted(marks, version="2"), headers=json)
    yield "receipt", client.get(f"{base}receipt/")
    yield "correct", client.get(f"{base}correct/")
    yield "list", client.get("/expert/")


@pytest.mark.rule("R16")
def test_nothing_that_an_expert_reaches_names_the_team(
    assignment: Assignment, qianjin: User, sitou: User, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(sitou)
    client.raise_request_exception = False

    leaks, statuses = {}, {}
    for name, response in answers_to(client, assignment):
        statuses[name] = response.status_code
        if words := found_in(seen(response), NAMES):
            leaks[name] = words

    assert leaks == {}
    assert (statuses["/expert/"], statuses[f"/expert/{assignment.code}/"]) == (200, 200)
    assert (statuses["receipt"], statuses["wrong page"], statuses["stale"]) == (200, 422, 409)
    assert (
        statuses[f"/expert/{assignment.code}/page/1.png"],
        statuses[f"/expert/{assignment.code}/page/2.png"],
    ) == (
        200,
        404,
    )


@pytest.mark.rule("R16")
def test_the_material_itself_names_nobody_and_says_something(assignment: Assignment) -> None:
    material = BlindMaterial.objects.get(pk=assignment.entry.blind.pk)

    assert found_in(str(material.content), NAMES) == []
    assert "案例单位A" in str(material.content)
    assert len(material.leaks) > 50


@pytest.mark.rule("R16")
def test_a_picture_carries_pixels_alone(
    assignment: Assignment, sitou: User, as_user: Callable[[User | None], Client]
) -> None:
    response = as_user(sitou).get(f"/expert/{assignment.code}/page/1.png")

    picture = Image.open(io.BytesIO(response.content))
    chunks = [response.content[place : place + 4] for place in range(len(response.content) - 4)]
    assert (picture.info, picture.getexif()) == ({}, {})
    assert not {b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"} & set(chunks)
    assert set(response.headers) & {"ETag", "Last-Modified"} == set()


@pytest.mark.rule("R16")
def test_no_letter_to_an_expert_names_the_team(assignment: Assignment, qianjin: User, sitou: User) -> None:
    sheets.remind(assignment.expert, round="preliminary", actor=qianjin)

    letters = letters_to(sitou.email)

    assert letters != []
    assert found_in("".join(f"{one.title}{one.body}{one.data}{one.subject}" for one in letters), NAMES) == []


@pytest.mark.rule("R16")
def test_nothing_that_the_team_reaches_names_an_expert(
    assignment: Assignment, entry: Entry, owner: User, sitou: User, as_user: Callable[[User | None], Client]
) -> None:
    sheet = sheets.submit(
        assignment, actor=sitou, marks=full_marks(entry.edition), comment=f"{EXPERT}：建议补充。"
    )
    client = as_user(owner)
    client.raise_request_exception = False
    paths = [
        "/", "/team/", f"/team/{entry.team_id}/", f"/entry/{entry.pk}/", f"/entry/{entry.pk}/submit/", "/expert/",
        f"/expert/{assignment.code}/", f"/expert/{assignment.code}/receipt/", "/secretariat/scoring/",
        f"/secretariat/sheets/{sheet.number}.pdf", f"/secretariat/blind/{entry.blind.pk}/", "/desk/",
        f"/gatekeeping/{entry.gate.pk}/",
    ]  # fmt: skip

    leaks = {path: words for path in paths if (words := found_in(seen(client.get(path)), EXPERTS))}
    letters = letters_to(owner.email, owner.phone)

    assert leaks == {}
    assert (
        found_in("".join(f"{one.title}{one.body}{one.data}" for one in letters), [*EXPERTS, sheet.comment])
        == []
    )
