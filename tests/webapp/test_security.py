"""What must hold for every page: headers, forgery protection, limits, trusted hosts, the secret key."""

import hashlib
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.people import logged_in
from tests.webapp.browsing import NEW
from webapp.security import secret_key

VENDOR = Path("webapp/static/vendor")
PLACES = re.compile(r"<(?:(uuid|any)[:(])?[^>]*>")
EXAMPLES = {"uuid": "00000000-0000-4000-8000-00000000beef", "any": "parties"}
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("path", ["/", NEW, "/contracts/", "/nowhere", "/paper.css", "/static/app.js"])
def test_every_answer_carries_the_security_headers(client, path):
    answer = client.get(path)
    answer.close()
    headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", NEW, "/contracts/"])
def test_pages_hold_no_inline_script_or_style(client, path):
    html = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", html)
    scripts = re.findall(r"<script[^>]*>", html)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_no_page_is_kept_by_caches(client):
    assert client.get(NEW).headers["Cache-Control"] == "private, no-store"


def test_every_route_that_changes_something_refuses_requests_without_the_token(app, client):
    unsafe = [rule for rule in app.url_map.iter_rules() if not rule.methods <= SAFE]
    assert unsafe
    for rule in unsafe:
        path = PLACES.sub(lambda place: EXAMPLES.get(place[1], "crm-outsourcing"), rule.rule)
        assert client.post(path, data={"contract_number": "1"}).status_code == 400, path


def test_a_token_of_another_session_is_refused(app, client):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(NEW).text)[1]
    assert client.post(f"{NEW}/preview", data={"csrf_token": token}).status_code == 200
    stranger = logged_in(app)
    stranger.get(NEW)
    assert stranger.post(f"{NEW}/preview", data={"csrf_token": token}).status_code == 400


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.get(NEW).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000"])
def test_foreign_host_names_are_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000"])
def test_local_host_names_are_served(client, host):
    assert client.get("/paper.css", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
def test_too_much_at_once_is_refused(client, kind):
    answer = client.post(NEW, data=b"a=" + b"x" * (3 * 1024 * 1024), content_type=kind)
    assert answer.status_code == 413
    assert "提交的内容过多" in answer.text


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "home"), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    file = tmp_path / "home" / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("folder", [VENDOR, Path("tests/e2e/vendor")])
def test_vendored_files_are_what_was_vendored(folder):
    listed = dict(
        reversed(line.split(maxsplit=1)) for line in (folder / "SHA256SUMS").read_text("ascii").splitlines()
    )
    assert listed.keys() == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert any("LICENSE" in name for name in listed)
