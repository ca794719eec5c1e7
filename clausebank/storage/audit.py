"""The audit trail: who did what when to which object, each event sealed together with the one before."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clausebank.findings import Finding, Level
from clausebank.storage.columns import now
from clausebank.storage.database import SOMEBODY, on_postgresql
from clausebank.storage.models import AuditEvent

LOCK = 0x6175646974  # advisory lock on PostgreSQL: one event after another
KEY_NAME = 12
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the trail; kept elsewhere, it proves later that nothing was cut off."""

    seq: int
    digest: str

    def __str__(self) -> str:
        """Return ``seq:digest``."""
        return f"{self.seq}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the trail found."""

    head: Head
    findings: tuple[Finding, ...]


def record(
    session: Session, action: str, target: str, detail: Mapping[str, Any] | None = None, actor: str = ""
) -> AuditEvent:
    """Add an event to the trail, in the transaction of what it tells about."""
    take_turn(session)
    last = head(session)
    key: bytes = session.info.get("audit_key", b"")
    event = AuditEvent(
        seq=last.seq + 1,
        at=now(),
        actor=actor or session.info.get("actor", SOMEBODY),
        action=action,
        target=target,
        detail=dict(detail or {}),
        sealed_by=key_name(key),
    )
    event.digest = _digest(event, last.digest, key)
    session.add(event)
    session.flush()
    return event


def take_turn(session: Session) -> None:
    """Wait until no other transaction adds events; on SQLite every writer waits at its start."""
    if on_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def head(session: Session) -> Head:
    """Return the end of the trail; number 0 when nothing was ever recorded."""
    query = select(AuditEvent.seq, AuditEvent.digest).order_by(AuditEvent.seq.desc()).limit(1)
    found = session.execute(query).first()
    return Head(*found) if found else Head(0, "")


def events(session: Session, target: str) -> list[AuditEvent]:
    """Return what happened to an object, oldest first."""
    query = select(AuditEvent).where(AuditEvent.target == target).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def latest(session: Session, targets: Collection[str], limit: int) -> list[AuditEvent]:
    """Return the latest events, newest first, of these objects or, where none is named, of all."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(limit)
    return list(session.scalars(query.where(AuditEvent.target.in_(targets)) if targets else query))


def key_name(key: bytes) -> str:
    """Return the name of a key, which does not tell the key."""
    return hashlib.sha256(b"clausebank audit key" + key).hexdigest()[:KEY_NAME] if key else ""


def verify(session: Session, key: bytes = b"", anchor: Head | None = None) -> Verdict:
    """Walk the whole trail; findings name every event that was edited, moved, or is missing.

    ``anchor`` is a head noted earlier: it finds events cut off at the end, or a trail made anew.
    """
    findings = list(_problems(session, key))
    if anchor:
        findings += _anchor_problems(session, anchor)
    return Verdict(head(session), tuple(findings))


def _problems(session: Session, key: bytes) -> Iterator[Finding]:
    seq, previous, sealed = 0, "", False
    query = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=CHUNK)
    for event in session.scalars(query):
        if event.seq != seq + 1:
            lost = f"{seq + 1}–{event.seq - 1}"
            yield _finding(event.seq, f"之前缺少第 {lost} 条", f"events {lost} before it are missing")
        if event.sealed_by not in {"", key_name(key)}:
            name = event.sealed_by
            yield _finding(event.seq, f"需要密钥 {name} 才能核对", f"key {name} is needed to check it")
        elif sealed and not event.sealed_by:
            yield _finding(event.seq, "没有密钥签封，之前的都有", "not sealed with a key, as those before")
        elif event.digest != _digest(event, previous, key if event.sealed_by else b""):
            yield _finding(event.seq, "内容或者顺序被改动", "its content or its order was changed")
        seq, previous, sealed = event.seq, event.digest, sealed or bool(event.sealed_by)


def _anchor_problems(session: Session, anchor: Head) -> Iterator[Finding]:
    event = session.get(AuditEvent, anchor.seq)
    if event is None:
        yield _finding(anchor.seq, "已不存在：末尾被截去", "is gone: the end was cut off")
    elif event.digest != anchor.digest:
        yield _finding(anchor.seq, "与留存的校验值不同", "differs from the digest noted earlier")


def _digest(event: AuditEvent, previous: str, key: bytes) -> str:
    facts = (event.seq, _moment(event.at), event.actor, event.action, event.target, event.detail)
    data = json.dumps([*facts, event.sealed_by, previous], ensure_ascii=False, sort_keys=True)
    return hmac.new(key, data.encode(), hashlib.sha256).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _finding(seq: int, zh: str, en: str) -> Finding:
    return Finding("audit", Level.ERROR, f"第 {seq} 条{zh}", f"event {seq} {en}", place=str(seq))
