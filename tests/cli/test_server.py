from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.projectfile import ROOT


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hear_interrupts() -> None:
    """Undo what a shell does to jobs it starts in the background: they ignore interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_serves_the_pages_on_this_machine_until_interrupted(home, port):
    command = [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port), "--json"]
    environment = {"CLAUSEBANK_HOME": str(home), "CLAUSEBANK_GENERATED": str(home / "generated"), "PATH": ""}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "preexec_fn": hear_interrupts}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as server:
        try:
            lines = [server.stdout.readline() for _ in range(3)]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                text = page.read().decode()
            server.send_signal(signal.SIGINT)
            code = server.wait(timeout=30)
            errors = server.stderr.read()
        finally:
            server.kill()

    assert f'"url": "http://127.0.0.1:{port}"' in lines[1]
    assert 'action="/login"' in text
    assert "clausebank user add" in text
    assert "Traceback" not in errors
    assert code in {0, 130}


def test_a_port_that_is_taken_is_explained(cli, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = cli("serve", "--port", port)

    assert done.code == 2
    assert f"127.0.0.1:{port}: 端口无法使用" in done.err
