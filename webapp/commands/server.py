"""Commands that run or prepare the server: serve, db upgrade."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from webapp.commands.job import OK, Job, shared

if TYPE_CHECKING:
    from flask import Flask

HOST = "127.0.0.1"
THREADS = 8


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口 · Port.")
@shared
def serve(job: Job, port: int) -> int:
    """在本机启动网页 · Serve the pages on this machine."""
    from waitress import create_server

    from webapp import create_app
    from webapp.logs import start_logging
    from webapp.settling import settle

    start_logging(job.settings())
    with _listening(port) as listening, _workers(job):
        app = create_app()
        settle()
        server = create_server(app, sockets=[listening], threads=THREADS)
        address = f"http://{HOST}:{port}"
        job.say(f"已启动：{address}（按 Ctrl+C 停止）", f"Serving on {address} (Ctrl+C stops)")
        if not _has_users(app):
            first = "clausebank user add admin --role administrator"
            job.say(f"还没有用户。添加第一个管理员：{first}", f"There is no user yet. Add the first: {first}")
        job.data({"url": address})
        sys.stdout.flush()
        try:
            server.run()
        finally:
            server.close()
    return OK


def _has_users(app: Flask) -> bool:
    """Tell whether anybody can log in."""
    from clausebank.storage.people import has_users
    from webapp.current import open_workspace_of

    with open_workspace_of(app).database.reading() as session:
        return has_users(session)


@contextmanager
def _workers(job: Job) -> Iterator[None]:
    """Work on batches beside the pages; other engines than ``local`` have their own workers."""
    from webapp.batch.engines import engine_of
    from webapp.workspace import workspace

    settings, over = job.settings(), Event()
    if settings.batch_engine != "local":
        yield
        return
    with workspace(settings) as place:
        thread = Thread(target=engine_of(settings).watch, args=(place, over.is_set), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@click.command()
@shared
def worker(job: Job) -> int:
    """处理批次，直到收到停止信号 · Work on batches until told to stop."""
    from webapp.batch.engines import engine_of
    from webapp.logs import start_logging
    from webapp.settling import settle
    from webapp.workspace import workspace

    settings, over = job.settings(), Event()
    start_logging(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with workspace(settings) as place:
        settle()
        engine = settings.batch_engine
        job.say(f"正在等待批次（{engine}）", f"Waiting for batches ({engine})")
        job.data({"engine": engine})
        sys.stdout.flush()
        engine_of(settings).watch(place, over.is_set)
    return OK


def _listening(port: int) -> socket.socket:
    """Take the port on this machine's own address only."""
    from webapp.answers_file import InputError

    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        zh, en = f"端口无法使用：{error.strerror}", f"the port cannot be used: {error.strerror}"
        raise InputError(f"{HOST}:{port}", zh, en) from error


@click.group()
def db() -> None:
    """数据库 · The database."""


@db.command()
@shared
def upgrade(job: Job) -> int:
    """把数据库升级到当前版本 · Bring the database to the present tables."""
    from clausebank.storage.migrate import newest_revision
    from clausebank.storage.migrate import upgrade as upgrade_database

    database = job.settings().open_database()
    try:
        upgrade_database(database)
    finally:
        database.close()
    revision = newest_revision()
    job.say(f"数据库版本：{revision}", f"Database revision: {revision}")
    job.data({"revision": revision})
    return OK


@db.command("copy")
@click.argument("target_url", metavar="TARGET_URL")
@shared
def copy_(job: Job, target_url: str) -> int:
    """把全部数据复制到一个空数据库 · Copy everything into an empty database."""
    from clausebank.storage.copying import copy_database
    from clausebank.storage.database import open_database
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        target = open_database(target_url, place.database.actor, place.database.audit_key)
        try:
            copied = copy_database(
                place.database, target, lambda table, rows: job.say(*[f"{table}\t{rows}"] * 2)
            )
        finally:
            target.close()
    job.say(
        f"已复制并核对；操作记录的末尾：{copied.head}",
        f"Copied and verified; the audit trail ends at {copied.head}",
    )
    job.data({"rows": dict(copied.rows), "head": str(copied.head)})
    return OK
