"""The pages under gunicorn with two workers, as docs/administration.md says."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.projectfile import ROOT

UNIT = ROOT / "docs" / "examples" / "systemd" / "clausebank-web.service"


def command(port: int) -> list[str]:
    """The command of the unit on a port of our own."""
    started = re.search(r"^ExecStart=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)[1]
    words = shlex.split(started)[1:]
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [str(Path(sys.executable).with_name("gunicorn")), *words]


def test_it_serves_ready_and_stops_when_asked(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"HOME": tmp_path / "home", "GENERATED": tmp_path / "generated", "LOG_FORMAT": "json"}
    environment = {**os.environ, **{f"CLAUSEBANK_{name}": str(value) for name, value in given.items()}}
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(command(port), cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        ready = wait_until_ready(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login") as page:
            text = page.read().decode()
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    finally:
        server.kill()
    requests = [json.loads(line) for line in log.read_text("utf-8").splitlines() if '"/login"' in line]

    assert ready == {"ready": True, "database": True, "tables": True, "storage": True}
    assert "csrf_token" in text
    assert code == 0
    assert [line["status"] for line in requests] == [200]


def wait_until_ready(port: int) -> dict:
    give_up = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < give_up
            time.sleep(0.2)
