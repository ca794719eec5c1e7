"""The formal shell: laid out as an official document, in Word and in PDF alike."""

from dataclasses import replace
from pathlib import Path
from statistics import mode

import pytest
from openxml_audit import OpenXmlValidator

from clausebank.document import Paragraph, Text
from clausebank.render._docx.base_design import FORMAL
from clausebank.render.docx import render_docx
from clausebank.render.pdf import layout_pdf
from clausebank.render.shell import formal_shell
from clausebank.render.text import render_text
from tests.render.documents import plain_document, rich_document
from tests.render.office import needs_office, to_pdf
from tests.render.office import squeezed as printed
from tests.render.pdf_reading import LEADER, pages, squeezed
from tests.render.test_docx import numbers, shown, tables_named
from tests.render.test_pdf import canonical, without_header
from tests.render.wordfile import W, lines, value, xml

SHELL = Path(__file__).parents[2] / "templates" / "_shells" / "formal.docx"
BODY = ("-x", "0", "-y", "85", "-W", "595", "-H", "662")
"""The page without its running header and footer."""


def long_document():
    """A contract of plain wording that fills several pages."""
    document = plain_document()
    part = document.parts[0]
    article = part.articles[1]
    words = tuple(
        Paragraph(f"1.{n}", f"x/{n}", (Text("双方应当全面履行约定的义务。" * 90),)) for n in range(1, 5)
    )
    section = replace(article.sections[0], blocks=words)
    return replace(document, parts=(replace(part, articles=(replace(article, sections=(section,)),)),))


def text_lines(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.strip()]


def usual_length(found: list[list[str]]) -> int:
    return mode(len(squeezed(line)) for page in found for line in page)


def test_the_committed_shell_is_the_one_its_data_makes():
    assert SHELL.read_bytes() == formal_shell()


def test_it_keeps_every_rule_of_the_file_format(tmp_path):
    path = tmp_path / "formal.docx"
    path.write_bytes(render_docx(rich_document(), SHELL, manifest=b"{}", draft=True))
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []


def test_it_shows_the_text_and_the_native_numbers_of_the_tree():
    document = rich_document()
    data = render_docx(document, SHELL)
    assert shown(data) == printed(render_text(document))
    expected = [n for part in document.parts for n in (part.number, *numbers(part.articles))]
    expected += [n for a in document.attachments for n in (a.number, *numbers(a.articles))]
    assert [line.label for line in lines(data) if line.label] == [number for number in expected if number]


def test_its_margins_are_those_of_official_documents_and_tables_fill_them():
    data = render_docx(rich_document(), SHELL)
    margins = next(xml(data).iter(f"{W}pgMar"))
    millimetres = {
        side: round(int(margins.get(f"{W}{side}")) / 56.6929) for side in ("top", "bottom", "left", "right")
    }
    assert millimetres == {"top": 37, "bottom": 35, "left": 28, "right": 26}
    for style in ("FieldsTable", "ListTable", "SignatureTable"):
        for table in tables_named(data, style):
            assert sum(int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")) == FORMAL.text_width


def test_its_styles_name_the_typefaces_of_official_documents():
    found = {
        s.get(f"{W}styleId"): s
        for s in xml(render_docx(plain_document(), SHELL), "word/styles.xml").iter(f"{W}style")
    }
    faces = {
        name: found[name].find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia")
        for name in ("Title", "Heading2", "RunInCaption")
    }
    assert faces == {"Title": "方正小标宋简体", "Heading2": "黑体", "RunInCaption": "楷体"}
    defaults = xml(render_docx(plain_document(), SHELL), "word/styles.xml").find(
        f"{W}docDefaults/{W}rPrDefault/{W}rPr"
    )
    assert (defaults.find(f"{W}rFonts").get(f"{W}eastAsia"), value(defaults.find(f"{W}sz"))) == ("仿宋", "32")


@needs_office
def test_a_full_page_holds_22_lines_of_28_characters_in_libreoffice(tmp_path):
    pdf = to_pdf(tmp_path, long=render_docx(long_document(), SHELL))["long"]
    found = [text_lines(page) for page in pages(pdf, *BODY, mode="-layout")[3:]]
    assert max(map(len, found)) == 22
    assert usual_length(found) in {28, 29}


def test_the_pdf_has_the_same_lines_on_a_page(tmp_path):
    path = tmp_path / "long.pdf"
    path.write_bytes(layout_pdf(long_document(), look="formal").data)
    found = [text_lines(page) for page in pages(path, *BODY, mode="-layout")[3:]]
    assert max(map(len, found)) == 22
    assert usual_length(found) in {28, 29}


@pytest.mark.parametrize("document", [rich_document(), long_document()], ids=["rich", "long"])
def test_the_formal_pdf_holds_the_text_of_the_contract_in_order(tmp_path, document):
    path = tmp_path / "formal.pdf"
    path.write_bytes(layout_pdf(document, look="formal").data)
    cover, *rest = pages(path, *BODY)
    last = 1 + sum(1 for page in rest if LEADER.search(page.splitlines()[-1]))
    texts = [LEADER.sub("", page) if at < last else page for at, page in enumerate(rest, 1)]
    assert squeezed(cover) + "".join(without_header(squeezed(text)) for text in texts) == canonical(document)
