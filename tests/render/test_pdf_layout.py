"""How a contract sits on its pages: what stays together, what starts and ends a line."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clausebank.document import Block, CoverLine, Document, Filled, Paragraph, Text, articles, contents
from clausebank.render.pdf import layout_pdf, render_pdf
from clausebank.render.text import heading
from tests.render import documents
from tests.render.pdf_reading import BODY, CLOSING, OPENING, bodies, pages, run, squeezed

LONG_WORD = "https://example.cn/" + "abcdefghij" * 30
MARGINS = range(85 - 7, 595 - 85 + 7)
"""Of the text, with the empty half of a bracket or stop beyond them."""


@dataclass
class Sheets:
    """A contract and its pages after the contents."""

    document: Document
    path: Path
    pages: list[list[str]]


@pytest.fixture(scope="module", params=range(2, 14))
def sheets(request, tmp_path_factory) -> Sheets:
    """Contracts of growing length, whose pages break in different places."""
    path = tmp_path_factory.mktemp("pdf") / "contract.pdf"
    document = documents.rich_document(request.param)
    path.write_bytes(render_pdf(document))
    return Sheets(document, path, [page.splitlines() for page in bodies(path)[2:]])


def of_blocks(*blocks: Block, **changes: object) -> Document:
    """A contract whose only article holds these blocks."""
    document = documents.plain_document()
    part = document.parts[0]
    section = replace(part.articles[1].sections[0], blocks=blocks)
    article = replace(part.articles[1], sections=(section,))
    return replace(document, parts=(replace(part, articles=(article,)),), **changes)


def test_no_page_ends_with_a_heading(sheets):
    headings = {squeezed(heading(entry.number, entry.title)) for entry in contents(sheets.document)}
    headings |= {squeezed(heading(whole.number, whole.title)) for whole in articles(sheets.document)}
    assert not [page[-1] for page in sheets.pages if squeezed(page[-1]) in headings]


def test_no_page_ends_with_words_that_announce_a_list_or_a_table(sheets):
    assert not [page[-1] for page in sheets.pages if page[-1].rstrip().endswith("：")]


def test_the_signatures_stand_whole_below_text_of_the_contract(sheets):
    document = sheets.document
    page = next(page for page in sheets.pages if document.closing in page)
    at = page.index(document.closing)
    below = squeezed("".join(page[at:]))
    assert any("第三方可以介入" in line for line in page[:at])
    for signatory in document.signature.signatories:
        assert squeezed(signatory.heading) in below
        assert all(below.count(squeezed(line)) == 2 for line in signatory.lines)


def test_a_table_repeats_its_header_and_never_splits_a_row(sheets):
    texts = [squeezed("".join(page)) for page in sheets.pages]
    for number in range(1, 46):
        row = f"第{number}项服务指标：在约定的服务时间内，响应客户来电、来函和在线咨询的比例"
        (found,) = [text for text in texts if row in text]
        assert "序号服务指标目标值考核方式" in found


def test_no_line_starts_or_ends_with_a_forbidden_mark(sheets):
    lines = [
        line.strip() for page in pages(sheets.path, *BODY, mode="-layout")[2:] for line in page.splitlines()
    ]
    lines = [line for line in lines if line]
    assert len(lines) > 60
    assert not [line for line in lines if line[0] in CLOSING]
    assert not [line for line in lines if line[-1] in OPENING]


def test_nothing_stands_outside_the_margins(sheets):
    assert outside_margins(sheets.path) == []


def test_a_cell_longer_than_a_page_is_printed_whole(tmp_path):
    words = "".join(f"第{number}项，" for number in range(1, 700))
    table = replace(documents.long_table(), rows=(((Text("1"),), (Filled("x", words),), (), ()),))
    path = tmp_path / "cell.pdf"
    path.write_bytes(render_pdf(of_blocks(table)))
    assert words in squeezed("".join(bodies(path))).replace("序号服务指标目标值考核方式", "")


def test_a_word_longer_than_a_line_is_broken_rather_than_cut(tmp_path):
    word, code = (Filled("url", LONG_WORD),), (Filled("code", LONG_WORD[:90]),)
    table = replace(documents.long_table(), rows=((code, code, code, code),))
    cover = replace(documents.cover(), lines=(CoverLine("甲方", word),))
    path = tmp_path / "word.pdf"
    path.write_bytes(render_pdf(of_blocks(Paragraph("1.1", "long/1", word), table, cover=cover)))
    text = squeezed("".join(bodies(path)))
    assert text.count(LONG_WORD) == 2
    assert text.count(LONG_WORD[:90]) == 6
    assert outside_margins(path) == []


def test_contents_of_any_length_end_before_the_body_starts(tmp_path):
    for length in (2, 21, 45):
        pdf = layout_pdf(documents.rich_document(length))
        path = tmp_path / "contract.pdf"
        path.write_bytes(pdf.data)
        assert squeezed(bodies(path)[pdf.pages["part:main"]]).startswith("第一部分主合同")


def test_contents_that_nearly_fit_a_page_fit_it():
    assert layout_pdf(documents.rich_document(24)).pages["part:main"] == 2


def outside_margins(path: Path) -> list[str]:
    """The words that poppler sees beyond the left or right margin."""
    words = [line for line in run("pdftotext", "-bbox", path, "-").splitlines() if "<word" in line]
    return [word for word in words if not all(int(float(edge)) in MARGINS for edge in word.split('"')[1:6:4])]
