"""A file store in a bucket of S3, or of a service that speaks like it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from clausebank.storage.errors import DamagedFile, MissingFile, StoreUnavailable
from clausebank.storage.files import Stored

IN_MEMORY = 256 * 1024
PIECE = 64 * 1024
LISTED = 1000
NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})
SPEECH = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 4},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@dataclass(frozen=True, slots=True)
class BucketStore:
    """Keeps every file as an object; ``prefix`` is empty or ends with a slash."""

    client: Any
    bucket: str
    prefix: str = ""

    def put(self, key: str, data: bytes) -> None:
        """Store an object; the service compares the digest before it keeps anything."""
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
        with self._reachable(key):
            self.client.put_object(Bucket=self.bucket, Key=self._name(key), Body=data, ChecksumSHA256=digest)

    def open(self, key: str, sha256: str) -> BinaryIO:
        """Fetch an object into a temporary file, and give that once it is found whole."""
        spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (given away open)
        try:
            self._fetch(key, sha256, spool)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return cast("BinaryIO", spool)

    def _fetch(self, key: str, sha256: str, target: SpooledTemporaryFile[bytes]) -> None:
        digest = hashlib.sha256()
        with self._reachable(key):
            body = self.client.get_object(Bucket=self.bucket, Key=self._name(key))["Body"]
            for piece in body.iter_chunks(PIECE):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != sha256:
            raise DamagedFile(key)

    def find(self, key: str) -> Stored | None:
        """Ask for the head of an object."""
        try:
            with self._reachable(key):
                found = self.client.head_object(Bucket=self.bucket, Key=self._name(key))
        except MissingFile:
            return None
        return Stored(key, found["ContentLength"], found["LastModified"])

    def files(self) -> Iterator[Stored]:
        """Yield all objects below the prefix."""
        listing = self.client.get_paginator("list_objects_v2")
        pages = listing.paginate(
            Bucket=self.bucket, Prefix=self.prefix, PaginationConfig={"PageSize": LISTED}
        )
        with self._reachable(self.prefix):
            for page in pages:
                for found in page.get("Contents", ()):
                    key = found["Key"].removeprefix(self.prefix)
                    yield Stored(key, found["Size"], found["LastModified"])

    def delete(self, key: str) -> None:
        """Remove an object."""
        with self._reachable(key):
            self.client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def check(self) -> None:
        """Ask for the bucket."""
        try:
            with self._reachable(self.bucket):
                self.client.head_bucket(Bucket=self.bucket)
        except MissingFile as error:
            raise StoreUnavailable(f"s3://{self.bucket}", "no such bucket") from error

    def _name(self, key: str) -> str:
        if not key or key.startswith("/") or "\\" in key or ".." in key.split("/"):
            raise ValueError(f"not a key: {key}")
        return f"{self.prefix}{key}"

    @contextmanager
    def _reachable(self, key: str) -> Iterator[None]:
        """Say in our words what the service answers."""
        try:
            yield
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in NOT_THERE:
                raise MissingFile(key) from error
            raise StoreUnavailable(f"s3://{self.bucket}", str(error)) from error
        except (BotoCoreError, OSError) as error:
            raise StoreUnavailable(f"s3://{self.bucket}", str(error)) from error


def open_bucket(bucket: str, prefix: str = "", endpoint: str = "") -> BucketStore:
    """Open a bucket; who we are is read from where every AWS program reads it."""
    client = boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=SPEECH)
    return BucketStore(client, bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else "")
