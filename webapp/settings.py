"""Settings: defaults that are safe, then the environment (docs/administration.md lists them all)."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clausebank.storage.database import Database
    from clausebank.storage.files import FileStore
    from clausebank.storage.logins import Limits as LoginLimits
    from clausebank.uploads import Limits

MINIMUM_SECRET = 16
MOST_PROCESSES = 256
MOST_MEGABYTES, MOST_PAGES = 500, 5000
STORE = "contracts"
BROKERS = ("redis://", "rediss://", "amqp://", "amqps://")
BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
MOST_MINUTES, MOST_HOURS, MOST_ATTEMPTS, MOST_PROXIES = 24 * 60, 30 * 24, 100, 10


class SettingsError(ValueError):
    """A setting cannot be used; says which and why, in both languages."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        self.name, self.zh, self.en = name, zh, en
        super().__init__(f"{name}: {en}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and what they are called; one field an environment name."""

    home: Path
    generated: Path
    database_url: str = ""
    storage: str = ""
    storage_endpoint: str = ""
    secret_key: str = ""
    language: str = "zh"
    batch_engine: str = "local"
    broker_url: str = ""
    processes: int = 0
    attached_megabytes: int = 20
    attached_pages: int = 200
    actor: str = ""
    audit_key: str = ""
    idle_minutes: int = 120
    session_hours: int = 12
    login_attempts: int = 10
    login_minutes: int = 15
    https: str = "no"
    trusted_hosts: str = "127.0.0.1,localhost"
    proxies: int = 0
    log_format: str = "text"
    metrics_token: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; paths are relative to the working folder."""
        given = os.environ if environment is None else environment
        settings = cls(
            home=Path(given.get("CLAUSEBANK_HOME") or ".clausebank"),
            generated=Path(given.get("CLAUSEBANK_GENERATED") or "generated"),
            database_url=given.get("CLAUSEBANK_DATABASE_URL", ""),
            storage=given.get("CLAUSEBANK_STORAGE", ""),
            storage_endpoint=given.get("CLAUSEBANK_STORAGE_ENDPOINT", ""),
            secret_key=given.get("CLAUSEBANK_SECRET_KEY", ""),
            language=given.get("CLAUSEBANK_LANGUAGE") or "zh",
            batch_engine=given.get("CLAUSEBANK_BATCH_ENGINE") or "local",
            broker_url=given.get("CLAUSEBANK_BROKER_URL", ""),
            processes=_processes(given.get("CLAUSEBANK_PROCESSES") or "0"),
            attached_megabytes=_number(given, "CLAUSEBANK_ATTACHED_MEGABYTES", 20, MOST_MEGABYTES),
            attached_pages=_number(given, "CLAUSEBANK_ATTACHED_PAGES", 200, MOST_PAGES),
            actor=given.get("CLAUSEBANK_ACTOR", "").strip(),
            audit_key=given.get("CLAUSEBANK_AUDIT_KEY", ""),
            idle_minutes=_number(given, "CLAUSEBANK_IDLE_MINUTES", 120, MOST_MINUTES),
            session_hours=_number(given, "CLAUSEBANK_SESSION_HOURS", 12, MOST_HOURS),
            login_attempts=_number(given, "CLAUSEBANK_LOGIN_ATTEMPTS", 10, MOST_ATTEMPTS),
            login_minutes=_number(given, "CLAUSEBANK_LOGIN_MINUTES", 15, MOST_MINUTES),
            https=given.get("CLAUSEBANK_HTTPS") or "no",
            trusted_hosts=given.get("CLAUSEBANK_TRUSTED_HOSTS") or "127.0.0.1,localhost",
            proxies=_number(given, "CLAUSEBANK_PROXIES", 0, MOST_PROXIES, least=0),
            log_format=given.get("CLAUSEBANK_LOG_FORMAT") or "text",
            metrics_token=given.get("CLAUSEBANK_METRICS_TOKEN", ""),
        )
        settings._check()
        return settings

    def _check(self) -> None:
        if self.language not in {"zh", "en"}:
            raise SettingsError("CLAUSEBANK_LANGUAGE", "应为 zh 或者 en", "must be zh or en")
        if self.batch_engine not in {"inline", "local", "celery"}:
            raise SettingsError(
                "CLAUSEBANK_BATCH_ENGINE",
                "应为 local、inline 或者 celery",
                "must be local, inline or celery",
            )
        if self.batch_engine == "celery" and not self.broker_url.startswith(BROKERS):
            raise SettingsError(
                "CLAUSEBANK_BROKER_URL",
                "使用 celery 时应为 redis:// 或者 amqp:// 地址",
                "must be a redis:// or amqp:// address when the engine is celery",
            )
        if self.storage and not BUCKET.fullmatch(self.storage):
            raise SettingsError(
                "CLAUSEBANK_STORAGE", "应为空或者 s3://桶/前缀", "must be empty or s3://bucket/prefix"
            )
        if self.https not in {"yes", "no"}:
            raise SettingsError("CLAUSEBANK_HTTPS", "应为 yes 或者 no", "must be yes or no")
        if self.log_format not in {"text", "json"}:
            raise SettingsError("CLAUSEBANK_LOG_FORMAT", "应为 text 或者 json", "must be text or json")
        for name, secret in (
            ("SECRET_KEY", self.secret_key),
            ("AUDIT_KEY", self.audit_key),
            ("METRICS_TOKEN", self.metrics_token),
        ):
            if secret and len(secret) < MINIMUM_SECRET:
                raise SettingsError(
                    f"CLAUSEBANK_{name}",
                    f"至少需要 {MINIMUM_SECRET} 个字符",
                    f"needs at least {MINIMUM_SECRET} characters",
                )

    def attached(self) -> Limits:
        """Return how large a file may be that is attached to a contract."""
        from clausebank.uploads import Limits

        return Limits(self.attached_megabytes, self.attached_pages)

    def limits(self) -> LoginLimits:
        """Return how long one stays logged in and how often one may fail to log in."""
        from clausebank.storage.logins import Limits as LoginLimits

        return LoginLimits(
            idle=timedelta(minutes=self.idle_minutes),
            absolute=timedelta(hours=self.session_hours),
            attempts=self.login_attempts,
            window=timedelta(minutes=self.login_minutes),
        )

    def hosts(self) -> list[str]:
        """Return the names under which the pages may be asked for."""
        return [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]

    def database(self) -> str:
        """Return the database's address: the one given, or a file in the home folder."""
        if self.database_url:
            return self.database_url
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        from clausebank.storage.database import sqlite_url

        return sqlite_url((self.home / "clausebank.db").resolve())

    def open_database(self) -> Database:
        """Open the database in the name of whoever runs the program."""
        from clausebank.storage.database import open_database

        return open_database(self.database(), self.actor or _system_user(), self.audit_key.encode())

    def open_store(self) -> FileStore:
        """Open the file store: a bucket when one is named, else the folder of the generated files."""
        named = BUCKET.fullmatch(self.storage)
        if named is None:
            from clausebank.storage.folder import FolderStore

            return FolderStore(self.generated / STORE)
        with needed_extra("CLAUSEBANK_STORAGE", "s3", "boto3"):
            from clausebank.storage.bucket import open_bucket
        return open_bucket(named[1], named[2] or "", self.storage_endpoint)


@contextmanager
def needed_extra(name: str, extra: str, *packages: str) -> Iterator[None]:
    """Say which extra a setting needs when its packages are not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in packages:
            raise
        raise SettingsError(
            name,
            f"需要附加依赖：pip install 'clausebank[{extra}]'",
            f"needs an extra: pip install 'clausebank[{extra}]'",
        ) from error


def _system_user() -> str:
    """Return who is logged in on the machine; a container may know nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "clausebank"


def _number(given: Mapping[str, str], name: str, usual: int, most: int, least: int = 1) -> int:
    """Read a whole number from the least to the most that is allowed."""
    text = given.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        zh, en = f"应为 {least} 至 {most} 的整数", f"must be a number from {least} to {most}"
        raise SettingsError(name, zh, en)
    return int(text)


def _processes(text: str) -> int:
    """Read a number of processes; 0 is one for each processor."""
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_PROCESSES):
        raise SettingsError(
            "CLAUSEBANK_PROCESSES",
            f"应为 0 至 {MOST_PROCESSES} 的整数",
            f"must be a number from 0 to {MOST_PROCESSES}",
        )
    return int(text)
