"""Filling in the form as a person does, control by control."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

KIND = "crm-outsourcing"
NEW = f"/contracts/new/{KIND}"


def reveal(page: Page, name: str) -> None:
    """Bring a control into sight that is in another step or folded away."""
    if page.locator(f'[name="{name}"]').first.is_visible():
        return
    if (all_questions := page.locator("[data-view-button=all]")).is_visible():
        all_questions.click()
    page.locator(f'[name="{name}"]').first.evaluate(
        "element => { const around = element.closest('details'); if (around) around.open = true; }"
    )


def fill(page: Page, name: str, text: str) -> None:
    """Put an answer into its control, whatever kind that is."""
    reveal(page, name)
    control = page.locator(f'[name="{name}"]')
    match control.first.evaluate("element => element.type || element.tagName"):
        case "radio":
            page.check(f'[name="{name}"][value="{text}"]')
        case "checkbox":
            control.check()
        case "select-one":
            control.select_option(text)
        case _:
            control.fill(text)


def fill_all(page: Page, answers: Mapping[str, str], look: Callable[[], None]) -> None:
    """Fill in every question in sight, from the top, until no new one comes into sight.

    ``look`` brings the page up to date after each round.
    """
    done: set[str] = set()
    if (all_questions := page.locator("[data-view-button=all]")).is_visible():
        all_questions.click()
    while True:
        for name, count in rows_of(answers).items():
            if page.locator(f"#add-{name}").is_visible():
                set_rows(page, name, count)
        asked = shown(page) - done
        todo = [name for name in answers if name in asked]
        if not todo:
            return
        for name in todo:
            fill(page, name, answers[name])
        done.update(todo)
        look()


def rows_of(answers: Mapping[str, str]) -> dict[str, int]:
    """Return how many rows each list of the answers has."""
    rows: dict[str, int] = {}
    for name in answers:
        root, *path = name.split(".")
        if path and path[0].isdigit():
            rows[root] = max(rows.get(root, 0), int(path[0]) + 1)
    return rows


def set_rows(page: Page, name: str, count: int) -> None:
    """Add or remove rows of a list, one at a time."""
    rows = page.locator(f"#question-{name} fieldset.row")
    while (now := rows.count()) != count:
        button = "_add" if now < count else "_remove"
        page.locator(f'#question-{name} button[name="{button}"]').last.click()
        expect(rows).to_have_count(now + (1 if now < count else -1))


def shown(page: Page) -> set[str]:
    """Return the names of the fields that the page shows."""
    return set(
        page.locator("#contract-form [name]").evaluate_all(
            "all => all.filter(one => !one.closest('[hidden]')).map(one => one.name)"
        )
    )


def tab_to(page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(300):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {selector}")
