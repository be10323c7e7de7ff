"""The named people of the demonstration: one for each role that has something to do."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from django.contrib.auth.models import Group
from django.urls import reverse

from competition import roles
from competition.config.rehearsal import numbers
from competition.models import Edition, Topic, User
from registration.models import Team
from submissions.models import Entry


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to be with one click; ``start`` says which page comes first."""

    key: str
    name: str
    title: str
    text: str
    start: str
    role: str = ""


PEOPLE: Final = (
    DemoPerson(
        "lihua",
        "李华",
        "参赛团队 · 报名账号",
        "报名已通过审核，申报书写了一半，可以接着写完、定稿、盖章、提交。",
        "entry",
    ),
    DemoPerson(
        "wangfang",
        "王芳",
        "参赛团队 · 参赛代表",
        "李华团队的成员，用自己的手机号登录，可以一起填写申报书。",
        "entry",
    ),
    DemoPerson(
        "guojing", "郭静", "参赛团队 · 报名被退回", "报名被退回修改，可以按逐项意见更正后重新提交。", "team"
    ),
    DemoPerson(
        "zhaolei",
        "赵磊",
        "新注册的账号",
        "还没有报名，可以从头走一遍：填写团队、单位、代表、赛题和证明材料。",
        "teams",
    ),
    DemoPerson(
        "qianjin", "钱进", "秘书处办公室工作人员", "在管理后台审核报名、做形式审查。", "admin", roles.OFFICER
    ),
    DemoPerson(
        "zhouzheng",
        "周正",
        "秘书处负责人",
        "可以看到和办理秘书处的全部事项，包括邀请工作人员；改变结果的事项由他作第二人确认。",
        "desk",
        roles.CHIEF,
    ),
    DemoPerson(
        "zhoukang",
        "周康",
        "省有关部门审核人",
        "对本部门赛题的作品作初步把关；形式审查完成后有待办事项。",
        "desk",
        roles.DEPARTMENT,
    ),
    DemoPerson(
        "sunmei", "孙梅", "评审专家", "匿名评审赛道一的作品；初步把关完成后有待评作品。", "desk", roles.EXPERT
    ),
    DemoPerson(
        "hemin",
        "何敏",
        "决赛主持",
        "公布决赛名单、主持抽签和现场流程；技术验证完成后开始。",
        "desk",
        roles.HOST,
    ),
    DemoPerson("wuxian", "吴宪", "现场监督", "见证抽签，作为第二人锁定决赛成绩。", "desk", roles.SUPERVISOR),
    DemoPerson(
        "zhengyi", "郑毅", "组委会", "拟定举报的裁定，指定领取奖金的承办单位。", "desk", roles.COMMITTEE
    ),
    DemoPerson("fengjie", "冯洁", "组委会", "作为第二人确认裁定。", "desk", roles.COMMITTEE),
    DemoPerson(
        "hanzheng",
        "韩正明",
        "举报受理人",
        "受理和核查举报，是唯一能看到举报人身份的人。",
        "desk",
        roles.CASE_HANDLER,
    ),
    DemoPerson(
        "chenhui", "陈会", "承办单位（奖金发放）", "核对证书和证件，登记奖金领取。", "desk", roles.PAYOUTS
    ),
)

#: The topic whose department the reviewer belongs to, and the expert's track.
REVIEWED_TOPIC: Final = "1-1"
EXPERT_TRACK: Final = 1


def person(key: str) -> DemoPerson | None:
    """The person with this key, or None."""
    return next((one for one in PEOPLE if one.key == key), None)


def mail(edition: Edition, key: str) -> str:
    """The address of a person in this demonstration; ``.invalid`` reaches nobody."""
    return f"{key}@{edition.slug}.invalid"


def phone(edition: Edition, key: str) -> str:
    """Eleven digits that stay the same for a person of a demonstration."""
    return numbers.mobile(Random(f"{edition.slug}:{key}"))


def user_of(edition: Edition, one: DemoPerson) -> User | None:
    """The account of a person; None before the demonstration is prepared."""
    found: User | None = User.objects.filter(email=mail(edition, one.key)).first()
    return found


def account(edition: Edition, key: str) -> User:
    """The account of a person, made when it is not there, with verified phone and the role's group."""
    one = next(each for each in PEOPLE if each.key == key)
    found = user_of(edition, one)
    if found is not None:
        return found
    made = User(username=f"{edition.slug}-{key}", email=mail(edition, key), full_name=one.name)
    made.set_phone(f"+86{phone(edition, key)}", verified=True)
    made.set_unusable_password()
    made.is_staff = one.role in roles.ADMIN_SITE
    if one.role == roles.DEPARTMENT:
        topic = Topic.objects.filter(track__edition=edition, code=REVIEWED_TOPIC).first()
        made.department = topic.department if topic else None
    made.save()
    if one.role:
        made.groups.add(Group.objects.get(name=one.role))
    return made


def first_page(one: DemoPerson, user: User, edition: Edition) -> str:
    """The address of the page that a person opens first."""
    if one.start == "desk":
        return reverse("competition:desk")
    if one.start == "admin":
        return reverse("admin:index")
    team = Team.objects.belonging_to(user).filter(edition=edition).first()
    if team is None or one.start == "teams":
        return reverse("registration:teams")
    entry = Entry.objects.filter(team=team).first() if one.start == "entry" else None
    return (
        reverse("submissions:entry", args=[entry.pk])
        if entry
        else reverse("registration:team", args=[team.pk])
    )
