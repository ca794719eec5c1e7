"""What keeps the pages safe: response headers, limits, CSRF protection and the secret key."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import current
from webapp.settings import Settings

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
POLICY = "; ".join(f"{directive} {source}" for directive, source in SOURCES.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MEGABYTE = 1024 * 1024
FILES_AT_ONCE = 4
FILE_PAGES = {"drafts.create", "drafts.preview"}
LIMITS: dict[str, object] = {
    "MAX_CONTENT_LENGTH": 2 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": MEGABYTE,
    "MAX_FORM_PARTS": 5000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
}
UPLOADS = {
    "bank.bring": 11 * MEGABYTE,
    "batches.check": 51 * MEGABYTE,
    "renewals.choose_by_file": 11 * MEGABYTE,
    "renewals.propose": 11 * MEGABYTE,
}


def init_security(app: Flask, settings: Settings) -> None:
    """Protect every form against forgery and send the headers with every answer."""
    app.config["TRUSTED_HOSTS"] = settings.hosts()
    app.config["SESSION_COOKIE_SECURE"] = settings.https == "yes"
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    app.before_request(_room_for_files)
    CSRFProtect(app)
    app.after_request(_headers)


def local_path(path: str) -> str:
    """Return a path on this server; anything else becomes the first page."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


def _room_for_files() -> None:
    """Let the pages that take files receive some at once; what is too large is refused at its field."""
    if request.endpoint in FILE_PAGES and request.mimetype == "multipart/form-data":
        files = FILES_AT_ONCE * current.settings().attached_megabytes * MEGABYTE
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + files
    elif request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint]


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def secret_key(home: Path) -> str:
    """Return the key that signs cookies, kept in a file only its owner can read.

    The file appears whole or not at all, so two servers starting at once agree on one key.
    """
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=home)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            path.hardlink_to(name)
        Path(name).unlink()
    return path.read_text(encoding="ascii")
