"""The portal's own servers, with real processes: started, shared, kept, healed, stopped."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.processes import ROOT, alive, environment, servers_of, start, wait_for

HOLD = """
import sys
from competition.config import embedded
embedded.provide()
print("ready", flush=True)
sys.stdin.readline()
"""
ASK = """
import os, psycopg2, redis
from competition.config import embedded
embedded.provide()
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
    {sql}
store = redis.Redis.from_url(os.environ["REDIS_URL"])
{more}
"""

TWICE = """
import psutil, psycopg2
from pathlib import Path
from competition.config import embedded_postgres_server as server
from competition.config.settings import RUN_DIR
folder = Path(RUN_DIR) / "postgres"
for _ in range(2):
    address = server.start(folder, durable=True)
    dead = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    dead.kill()
    psutil.wait_procs([dead], timeout=10)
with psycopg2.connect(server.start(folder, durable=True)) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT 7")
    print(cursor.fetchone()[0])
server.stop(folder)
"""


@pytest.fixture(scope="module")
def folder(open_folder: Path) -> Path:
    """A checkout's path may be longer than the name of a socket can be (107 bytes)."""
    deep = open_folder
    while len(str(deep)) < 130:
        deep /= "a-rather-long-folder-name"
    deep.mkdir(parents=True)
    return deep


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(RUN_DIR=str(folder)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def hold(folder: Path) -> subprocess.Popen[str]:
    """A process that uses the servers until it is told to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=ROOT,
        env=environment(RUN_DIR=str(folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_servers_keep_data_between_runs_and_stop_with_the_last_process(folder: Path) -> None:
    write = ASK.format(
        sql="cursor.execute('CREATE TABLE IF NOT EXISTS note AS SELECT 7 AS n')",
        more="store.set('note', 'seven'); store.save()",
    )
    read = ASK.format(
        sql="cursor.execute('SELECT n FROM note'); n = cursor.fetchone()[0]",
        more="print(n, store.get('note').decode())",
    )

    run(write, folder)
    after_first = alive(servers_of(folder))
    answer = run(read, folder)

    assert (after_first, answer, alive(servers_of(folder))) == ([], "7 seven", [])


def test_servers_know_chinese_letters_for_trigrams(folder: Path) -> None:
    script = ASK.format(
        sql="cursor.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm'); "
        "cursor.execute(\"SELECT similarity('数据要素流通', '数据要素') > 0.3\"); found = cursor.fetchone()[0]",
        more="print(found)",
    )

    answer = run(script, folder)

    assert answer == "True"


def test_servers_outlive_one_of_two_users(folder: Path) -> None:
    first, second = hold(folder), hold(folder)

    first.communicate("end\n", timeout=60)
    between = alive(servers_of(folder))
    second.communicate("end\n", timeout=60)

    assert len(between) >= 2
    assert alive(servers_of(folder)) == []


def test_servers_left_by_a_killed_process_are_used_and_stopped_by_the_next(folder: Path) -> None:
    victim = hold(folder)
    victim.kill()
    victim.wait()
    left = alive(servers_of(folder))

    answer = run(ASK.format(sql="cursor.execute('SELECT 1')", more="print(store.ping())"), folder)

    assert len(left) >= 2
    assert (answer, alive(servers_of(folder))) == ("True", [])


def test_stale_files_after_a_power_cut_are_healed(folder: Path) -> None:
    victim = hold(folder)
    processes = servers_of(folder)
    victim.kill()
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    victim.wait()
    wait_for(lambda: not alive(processes), what="the end of the servers")
    # The process id in the file may by now belong to somebody else: to this test, for instance.
    pid_file = folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    answer = run(ASK.format(sql="cursor.execute('SELECT 1')", more="print(store.ping())"), folder)

    assert answer == "True"


def test_server_that_died_is_started_again_by_the_same_process(folder: Path) -> None:
    answer = run(TWICE, folder)

    assert answer == "7"


def test_first_preparation_that_was_cut_short_is_set_aside(open_folder: Path) -> None:
    half_made = open_folder / "cut-short" / "postgres"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    answer = run(ASK.format(sql="cursor.execute('SELECT 1')", more="print(store.ping())"), half_made.parent)

    assert answer == "True"
    assert len(list(half_made.parent.glob("postgres.unfinished-*"))) == 1


def test_keys_and_addresses_are_readable_by_their_owner_alone(folder: Path) -> None:
    run("from competition.config import embedded; embedded.provide()", folder)
    private = [folder / "keys.json", folder / "redis" / "address", folder / "redis" / "redis.conf"]

    modes = [stat.S_IMODE(path.stat().st_mode) for path in private]

    assert modes == [0o600, 0o600, 0o600]


def test_production_gets_nothing_that_it_was_not_given(tmp_path: Path) -> None:
    script = (
        "import os; from competition.config import embedded; embedded.provide();"
        "print(os.environ.get('SECRET_KEY'), os.environ.get('REDIS_URL'), os.environ.get('PORTAL_PROVIDED'))"
    )

    process = start(
        [sys.executable, "-c", script], DATABASE_URL="postgres://a@b/c", RUN_DIR=str(tmp_path / "run")
    )
    said, _ = process.communicate(timeout=30)

    assert said.strip() == "None None None"
    assert not (tmp_path / "run").exists()
