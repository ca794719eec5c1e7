"""axe-core finds nothing on any page, in both languages, light and dark; the keyboard is enough."""

import pytest
from playwright.sync_api import expect

from tests.e2e.filling import NEW, fill_all

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems(page, axe):
    """Return what axe-core objects to, with the elements concerned."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:4]])
        for violation in found["violations"]
    ]


@pytest.fixture(scope="module")
def made(browser, address, example, cookie_of):
    """The path of a contract made without scripts."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([cookie_of()])
    page = context.new_page()
    page.goto(address + NEW)
    fill_all(page, example, lambda: page.click(".actions button[name=_preview]"))
    page.click("button[name=_create]")
    path = page.url.removeprefix(address)
    context.close()
    return path


def show_errors(page):
    page.click("button[name=_create]")
    page.wait_for_selector("#error-summary")
    open_all(page)


def open_all(page):
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")


def show_everything(page):
    page.click("[data-view-button=all]")
    open_all(page)


def show_differences(page):
    page.click('[aria-controls="wordings-liability"]')
    page.wait_for_selector("#wordings-liability ins")


def as_it_is(_page):
    """Leave the page as it opens."""


BANK = {
    "bank": "/bank/",
    "search": "/bank/?q=违约金&status=current",
    "clause": "/bank/clauses/fees.adjustment",
    "clause with a table": "/bank/clauses/service.levels",
    "differences": "/bank/clauses/liability.cap?view=marks",
    "source": "/bank/clauses/liability.cap?view=source",
    "history": "/bank/history/liability.cap@client",
    "version": "/bank/versions/liability.cap@client:1",
    "templates": "/bank/templates",
    "impact": "/bank/impact/liability.cap@neutral",
    "blank": "/bank/impact/fee_total",
    "retirement": "/bank/retire/liability.cap",
    "trail": "/bank/trail/liability.cap@client",
    "drafts": "/bank/drafts",
    "asking what to compare": "/compare/?old=x&new=y",
    "comparison": "/compare/?old=liability.cap@neutral&new=liability.cap@client",
    "side by side": "/compare/?old=liability.cap@neutral&new=liability.cap@client&view=beside",
    "templates compared": "/compare/?old=template/support-annual&new=template/support-staged",
}
STATES = {
    **{name: (path, as_it_is) for name, path in BANK.items()},
    "draft": ("draft", as_it_is),
    "dry run": ("dry run", open_all),
    "kinds": ("/", as_it_is),
    "contracts": ("/contracts/", as_it_is),
    "not found": ("/nowhere", as_it_is),
    "form": (NEW, open_all),
    "errors": (NEW, show_errors),
    "all questions": (NEW, show_everything),
    "differences": (NEW, show_differences),
    "drafts": ("/drafts/", as_it_is),
    "contract": ("made", open_all),
}


LOOKS = [(language, scheme, 1440) for language in ("zh", "en") for scheme in ("light", "dark")]
LOOKS += [("zh", "dark", 375), ("en", "light", 375)]


@pytest.fixture(scope="module")
def drafted(browser, address, made, cookie_of):
    """The path of a draft that changes a text, and of its dry run."""
    context = browser.new_context()
    context.add_cookies([cookie_of("王律师")])
    page = context.new_page()
    page.goto(f"{address}/bank/clauses/general.waiver")
    page.click(".variant form button")
    page.fill("#text", page.input_value("#text") + "\n双方另行确认。\n")
    page.fill("#note", "补充")
    page.click("button[value=save]")
    path = page.url.removeprefix(address)
    name = path.removeprefix("/bank/drafts/")
    context.close()
    return {"draft": path, "dry run": f"/bank/impact/general.waiver@neutral?with={name}", "made": made}


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(visit, axe, drafted, state, language, scheme, width):
    path, prepare = STATES[state]
    page = visit(width=width, language=language, scheme=scheme).open(drafted.get(path, path))
    prepare(page)
    assert problems(page, axe) == []


def test_the_keyboard_reaches_everything_in_order(visit):
    visitor = visit()
    page = visitor.open(NEW)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("() => document.activeElement.name || document.activeElement.id || ''"))
    order = [stop for stop in stops if stop in {"_stance", "contract_number", "signing_place"}]
    assert order == sorted(order, key=["_stance", "contract_number", "signing_place"].index)
    assert {"_stance", "contract_number"} <= set(order)
    assert visitor.console == []
