"""Every shipped kind of contract as PDF, filled with its examples."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from clausebank import Stances, assemble, load_bank, load_templates
from clausebank.document import Document, Table, articles, contents, plain, sections
from clausebank.render.pdf import missing_glyphs, render_pdf
from clausebank.render.text import heading, render_text
from schemas import answers_schema, example_answers
from tests.render.pdf_reading import LEADER, bodies, squeezed


@dataclass
class Sheets:
    """A contract and the text of its pages."""

    document: Document
    pages: list[str]


@pytest.fixture(scope="module", params=sorted(load_templates()))
def sheets(request, tmp_path_factory) -> Sheets:
    bank, template, stances = load_bank(), load_templates()[request.param], Stances()
    raw = example_answers(template, bank, stances)
    document = assemble(template, answers_schema(template, bank, stances).load(raw), bank, stances)
    path: Path = tmp_path_factory.mktemp("pdf") / "contract.pdf"
    path.write_bytes(render_pdf(document))
    return Sheets(document, bodies(path))


def test_it_prints_the_canonical_text_in_order(sheets):
    heads = {
        squeezed("".join(map(plain, block.header)))
        for section in sections(sheets.document)
        for block in section.blocks
        if isinstance(block, Table) and block.header
    }
    printed = squeezed(sheets.pages[0]) + "".join(without(heads, page) for page in sheets.pages[1:])
    assert printed == squeezed(render_text(sheets.document).replace(" | ", ""))


def without(heads: set[str], page: str) -> str:
    """The text of a page without page numbers of the contents and a repeated table header."""
    text = squeezed(
        "\n".join(
            LEADER.sub("", line) if "...." in line.replace(" ", "") else line for line in page.splitlines()
        )
    )
    head = max((head for head in heads if text.startswith(head)), key=len, default="")
    return text[len(head) :]


def test_no_page_ends_with_a_heading_or_an_announcement(sheets):
    headings = {squeezed(heading(entry.number, entry.title)) for entry in contents(sheets.document)}
    headings |= {squeezed(heading(whole.number, whole.title)) for whole in articles(sheets.document)}
    ends = [squeezed(page.splitlines()[-1]) for page in sheets.pages[1:]]
    assert not [end for end in ends if end in headings or end.endswith("：")]


def test_the_signatures_stand_below_text_of_the_contract(sheets):
    lines = next(page.splitlines() for page in sheets.pages if sheets.document.closing in page)
    at = lines.index(sheets.document.closing)
    below = squeezed("".join(lines[at:]))
    assert at > 0
    for signatory in sheets.document.signature.signatories:
        assert all(squeezed(line) in below for line in (signatory.heading, *signatory.lines))


def test_its_fonts_have_every_character(sheets):
    assert missing_glyphs(sheets.document) == set()
