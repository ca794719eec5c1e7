"""An S3 service for tests over real HTTP, from moto; TEST_S3_URL and the AWS environment override."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

from clausebank.storage.bucket import SPEECH

ANYBODY = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def running_service() -> Iterator[Callable[[], tuple[str, str]]]:
    """Run a service; yields a function that makes a bucket and returns its name and the address."""
    given = os.environ.get("TEST_S3_URL")
    if given:
        yield lambda: (_new_bucket(given), given)
        return
    server = ThreadedMotoServer(port=0, verbose=False)
    with patch.dict(os.environ, ANYBODY):
        server.start()
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        try:
            yield lambda: (_new_bucket(url), url)
        finally:
            server.stop()


def _new_bucket(url: str) -> str:
    name = f"test-{uuid4().hex}"
    boto3.session.Session().client("s3", endpoint_url=url, config=SPEECH).create_bucket(Bucket=name)
    return name
