"""PDF peers: LibreOffice kept warm by unoserver, and weasyprint; both make plain PDF, no archive."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.bench.clock import Engine, Result, Skipped

SYSTEM_PYTHON = "/usr/bin/python3"
READY = 60


@contextmanager
def libreoffice(folder: Path) -> Iterator[Engine]:
    """Keep a LibreOffice with its own profile running; it converts Word files given as bytes."""
    found = find_spec("unoserver")
    if not shutil.which("soffice") or found is None or found.origin is None:
        raise Skipped("LibreOffice or unoserver is not installed")
    if subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=False, capture_output=True).returncode:
        raise Skipped("python3-uno is not installed")
    port, inner = _free_port(), _free_port()
    command = [SYSTEM_PYTHON, "-m", "unoserver.server", "--port", port, "--uno-port", inner]
    command += ["--user-installation", str(folder / "office-profile"), "--quiet"]
    paths = {
        "PYTHONPATH": str(Path(found.origin).parent.parent),
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
    }
    with subprocess.Popen(command, env=paths, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield Engine("LibreOffice warm (unoserver)", _converter(port))
        finally:
            server.terminate()


def _converter(port: str):
    from unoserver.client import UnoClient

    client = UnoClient(server="127.0.0.1", port=port)

    def convert(word: bytes) -> Result:
        start = time.perf_counter()
        data = client.convert(indata=word, convert_to="pdf", update_index=False)
        return Result(bytes(data), time.perf_counter() - start)

    return convert


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def _wait_for(port: str) -> None:
    for _ in range(READY * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.1)
    raise Skipped("unoserver did not start")


def weasyprint() -> Engine:
    """Return weasyprint on our HTML page."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise Skipped(f"weasyprint does not load: {error}") from error

    def render(html: str) -> bytes:
        return bytes(HTML(string=html).write_pdf())

    return Engine("weasyprint", render)
