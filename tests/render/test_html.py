"""The paper: one article whose text is the contract's, whatever the answers hold."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from clausebank.document import articles, contents
from clausebank.findings import Level
from clausebank.render.html import render_html, render_html_page
from clausebank.render.text import render_text
from tests.render.documents import NASTY, plain_document, rich_document

BLOCKS = ("p", "li", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6")


@pytest.fixture(name="paper")
def _paper() -> BeautifulSoup:
    return BeautifulSoup(render_html(rich_document()), "html.parser")


def squeezed(text: str) -> str:
    """Return a text without what only lays it out: blanks, line feeds, cell borders."""
    return "".join(text.replace(" | ", "").split())


def test_it_prints_the_same_text_as_the_plain_text_in_the_same_order(paper):
    assert squeezed(paper.get_text()) == squeezed(render_text(rich_document()))


def test_it_is_well_formed(paper):
    open_tags = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, _attrs):
            if tag not in {"br", "col"}:
                open_tags.append(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Checker().feed(render_html(rich_document()))
    assert open_tags == []


def test_every_id_is_there_once_and_every_link_leads_to_one(paper):
    ids = [element["id"] for element in paper.select("[id]")]
    assert len(ids) == len(set(ids))
    targets = [link["href"].removeprefix("#") for link in paper.select("a[href]")]
    assert targets
    assert set(targets) <= set(ids)


def test_it_lists_the_contents_with_links(paper):
    listed = [(link["href"], link.get_text()) for link in paper.select("nav a")]
    assert listed == [(f"#{e.anchor}", f"{e.number}　{e.title}") for e in contents(rich_document())]


def test_nasty_text_comes_out_literally_and_inert(paper):
    assert NASTY.replace("\n", "") in paper.get_text()
    assert not paper.select("script, img, style")


def test_filled_values_and_gaps_carry_their_blank(paper):
    assert paper.select(".filled[data-blank]")
    assert all("【" in gap.get_text() for gap in paper.select("mark.gap[data-blank]"))


def test_it_marks_the_places_of_findings():
    document = rich_document()
    anchor = next(
        b.anchor for a in articles(document) for s in a.sections for b in s.blocks if hasattr(b, "anchor")
    )
    paper = BeautifulSoup(render_html(document, marks={anchor: Level.WARNING}), "html.parser")
    assert [element["id"] for element in paper.select("[data-mark=warning]")] == [anchor]


def test_only_a_draft_is_marked_as_one():
    assert 'class="paper draft"' in render_html(plain_document(), draft=True)
    assert 'class="paper draft"' not in render_html(plain_document())


def test_headings_start_at_the_level_asked_for_and_skip_none():
    paper = BeautifulSoup(render_html(rich_document(), top=1), "html.parser")
    levels = [int(heading.name[1]) for heading in paper.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_page_is_complete_and_carries_its_styles():
    page = BeautifulSoup(render_html_page(rich_document()), "html.parser")
    assert page.html["lang"] == "zh-CN"
    assert page.title.get_text() == rich_document().title
    assert ".paper" in page.style.get_text()
    assert not page.select("link, script")


def test_it_never_names_a_stance():
    document = rich_document()
    stances = {section.stance.value for article in articles(document) for section in article.sections}
    html = render_html(document)
    assert stances
    assert not any(f'"{stance}"' in html for stance in stances)
