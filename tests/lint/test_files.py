"""FIL: files that are missing, and characters no font has."""

from dataclasses import replace

import pytest

from clausebank.document import Attachment, Filled, Paragraph, Text
from clausebank.findings import Level
from clausebank.lint import lint
from clausebank.render._pdf.glyphs import characters
from clausebank.render.pdf import missing_glyphs
from tests.render.documents import plain_document


def found(document, rule):
    return [finding for finding in lint(document) if finding.rule == rule]


def with_attachment(**changes):
    attachment = Attachment(
        "plan", "附件一", "attachment:plan", "服务方案", (Text("盖章的方案。"),), **changes
    )
    return replace(plain_document(), attachments=(attachment,))


def with_answer(words):
    document = plain_document()
    part, paragraph = document.parts[0], Paragraph("1.1", "x/1", (Filled("client.name", words),))
    article = part.articles[1]
    section = replace(article.sections[0], blocks=(paragraph, paragraph))
    return replace(document, parts=(replace(part, articles=(replace(article, sections=(section,)),)),))


def test_an_attachment_without_its_file_is_a_warning_that_names_it():
    (finding,) = found(with_attachment(), "FIL-01")
    assert (finding.level, finding.place) == (Level.WARNING, "attachment:plan")
    assert "附件一《服务方案》" in finding.zh


def test_an_attachment_whose_file_is_there_or_that_is_generated_is_none():
    articles = plain_document().parts[0].articles
    assert found(with_attachment(filed=True), "FIL-01") == []
    assert found(with_attachment(articles=articles), "FIL-01") == []


@pytest.mark.parametrize("char", ["\U0002a6d6", "\ue000", "😀"])
def test_a_character_no_font_has_is_a_warning_that_names_the_blank_once(char):
    document = with_answer(f"上海{char}贸易有限公司")
    (finding,) = found(document, "FIL-02")
    assert (finding.level, finding.blank) == (Level.WARNING, "client.name")
    assert f"U+{ord(char):04X}" in finding.zh
    assert char in missing_glyphs(document)


@pytest.mark.parametrize("words", ["上海喆珺贸易有限公司", "㎡①—…￥", "a\u200bb\nc", "北京葛\ufe00"])
def test_characters_the_fonts_have_and_invisible_ones_are_none(words):
    assert found(with_answer(words), "FIL-02") == []


def test_the_fonts_hold_every_character_of_gb_2312():
    codes = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    common = {code.decode("gb2312", errors="ignore") for code in codes} - {""}
    assert len(common) > 7000
    assert common - characters() == set()
