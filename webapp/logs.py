"""Logs: a line an event on the error output, as text or as JSON; never what anybody typed."""

from __future__ import annotations

import logging
import re
import sys
from time import perf_counter
from uuid import uuid4

from flask import Flask, Response, g, request
from pythonjsonlogger.json import JsonFormatter

from webapp.settings import Settings

log = logging.getLogger("clausebank.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = frozenset({"static", "health.live", "health.ready", "health.metrics"})
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = "%(levelname)s %(name)s %(message)s"


def start_logging(settings: Settings) -> None:
    """Send everything of this process to the error output in the format of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings.log_format))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("pikepdf").setLevel(logging.WARNING)  # tells of its own start, in the midst of a batch


def formatter(kind: str) -> logging.Formatter:
    """Return the formatter of ``text`` or ``json``."""
    if kind == "text":
        return logging.Formatter(TEXT)
    return JsonFormatter(
        FIELDS,
        timestamp=True,
        rename_fields={"levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )


def init_logs(app: Flask, settings: Settings) -> None:
    """Give every request an id, and log it when it was answered: no query, no form, no cookie."""

    def begin() -> None:
        given = request.headers.get("X-Request-ID", "") if settings.proxies else ""
        g.request_id = given if GIVEN_ID.fullmatch(given) else uuid4().hex
        g.began = perf_counter()

    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint not in QUIET:
            person = g.get("person")
            facts = {
                "request_id": g.request_id,
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "duration_ms": round((perf_counter() - g.began) * 1000, 1),
                "user": person.login if person else "",
            }
            log.info("%(method)s %(path)s %(status)s %(duration_ms)s ms %(user)s", facts, extra=facts)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
