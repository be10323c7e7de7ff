"""The puzzle of public forms: what does not count, what counts once, and that nothing typed is lost."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from competition import clock, limits
from competition.accounts import upkeep
from competition.challenge import FIELD, Unsolved, issue, puzzle, redeem
from competition.models import Attempt, Edition, OutboxMessage, User
from tests.fixtures import PASSWORD
from tests.solving import answer_to, solved

EMAIL = "new@example.com"
PHONE = "13800138009"


@pytest.fixture(autouse=True)
def _fresh_counters(db: None) -> None:
    cache.clear()


def sign_up(client: Client, **challenge: str) -> Any:
    data = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, **challenge}
    return client.post(reverse("account_signup"), data)


def why(text: str) -> str:
    with pytest.raises(Unsolved) as caught:
        redeem(text)
    return caught.value.sentence


def written(**changes: Any) -> str:
    """A payload made by hand."""
    return base64.b64encode(json.dumps(changes).encode()).decode()


def test_challenge_is_answered_in_json_and_never_kept(client: Client, edition: Edition) -> None:
    first = client.get(reverse("competition:challenge"))
    second = client.get(reverse("competition:challenge"))

    parameters = first.json()["parameters"]
    held = parameters["expiresAt"] - clock.real_now().timestamp()
    assert first["Content-Type"] == "application/json"
    assert "no-store" in first["Cache-Control"]
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    assert 590 < held <= 600
    assert parameters["nonce"] != second.json()["parameters"]["nonce"]
    assert not Attempt.objects.exists()


def test_sign_up_without_a_solution_is_refused_and_keeps_what_was_typed(
    client: Client, edition: Edition
) -> None:
    page = sign_up(client).content.decode()

    assert puzzle.MISSING in page
    assert f'value="{EMAIL}"' in page
    assert not User.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_solved_challenge_is_accepted_once(client: Client, edition: Edition) -> None:
    key = solved(client)

    first = sign_up(client, **key)
    again = sign_up(Client(), **key)

    assert first.status_code == 302
    assert puzzle.USED in again.content.decode()
    assert User.objects.count() == 1


def test_form_can_be_sent_again_after_an_error(client: Client, edition: Edition) -> None:
    address = reverse("account_signup")
    data = {"email": EMAIL, "password1": PASSWORD, "password2": "something else 9"}

    wrong = client.post(address, {**data, **solved(client)}).content.decode()
    right = client.post(address, {**data, "password2": PASSWORD, **solved(client)})

    assert "两次输入的密码不一致。" in wrong
    assert puzzle.USED not in wrong
    assert right.status_code == 302


def test_expired_challenge_is_refused() -> None:
    old = answer_to(issue(clock.real_now() - puzzle.HOLDS - timedelta(seconds=1)))

    assert why(old) == puzzle.EXPIRED


def test_challenge_of_somebody_else_is_refused(settings: Any) -> None:
    own = settings.HASH_KEY
    settings.HASH_KEY = b"another key of thirty-two bytes.."
    foreign = answer_to(issue())
    settings.HASH_KEY = own

    assert why(foreign) == puzzle.WRONG


def test_easier_or_longer_challenge_is_refused() -> None:
    made = issue()
    longer = {**made["parameters"], "expiresAt": made["parameters"]["expiresAt"] + 3600}
    easier = {**made["parameters"], "keyPrefix": "", "cost": 1}
    solution = json.loads(base64.b64decode(answer_to(made)))["solution"]

    for parameters in (longer, easier):
        challenge = {"parameters": parameters, "signature": made["signature"]}
        assert why(written(challenge=challenge, solution=solution)) == puzzle.WRONG


def test_wrong_answer_is_refused() -> None:
    made = issue()

    assert why(written(challenge=made, solution={"counter": 1, "derivedKey": "00" * 32})) == puzzle.WRONG


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "文字",
        "\x00",
        "e30=",
        "W10=",
        "9" * 5000,
        written(challenge=[], solution={}),
        written(challenge={"parameters": "text", "signature": 1}, solution=None),
        written(
            challenge={"parameters": {"algorithm": 1, "nonce": [], "salt": {}, "cost": "x"}}, solution=[]
        ),
    ],
)
def test_nonsense_is_refused_and_never_an_error(text: str) -> None:
    assert why(text) == puzzle.WRONG


def test_used_challenges_are_kept_as_hashes_and_forgotten() -> None:
    key = answer_to(issue())
    redeem(key)
    kept = Attempt.objects.get()
    Attempt.objects.update(at=clock.real_now() - limits.KEPT_FOR - timedelta(minutes=1))

    assert json.loads(base64.b64decode(key))["challenge"]["signature"] != kept.key
    assert upkeep.forget() >= 1
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("account_request_login_code", {"phone": PHONE}),
        ("account_reset_password", {"email": EMAIL}),
    ],
)
def test_code_and_reset_need_a_solution(
    client: Client, edition: Edition, name: str, typed: dict[str, str]
) -> None:
    refused = client.post(reverse(name), typed)
    sent = OutboxMessage.objects.count()
    accepted = client.post(reverse(name), {**typed, **solved(client)})

    assert puzzle.MISSING in refused.content.decode()
    assert next(iter(typed.values())) in refused.content.decode()
    assert (sent, accepted.status_code) == (0, 302)


def test_public_forms_say_that_a_script_is_needed(client: Client, edition: Edition) -> None:
    names = ("account_signup", "account_login", "account_request_login_code", "account_reset_password")
    pages = {name: client.get(reverse(name)).content.decode() for name in names}

    for page in pages.values():
        assert page.count("<altcha-widget") == page.count("请启用 JavaScript 或换用较新的浏览器") >= 1
        assert f'name="{FIELD}"' in page


def test_difficulty_is_a_setting_and_never_nothing(settings: Any) -> None:
    settings.CHALLENGE_GUESSES = 2
    counters = {json.loads(base64.b64decode(answer_to(issue())))["solution"]["counter"] for _ in range(12)}

    assert counters <= {1, 2}
    assert len(issue()["parameters"]["keyPrefix"]) == 32
