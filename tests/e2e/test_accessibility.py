"""axe-core finds nothing on any page, in both languages, light and dark; the keyboard is enough."""

import pytest
from playwright.sync_api import expect

from schemas import example_answers
from schemas.forms import flatten
from tests.e2e.conftest import KIND
from tests.e2e.filling import NEW
from tests.webapp.test_access import PAGES, ROUTES, make_places
from webapp.workbench import questions

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems(page, axe, rules=RULES):
    """Return what axe-core objects to, with the elements concerned; ``axe`` is empty once it is in the page."""
    if axe:
        page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:4]])
        for violation in found["violations"]
    ]


def show_errors(page):
    page.click("button[name=_create]")
    page.wait_for_selector("#error-summary")
    open_all(page)


def open_all(page):
    page.evaluate("() => { for (const one of document.querySelectorAll('main details')) one.open = true; }")


def show_everything(page):
    page.click("[data-view-button=all]")
    open_all(page)


def show_differences(page):
    page.click('[aria-controls="wordings-liability"]')
    page.wait_for_selector("#wordings-liability ins")


def as_it_is(_page):
    """Leave the page as it opens."""


BANK = {
    "search": "/bank/?q=违约金&status=current",
    "clause": "/bank/clauses/fees.adjustment",
    "clause with a table": "/bank/clauses/service.levels",
    "marks": "/bank/clauses/liability.cap?view=marks",
    "source": "/bank/clauses/liability.cap?view=source",
    "impact": "/bank/impact/liability.cap@neutral",
    "blank": "/bank/impact/fee_total",
    "asking what to compare": "/compare/?old=x&new=y",
    "side by side": "/compare/?old=liability.cap@neutral&new=liability.cap@client&view=beside",
    "templates compared": "/compare/?old=template/support-annual&new=template/support-staged",
}
STATES = {
    **{name: (path, as_it_is) for name, path in BANK.items()},
    "dry run": ("/bank/impact/liability.cap@neutral?with={draft}", open_all),
    "not found": ("/nowhere", as_it_is),
    "errors": (NEW, show_errors),
    "all questions": (NEW, show_everything),
    "differences": (NEW, show_differences),
}
LANGUAGES = ("zh", "en")
PHONE, SCREEN = {"width": 375, "height": 800}, {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def places(site):
    app = site[0]
    workspace = app.extensions["workspace"]
    template, bank = workspace.templates[KIND], workspace.bank
    return make_places(app, flatten(example_answers(template, bank), questions(template, bank)))


@pytest.fixture(scope="module", params=LANGUAGES)
def tab(request, browser, address, cookie_of):
    """One tab of the administrator for all pages in a language; what the console says is kept."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="reduce")
    context.add_cookies([{"name": "language", "value": request.param, "url": address}, cookie_of()])
    page = context.new_page()
    heard = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page, heard
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *STATES])
def test_axe_finds_nothing_on_any_page(tab, address, places, axe, name):
    """All rules in the light; in the dark those on colours; on a phone those on sizes, and no sideways scrolling."""
    page, heard = tab
    path, prepare = STATES[name] if name in STATES else (ROUTES[name][1], open_all)
    page.set_viewport_size(SCREEN)
    page.emulate_media(color_scheme="light")
    heard.clear()
    page.goto(address + path.format(**places))
    prepare(page)
    assert problems(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert problems(page, "", ["color-contrast", "link-in-text-block"]) == []
    page.set_viewport_size(PHONE)
    assert problems(page, "", ["target-size", "scrollable-region-focusable"]) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert [text for text in heard if "status of 4" not in text] == []


def test_the_keyboard_reaches_everything_in_order(visit):
    visitor = visit()
    page = visitor.open(NEW)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.click("[data-view-button=all]")
    page.focus(".skip")
    page.keyboard.press("Enter")
    stops = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("() => document.activeElement.name || document.activeElement.id || ''"))
    order = [stop for stop in stops if stop in {"_stance", "contract_number", "signing_place"}]
    assert order == sorted(order, key=["_stance", "contract_number", "signing_place"].index)
    assert {"_stance", "contract_number"} <= set(order)
    assert visitor.console == []
