"""Word, PDF, HTML and text of one contract agree, whatever was answered and whichever stance was taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clausebank import (
    Stances,
    assemble,
    lint,
    load_bank,
    load_templates,
    render_docx,
    render_html,
    render_pdf,
)
from clausebank.assembly.select import topics_with_stances
from clausebank.bank.model import BlankType
from clausebank.document import Document, Filled, Stance, Table, plain, sections
from clausebank.findings import Level
from clausebank.lint.places import inlines
from clausebank.render.text import render_text
from clausebank.wording.phrase import WORDINGS, phrase
from tests.render.pdf_reading import bodies
from tests.render.test_pdf_kinds import without
from tests.render.wordfile import lines
from tests.strategies import valid_answers

BANK, TEMPLATES = load_bank(), load_templates()
SHELL = Path(__file__).parents[2] / "templates" / "_shells" / "standard.docx"
PRINTED = {
    BlankType.TEXT,
    BlankType.MONEY,
    BlankType.DATE,
    BlankType.PERIOD,
    BlankType.PERCENT,
    BlankType.INTEGER,
}
SLOW = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@st.composite
def contracts(draw, kind: str) -> Document:
    """Draw a contract of a kind: stances as a whole and by topic, and answers valid under them."""
    template = TEMPLATES[kind]
    topics = st.dictionaries(
        st.sampled_from(topics_with_stances(template, BANK)), st.sampled_from(list(Stance)), max_size=4
    )
    stances = Stances(draw(st.sampled_from(list(Stance))), draw(topics))
    answers = draw(valid_answers(template, BANK, stances))
    return assemble(template, answers, BANK, stances)


def squeezed(text: str) -> str:
    return "".join(text.replace(" | ", "").split())


def word_text(document: Document) -> str:
    return squeezed("\n".join(line.label + line.text for line in lines(render_docx(document, SHELL))))


def page_text(document: Document, folder: Path) -> str:
    path = folder / "contract.pdf"
    path.write_bytes(render_pdf(document))
    heads = {
        squeezed("".join(map(plain, block.header)))
        for section in sections(document)
        for block in section.blocks
        if isinstance(block, Table) and block.header
    }
    cover, *rest = bodies(path)
    return squeezed(cover) + "".join(without(heads, page) for page in rest)


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_output_shows_the_same_numbers_references_and_text(kind, tmp_path):
    @settings(SLOW, max_examples=8)
    @given(contracts(kind))
    def agree(document):
        expected = squeezed(render_text(document))
        assert squeezed(BeautifulSoup(render_html(document), "html.parser").get_text()) == expected
        assert word_text(document) == expected
        assert page_text(document, tmp_path) == expected

    agree()


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_answer_a_contract_prints_is_found_in_its_text(kind):
    @settings(SLOW, max_examples=25)
    @given(contracts(kind))
    def found(document):
        text = squeezed(render_text(document))
        names = {inline.name.split(".")[0] for _, inline in inlines(document) if isinstance(inline, Filled)}
        for name in names:
            blank, value = BANK.vocabulary.blanks[name], document.answers[name]
            if blank.type in PRINTED:
                wordings = {squeezed(phrase(value, blank, way)) for way in ("", *WORDINGS[blank.type])}
                assert any(words in text for words in wordings), (name, value)

    found()


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_valid_answers_leave_no_error_but_what_was_typed_into_them(kind):
    @settings(SLOW, max_examples=60)
    @given(contracts(kind))
    def clean(document):
        errors = [f for f in lint(document) if f.level is Level.ERROR and not f.blank]
        assert errors == []

    clean()
