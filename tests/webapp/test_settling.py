"""Servers and workers spare the collector what they hold from their start."""

from __future__ import annotations

import os
import subprocess
import sys

TEXTS = 50_000
SERVER = "from webapp.wsgi import served; served()"
WORKER = "from webapp.batch.engines import work; from webapp.settings import Settings; work(Settings.from_environment(), None, 1)"


def frozen_by(start: str, home) -> int:
    """Count what is out of the collector's sight after a start in a process of its own."""
    given = {"CLAUSEBANK_HOME": str(home / "home"), "CLAUSEBANK_GENERATED": str(home / "generated")}
    command = [sys.executable, "-c", f"import gc; {start}; print(gc.get_freeze_count())"]
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])


def test_a_server_settles_when_it_has_read_the_texts(tmp_path):
    assert frozen_by(SERVER, tmp_path) > TEXTS


def test_so_does_a_worker_of_a_batch(tmp_path):
    assert frozen_by(WORKER, tmp_path) > TEXTS
