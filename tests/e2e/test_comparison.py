"""A saved comparison in the browser: axe-core finds nothing, nothing overflows, light and dark."""

from __future__ import annotations

from random import Random

import pytest

from clausebank.compare import compare
from clausebank.compare.html import render_comparison_page
from tests.compare.mutations import mutated
from tests.e2e.test_accessibility import problems
from tests.render.documents import rich_document


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 375])
def test_a_saved_comparison_is_accessible(browser, axe, language, scheme, width):
    comparison = compare(rich_document(), mutated(rich_document(), Random(3)))
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.set_content(render_comparison_page(comparison, language=language))
    for fold in page.locator("details").all():
        fold.evaluate("element => { element.open = true; }")
    assert problems(page, axe) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()
