"""Sensitive values: unreadable in the database, readable while their key lives, equal by keyed hash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition import crypto
from competition.models import User

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_decrypt_is_the_inverse_of_encrypt(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_equal_texts_are_stored_differently() -> None:
    assert crypto.encrypt("13800138000") != crypto.encrypt("13800138000")


def test_old_keys_stay_readable_and_new_values_use_the_first_key(settings: Any) -> None:
    settings.FIELD_KEYS = {"old": OLD}
    stored = crypto.encrypt("李华")

    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    again = crypto.encrypt("李华")

    assert crypto.decrypt(stored) == "李华"
    assert again.startswith("new:")


def test_destroyed_key_leaves_a_phrase_and_no_error(settings: Any) -> None:
    settings.FIELD_KEYS = {"old": OLD}
    stored = crypto.encrypt("李华")

    settings.FIELD_KEYS = {"new": NEW}

    assert crypto.decrypt(stored) == crypto.UNREADABLE


@pytest.mark.parametrize("damaged", ["x", "old:", "old:!!!", "old:AAAA", ":", "没有"])
def test_damaged_value_leaves_a_phrase_and_no_error(settings: Any, damaged: str) -> None:
    settings.FIELD_KEYS = {"old": OLD}

    assert crypto.decrypt(damaged) == crypto.UNREADABLE


def test_keyed_hash_separates_purposes() -> None:
    assert crypto.keyed_hash("a", "1") == crypto.keyed_hash("a", "1") != crypto.keyed_hash("b", "1")


def test_encrypted_field_cannot_be_searched(db: None) -> None:
    with pytest.raises(TypeError, match="keyed hash"):
        User.objects.filter(phone="13800138000").exists()
