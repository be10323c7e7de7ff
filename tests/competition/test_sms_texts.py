"""Every SMS is one of the filed templates, fits the carrier's limits and stands in the manual."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from competition import outbox, sms_texts
from competition.crypto import decrypt
from competition.models import Edition, OutboxMessage, User

ROOT = Path(__file__).resolve().parents[2]
APPS = ("competition", "registration", "submissions", "judging", "awards")


def calls() -> list[tuple[Path, ast.Call]]:
    """Every call of a function of the outbox in the portal's code."""
    found = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    found.append((path, node))
    return found


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def rows() -> dict[str, list[str]]:
    """The manual's table: name -> its other cells."""
    lines = re.findall(r"^\| `([\w.]+)` \| (.*) \|$", (ROOT / "docs/operations.md").read_text(), re.M)
    return {name: rest.split(" | ") for name, rest in lines if name in sms_texts.TEMPLATES}


def test_no_sms_is_written_without_a_template() -> None:
    written = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in calls()
        if name_of(call) == "post"
        and path.name != "outbox.py"
        and any(word.arg == "channel" and ast.unparse(word.value).endswith("SMS") for word in call.keywords)
    ]

    assert written == []


def test_templates_that_are_named_exist() -> None:
    named = [
        word.value.value
        for path, call in calls()
        if name_of(call) == "post_sms"
        for word in call.keywords
        if word.arg == "template" and isinstance(word.value, ast.Constant)
    ]

    assert set(named) <= set(sms_texts.TEMPLATES)
    assert {"code", "invitation", "submission.reminder"} <= set(named)


def test_manual_lists_every_template_as_it_is_filed() -> None:
    expected = {
        name: [
            one.filed_as,
            one.text.replace("{site}", "https://门户域名").replace("{", "${"),
            "、".join(f"`{parameter}`" for parameter in one.parameters),
        ]
        for name, one in sms_texts.TEMPLATES.items()
    }

    assert rows() == expected


@pytest.mark.parametrize("name", sorted(sms_texts.TEMPLATES))
def test_template_is_fit_for_filing(name: str) -> None:
    text = sms_texts.TEMPLATES[name].text

    assert len(text) <= 300
    assert not re.search(r"[【】\[\]]", text)
    assert not re.search(r"\}\{", text)


def test_verification_codes_have_one_parameter() -> None:
    codes = {one for one in sms_texts.TEMPLATES.values() if one.filed_as == sms_texts.CODE}

    assert [one.parameters for one in codes] == [("code",)]


def test_parameters_fit_the_carrier(db: None) -> None:
    outbox.post_sms(
        "k",
        "s",
        "1",
        recipient="+8613800138001",
        template="notice",
        params={"title": f"【通知】\n{'长' * 60}"},
    )

    message = OutboxMessage.objects.get()
    stored = decrypt(message.data["params"])
    assert len(sms_texts.cut("长" * 60)) == sms_texts.LONGEST
    assert "〔通知〕 长长" in stored and "【" not in stored
    assert sms_texts.cut("长" * 35) == "长" * 35
    assert message.body.endswith("…。详情请登录大赛平台查看。")


def test_person_without_mail_gets_the_generic_notice(edition: Edition, lihua: User) -> None:
    lihua.email = ""
    lihua.set_phone("+8613800138001", verified=True)

    outbox.tell(lihua, "k", "s", "1", title="报名已通过", body="很长的信", edition=edition)

    message = OutboxMessage.objects.get()
    assert (message.channel, message.recipient) == ("sms", "+8613800138001")
    assert message.body == f"【{edition.short_name}】通知：报名已通过。详情请登录大赛平台查看。"
    assert message.data["template"] == "notice"


def test_missing_parameter_is_an_error_when_written(db: None) -> None:
    with pytest.raises(KeyError):
        outbox.post_sms("k", "s", "1", recipient="1", template="notice", params={})
