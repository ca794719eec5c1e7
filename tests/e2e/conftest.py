"""The real server on a real port, and Debian's Chromium looking at it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from clausebank.bank.load import load_bank
from clausebank.bank.model import BlankType
from clausebank.templates import load_templates
from schemas import example_answers
from schemas.forms import flatten
from tests.people import ADMINISTRATOR, add_people, token_for
from webapp import create_app
from webapp.workbench import questions

KIND = "crm-outsourcing"

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
AXE = next((Path(__file__).parent / "vendor").glob("axe-*.min.js"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """An application with a database of its own and the people of tests/people.py, and its address."""
    folder = tmp_path_factory.mktemp("e2e")
    app = create_app({"CLAUSEBANK_HOME": folder / "home", "CLAUSEBANK_GENERATED": folder / "generated"})
    add_people(app.extensions["workspace"].database)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
    app.extensions["workspace"].database.close()


@pytest.fixture(scope="session")
def address(site) -> str:
    return site[1]


@pytest.fixture(scope="session")
def cookie_of(site):
    """A function giving the cookie of somebody who is logged in, to be added to a browser context."""
    app, url = site

    def cookie(login: str = ADMINISTRATOR) -> dict[str, str]:
        return {"name": app.config["LOGIN_COOKIE"], "value": token_for(app, login), "url": url}

    return cookie


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page of a visitor; what the console said is kept."""

    page: Page
    address: str
    console: list[str]

    def hear(self, text: str) -> None:
        """Keep what the console says, but for its remark that errors came with their status."""
        if "status of 422" not in text:
            self.console.append(text)

    def open(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, address: str, cookie_of):
    """Open visitors with a screen, a language, a colour scheme, with scripts or without.

    They are logged in as the administrator, as somebody else, or with ``login=None`` not at all.
    """
    contexts = []

    def opened(
        width=1440, height=900, language="zh", scheme="light", scripts=True, login=ADMINISTRATOR
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": address}])
        if login:
            context.add_cookies([cookie_of(login)])
        context.set_default_timeout(10_000)
        page = context.new_page()
        visit = Visit(page, address, [])
        page.on("console", lambda message: visit.hear(message.text))
        page.on("pageerror", lambda error: visit.console.append(str(error)))
        return visit

    yield opened
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    """Wait until the preview has answered the last change."""
    page.wait_for_selector("#paper-pane:not([aria-busy=true])", state="attached")


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as a script to put into a page."""
    source = AXE.read_text("utf-8")
    assert re.search(r"axe v\d", source[:200])
    return source


@pytest.fixture(scope="session")
def example() -> dict[str, str]:
    """Complete valid answers with lists as short as they may be, as the fields of the form."""
    template, bank = load_templates()[KIND], load_bank()
    raw = example_answers(template, bank)
    for blank in questions(template, bank):
        if blank.type is BlankType.LIST:
            raw[blank.name] = raw[blank.name][: max(1, int(blank.minimum or 1))]
    raw["payment_schedule"] = [{**raw["payment_schedule"][0], "share": "100"}]
    return flatten(raw, questions(template, bank))
