"""The environment: read with types, and loud about what is wrong."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from competition.config.env import Env
from tests.house.processes import manage

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "SECRET_KEY": "production-secret-" + "abcdefghij0123456789" * 3,
    "FIELD_KEYS": f"k2:{KEY},k1:{KEY}",
    "HASH_KEY": KEY,
    "DATABASE_URL": "postgres://portal:p%40ss@db.example:5432/portal",
    "REDIS_URL": "redis://:secret@redis.example:6379/0",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "MEDIA_ROOT": "/data/media",
    "TRUSTED_PROXY": "1",
}


@pytest.mark.parametrize(
    ("method", "raw", "sentence"),
    [
        ("flag", "maybe", "X is 'maybe', which is neither yes nor no."),
        ("number", "8o80", "X is '8o80'."),
        ("number", "70000", "X is '70000'."),
        ("origins", "portal.example", "X holds 'portal.example'."),
        ("origins", "https://portal.example/path", "X holds 'https://portal.example/path'."),
        ("keys", f"{KEY}", f"X has an unusable key (id '{KEY[:12]}')."),
        ("keys", f"k1:{KEY},k1:{KEY}", "X has an unusable key (id 'k1')."),
        ("keys", "k1:c2hvcnQ=", "X has an unusable key (id 'k1')."),
        ("secret", "not base64!", "X is not base64 of at least 32 bytes."),
        ("database", "mysql://a@b/c", "X is not the address of a PostgreSQL database."),
        ("database", "postgres://a@b:port/c", "X is not the address of a PostgreSQL database."),
        ("redis", "localhost:6379", "X is not the address of a Redis server."),
        ("mail", "mail.example", "X is not the address of a mail server."),
    ],
)
def test_env_notes_a_bad_value_and_goes_on(method: str, raw: str, sentence: str) -> None:
    env = Env({"X": raw})
    defaults = {"number": {"default": 1, "most": 65535}, "redis": {"default": ""}}

    getattr(env, method)("X", **defaults.get(method, {}))

    assert [problem.sentence for problem in env.problems] == [sentence]
    assert all(problem.hint.endswith(".") for problem in env.problems)


def test_env_reads_good_values() -> None:
    env = Env({**PRODUCTION, "EMAIL_URL": "smtps://post:p%3Aw@mail.example", "DEBUG": "off", "PORT": "9000"})

    database = env.database("DATABASE_URL")
    mail = env.mail("EMAIL_URL")

    assert (database["NAME"], database["HOST"], database["PASSWORD"]) == ("portal", "db.example", "p@ss")
    assert (mail["EMAIL_PORT"], mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_USE_SSL"]) == (465, "p:w", True)
    assert list(env.keys("FIELD_KEYS")) == ["k2", "k1"]
    assert (env.flag("DEBUG", default=True), env.number("PORT", 8000)) == (False, 9000)
    assert env.problems == []


def test_deploy_check_is_clean_with_production_variables(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", RUN_DIR=str(tmp_path / "run"), **PRODUCTION)

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")
    assert not (tmp_path / "run").exists()


def test_deploy_check_names_every_missing_variable(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", RUN_DIR=str(tmp_path))

    named = {line.split()[2] for line in done.stderr.splitlines() if "(portal.E002)" in line}
    assert done.returncode == 1
    assert named == set(PRODUCTION) - {"CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY"}
    assert "Traceback" not in done.stderr


def test_check_is_loud_about_bad_values_and_silent_about_secrets() -> None:
    bad = {**PRODUCTION, "FIELD_KEYS": "k1:c2VjcmV0LXZhbHVl", "DEBUG": "maybe", "DEMO": "1"}

    done = manage("check", "--deploy", **bad)

    assert done.returncode == 1
    assert "(portal.E001) DEBUG is 'maybe', which is neither yes nor no." in done.stderr
    assert "(portal.E001) FIELD_KEYS has an unusable key (id 'k1')." in done.stderr
    assert "(portal.E003) DEMO is on: anybody could log in as anybody." in done.stderr
    assert "c2VjcmV0LXZhbHVl" not in done.stderr
    assert "Traceback" not in done.stderr


def test_production_without_keys_does_not_run() -> None:
    done = manage("check", DATABASE_URL=PRODUCTION["DATABASE_URL"])

    named = {line.split()[2] for line in done.stderr.splitlines() if "(portal.E002)" in line}
    assert (done.returncode, named) == (1, {"SECRET_KEY", "FIELD_KEYS", "HASH_KEY"})


def test_policy_admits_only_our_own_files(client: Client, db: None) -> None:
    response = client.get("/no-such-page/")

    policy = {part.split()[0]: part.split()[1:] for part in response["Content-Security-Policy"].split("; ")}
    own = ["script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "worker-src"]
    assert policy == {
        **{name: ["'self'"] for name in [*own, "manifest-src", "form-action"]},
        **{name: ["'none'"] for name in ["default-src", "object-src", "base-uri", "frame-ancestors"]},
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_limits_admit_a_table_of_200_cases() -> None:
    fields_of_a_case = 12

    assert 200 * fields_of_a_case < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > 20_000 * 4


def test_celery_loses_no_task_and_takes_one_at_a_time() -> None:
    beat = settings.CELERY_BEAT_SCHEDULE["reconcile"]

    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert (beat["task"], beat["schedule"]) == ("competition.reconcile", 15.0)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "HASH_KEY"])
def test_a_web_process_does_not_start_on_placeholder_keys(name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    environment = {**os.environ, "PORTAL_LOCAL": "", "DEMO": "", "DEBUG": "", "PORTAL_PROVIDED": "", **given}
    environment.pop(name, None)
    command = [sys.executable, "-c", "import competition.config.wsgi"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert (done.returncode, f"{name} is missing." in done.stderr) == (1, True)
