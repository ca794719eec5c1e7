"""Every shipped kind in each stance and each shell, filled with its examples: judged as the other side sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup
from openxml_audit import OpenXmlValidator

from clausebank import (
    Stances,
    assemble,
    load_bank,
    load_templates,
    render_docx,
    render_html,
    render_text,
)
from clausebank.document import (
    Document,
    Inlines,
    Stance,
    Table,
    articles,
    contents,
    plain,
    sections,
)
from clausebank.render.pdf import layout_pdf, missing_glyphs
from clausebank.render.text import heading, title_lines
from schemas import answers_schema, example_answers
from tests.render.office import needs_office, to_pdf
from tests.render.pdf_reading import BODY, overprinted, pages, run, squeezed, without
from tests.render.test_docx import numbers, tables_named
from tests.render.wordfile import W, lines, text_of

BANK, TEMPLATES = load_bank(), load_templates()
SHELLS = Path(__file__).parents[2] / "templates" / "_shells"
LOOKS = {"standard": BODY, "formal": ("-x", "0", "-y", "85", "-W", "595", "-H", "662")}
"""The shells, and where on their pages the text stands between header and footer."""

TOC, PAGE = {"TOC1", "TOC2"}, re.compile(r"\d+$")


@dataclass
class Files:
    """A contract and its files as they leave the house."""

    document: Document
    look: str
    word: Path
    pdf: Path

    @property
    def text(self) -> str:
        return squeezed(render_text(self.document).replace(" | ", ""))


def made(kind: str, stance: Stance, look: str, folder: Path) -> Files:
    """Assemble the example of a kind and write it as Word and as PDF."""
    template, stances = TEMPLATES[kind], Stances(stance)
    answers = answers_schema(template, BANK, stances).load(example_answers(template, BANK, stances))
    document = assemble(template, answers, BANK, stances)
    laid_out = layout_pdf(document, look=look)
    files = Files(document, look, folder / "contract.docx", folder / "contract.pdf")
    files.pdf.write_bytes(laid_out.data)
    files.word.write_bytes(render_docx(document, SHELLS / f"{look}.docx", pages=laid_out.pages))
    return files


@pytest.fixture(scope="module", params=list(product(sorted(TEMPLATES), Stance, LOOKS)), ids="-".join)
def files(request, tmp_path_factory) -> Files:
    return made(*request.param, tmp_path_factory.mktemp("kind"))


# --- Word ------------------------------------------------------------------------------------------


def test_the_word_file_keeps_every_rule_of_the_format(files):
    assert [str(error) for error in OpenXmlValidator().validate(str(files.word)).errors] == []


def test_the_word_file_shows_the_text_with_the_numbers_word_computes(files):
    found = lines(files.word.read_bytes())
    shown = (
        line.label + PAGE.sub("", line.text) if line.style in TOC else line.label + line.text
        for line in found
    )
    assert squeezed("".join(shown)) == files.text
    document = files.document
    expected = [n for part in document.parts for n in (part.number, *numbers(part.articles))]
    expected += [n for a in document.attachments for n in (a.number, *numbers(a.articles))]
    assert [line.label for line in found if line.label] == [number for number in expected if number]


# --- PDF -------------------------------------------------------------------------------------------


def test_the_pdf_is_sound_and_embeds_its_fonts(files):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", files.pdf)
    rows = run("pdffonts", files.pdf).splitlines()[2:]
    assert len(rows) >= 2
    assert {tuple(row.split()[-5:-2]) for row in rows} == {("yes", "yes", "yes")}
    assert missing_glyphs(files.document) == set()


def test_the_pdf_prints_the_text_in_order(files):
    heads = {squeezed("".join(map(plain, table.header))) for table in tables(files.document) if table.header}
    cover, *rest = pages(files.pdf, *LOOKS[files.look])
    assert squeezed(cover) + "".join(without(heads, page) for page in rest) == files.text


def test_nothing_is_printed_over_something_else_or_beyond_the_page(files):
    assert overprinted(files.pdf) == []


@pytest.mark.parametrize(("shift", "seen"), [("10 3", 1), ("60 0", 0), ("0 -16", 0)])
def test_words_printed_over_others_are_seen(tmp_path, shift, seen):
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Contents = pdf.make_stream(f"BT /F 12 Tf 100 700 Td (first) Tj {shift} Td (second) Tj ET".encode())
    pdf.save(tmp_path / "words.pdf")
    assert len(overprinted(tmp_path / "words.pdf")) == seen


def test_pages_end_well(files):
    ends_well(files.document, pages(files.pdf, *LOOKS[files.look]))


# --- cover -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("客户服务与支持外包合同（设质保金）", ["客户服务与支持外包合同", "（设质保金）"]),
        ("客户服务合同（年度）", ["客户服务合同（年度）"]),
        ("客户投诉处理与客户关系维护合同", ["客户投诉处理与客户关系维护合同"]),
    ],
)
def test_a_title_too_long_for_a_line_goes_on_with_what_stands_in_brackets(title, shown):
    assert list(title_lines(title)) == shown


def test_the_title_on_the_cover_is_broken_where_it_reads_well(files):
    shown = list(title_lines(files.document.title))
    assert next(line.text for line in lines(files.word.read_bytes()) if line.style == "Title") == "\n".join(
        shown
    )
    printed = [squeezed(line) for line in pages(files.pdf)[0].splitlines()]
    assert [line for line in printed if line in files.document.title] == shown


# --- tables ----------------------------------------------------------------------------------------


def test_every_cell_reads_the_same_in_word_on_the_screen_and_in_the_tree(files):
    expected = [
        [[written(cell) for cell in row] for row in (*([table.header] if table.header else ()), *table.rows)]
        for table in sorted(tables(files.document), key=lambda table: bool(table.header))
    ]
    assert list(cells_of_word(files.word.read_bytes())) == expected
    assert list(cells_of_html(render_html(files.document))) == expected


def tables(document: Document) -> Iterator[Table]:
    for section in sections(document):
        yield from (block for block in section.blocks if isinstance(block, Table))


def written(cell: Inlines) -> str:
    return squeezed(plain(cell))


def cells_of_word(data: bytes) -> Iterator[list[list[str]]]:
    """Yield the cells of each table, those without a header first."""
    for table in (*tables_named(data, "FieldsTable"), *tables_named(data, "ListTable")):
        yield [
            [squeezed("".join(map(text_of, cell.iter(f"{W}p")))) for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")
        ]


def cells_of_html(page: str) -> Iterator[list[list[str]]]:
    """Yield the cells of each table, those without a header first."""
    paper = BeautifulSoup(page, "html.parser")
    for table in (*paper.select("table.fields"), *paper.select("table.list")):
        yield [[squeezed(cell.get_text()) for cell in row.select("th, td")] for row in table.select("tr")]


# --- the Word file on pages ------------------------------------------------------------------------


CASES = [
    (kind, list(Stance)[number % 3], list(LOOKS)[number % 2]) for number, kind in enumerate(sorted(TEMPLATES))
]


@needs_office
@pytest.mark.parametrize(("kind", "stance", "look"), CASES, ids=["-".join(case) for case in CASES])
def test_libreoffice_shows_the_word_file_whole_and_ends_its_pages_well(kind, stance, look, tmp_path):
    files = made(kind, stance, look, tmp_path)
    path = to_pdf(tmp_path, shown=files.word.read_bytes())["shown"]
    heads = {squeezed("".join(map(plain, table.header))) for table in tables(files.document) if table.header}
    cover, *rest = pages(path, *LOOKS[look])
    assert squeezed(cover) + "".join(without(heads, page) for page in rest) == files.text
    assert overprinted(path) == []
    ends_well(files.document, [cover, *rest])


def ends_well(document: Document, printed: list[str]) -> None:
    """No page is empty, ends with a heading or an announcement, and signatures stand below text."""
    headings = {squeezed(heading(entry.number, entry.title)) for entry in contents(document)}
    headings |= {squeezed(heading(whole.number, whole.title)) for whole in articles(document)}
    texts = [squeezed(page) for page in printed]
    assert "" not in texts
    ends = [squeezed(page.strip().splitlines()[-1]) for page in printed[1:]]
    assert not [end for end in ends if end in headings or end.endswith("：")]
    (signed,) = [text for text in texts if squeezed(document.closing) in text]
    before, _, below = signed.partition(squeezed(document.closing))
    assert before
    for signatory in document.signature.signatories:
        assert all(squeezed(line) in below for line in (signatory.heading, *signatory.lines))
