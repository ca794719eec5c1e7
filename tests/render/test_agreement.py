"""Word, PDF, HTML and text of one contract agree, whatever was answered and whichever stance was taken."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile
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
from clausebank.document import Document, Filled, Stance, Table, plain, runs, sections
from clausebank.findings import Level
from clausebank.render.text import render_text
from clausebank.wording.phrase import WORDINGS, phrase
from tests.render.pdf_reading import bodies, without
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


class Drawn:
    """A contract, without its very long repr."""

    def __init__(self, document: Document) -> None:
        self.document = document


@st.composite
def contracts(draw, kind: str) -> Drawn:
    """Draw a contract of a kind: stances as a whole and by topic, and answers valid under them."""
    template = TEMPLATES[kind]
    topics = st.dictionaries(
        st.sampled_from(topics_with_stances(template, BANK)), st.sampled_from(list(Stance)), max_size=4
    )
    stances = Stances(draw(st.sampled_from(list(Stance))), draw(topics))
    answers = draw(valid_answers(template, BANK, stances))
    return Drawn(assemble(template, answers, BANK, stances))


def agree(actual: str, expected: str, output: str) -> None:
    """Fail with the surroundings of the first difference."""
    if actual != expected:
        at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(actual, expected, strict=False)))
        here, due = actual[max(0, at - 30) : at + 40], expected[max(0, at - 30) : at + 40]
        pytest.fail(f"{output}: {here!r} where the text has {due!r}", pytrace=False)


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


def in_reading_order(read: str, expected: str) -> tuple[str, str]:
    """Undo what a PDF reader does to right-to-left scripts: it marks them and prints them mirrored."""
    read = re.sub("[\u202a-\u202e]", "", read)
    if any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in expected):
        return "".join(sorted(read)), "".join(sorted(expected))
    return read, expected


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_output_shows_the_same_numbers_references_and_text(kind, tmp_path):
    @settings(SLOW, max_examples=8)
    @given(contracts(kind))
    def all_agree(drawn):
        expected = squeezed(render_text(drawn.document))
        html = BeautifulSoup(render_html(drawn.document), "html.parser").get_text()
        agree(squeezed(html), expected, "HTML")
        agree(word_text(drawn.document), expected, "Word")
        agree(*in_reading_order(page_text(drawn.document, tmp_path), expected), "PDF")

    all_agree()


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_answer_a_contract_prints_is_found_in_its_text(kind):
    @settings(SLOW, max_examples=25)
    @given(contracts(kind))
    def found(drawn):
        document = drawn.document
        text = squeezed(render_text(document))
        texts = [run for section in sections(document) for block in section.blocks for run in runs(block)]
        filled = [inline for run in texts for inline in run if isinstance(inline, Filled)]
        names = {inline.name.split(".")[0] for inline in filled}
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
    def clean(drawn):
        errors = [f for f in lint(drawn.document) if f.level is Level.ERROR and not f.blank]
        assert errors == []

    clean()
