"""``make pictures``: those of the user guide from the running program, and three pages of a contract."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

from clausebank import assemble, load_bank, load_templates
from clausebank.document import articles
from clausebank.render.pdf import layout_pdf
from schemas import answers_schema, example_answers
from schemas.forms import flatten
from tests.e2e.conftest import CHROMIUM, KIND
from tests.people import ADMINISTRATOR, add_people, token_for
from tests.projectfile import ROOT
from tests.webapp.test_access import make_places
from webapp import create_app
from webapp.workbench import questions

OUT = ROOT / "docs" / "guide" / "images"
CONTRACT = ROOT / "docs" / "images" / "contract.png"
ARTICLES = ("definitions", "payment")
"""Beside the cover, the pages on which these begin are shown."""

RESOLUTION, MARGIN, BETWEEN = 60, 8, (221, 221, 221)
COLOURS, LARGEST = 64, 120 * 1024
SHOTS = {
    "start": "/",
    "form": f"/contracts/new/{KIND}",
    "contracts": "/contracts/",
    "contract": "/contracts/{contract}",
    "clause": "/bank/clauses/liability.cap",
    "draft": "/bank/drafts/{draft}",
    "approval": "/approvals/ask/{below}",
    "request": "/approvals/{asked}",
    "compare": "/compare/?old=liability.cap@neutral&new=liability.cap@client",
    "batch": "/batches/{batch}",
    "renewals": "/renewals/?within=1500",
}


def main() -> None:
    """Take every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    save(contract_pages(), CONTRACT)
    with tempfile.TemporaryDirectory(prefix="clausebank-pictures-") as name, running(Path(name)) as site:
        app, address, places = site
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for language in ("zh", "en"):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                login = {"name": app.config["LOGIN_COOKIE"], "value": token_for(app, ADMINISTRATOR)}
                for cookie in (login, {"name": "language", "value": language}):
                    context.add_cookies([{**cookie, "url": address}])
                page = context.new_page()
                for shot, path in SHOTS.items():
                    take(page, address + path.format(**places), OUT / f"{shot}.{language}.png")
            browser.close()


@contextmanager
def running(folder: Path) -> Iterator[tuple]:
    """Serve a fresh installation that holds one contract and one draft of a text."""
    app = create_app({"CLAUSEBANK_HOME": folder / "home", "CLAUSEBANK_GENERATED": folder / "generated"})
    workspace = app.extensions["workspace"]
    add_people(workspace.database)
    template, bank = workspace.templates[KIND], workspace.bank
    places = make_places(app, flatten(example_answers(template, bank), questions(template, bank)))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.effective_port}", places
    server.close()
    thread.join(5)
    workspace.database.close()


def take(page: Page, url: str, path: Path) -> None:
    """Save what a page shows."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    save(Image.open(BytesIO(page.screenshot())), path)


def contract_pages() -> Image.Image:
    """Return the cover and some pages of the example contract beside each other."""
    bank, template = load_bank(), load_templates()[KIND]
    answers = answers_schema(template, bank).load(example_answers(template, bank))
    document = assemble(template, answers, bank)
    pdf = layout_pdf(document)
    anchors = {article.id: article.anchor for article in articles(document)}
    shown = [1, *(pdf.pages[anchors[name]] + 1 for name in ARTICLES)]
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf.data)
        pages = [_page_image(file.name, number) for number in shown]
    width, height = pages[0].size
    sheet = Image.new("RGB", (MARGIN + len(pages) * (width + MARGIN), height + 2 * MARGIN), BETWEEN)
    for at, page in enumerate(pages):
        sheet.paste(page, (MARGIN + at * (width + MARGIN), MARGIN))
    return sheet


def _page_image(pdf: str, number: int) -> Image.Image:
    which = ["-r", str(RESOLUTION), "-f", str(number), "-l", str(number)]
    raw = subprocess.run(["pdftoppm", *which, pdf], check=True, capture_output=True).stdout
    return Image.open(BytesIO(raw)).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """Save a picture with few colours."""
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name}: {size} bytes are more than {LARGEST}")


if __name__ == "__main__":
    main()
