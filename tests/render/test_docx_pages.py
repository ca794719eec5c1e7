"""The Word file as LibreOffice lays it out: its numbers, references and pages are computed, not copied."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from clausebank.document import Align, Article, Attachment, Document, Paragraph, Table, Text, contents
from clausebank.render.docx import render_docx
from clausebank.render.text import render_text
from tests.render.documents import filler, plain_document, rich_document
from tests.render.office import grey_pages, needs_office, page_texts, squeezed, to_pdf
from tests.render.test_docx import SHELL
from tests.render.wordfile import parts

pytestmark = needs_office
LENGTHS = range(6)
RESULT = re.compile(
    r"((?:REF _Ref\w+ \\n|PAGEREF _LastPage) \\h </w:instrText></w:r><w:r>(?:<w:rPr>.*?</w:rPr>)?"
    r'<w:fldChar w:fldCharType="separate"/></w:r><w:r>(?:<w:rPr>.*?</w:rPr>)?<w:t xml:space="preserve">)[^<]*'
)


def paged(document: Document) -> dict[str, int]:
    return {entry.anchor: 3 for entry in contents(document)}


def rewritten(data: bytes, **changes) -> bytes:
    """Return a Word file with parts changed; names are those of the parts below word/."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts(data).items():
            change = changes.get(Path(name).stem)
            archive.writestr(name, change(content.decode()) if change else content)
    return made.getvalue()


def without_results(data: bytes) -> bytes:
    """Return a Word file whose references show nothing of use until they are computed."""

    def spoil(xml: str) -> str:
        return RESULT.sub(r"\1陈旧", xml)

    return rewritten(data, document=spoil, footer1=spoil)


def with_article_by_hand(data: bytes) -> bytes:
    """Return a Word file into which somebody typed a new article before 第二条, by styles alone."""
    article = (
        '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>手写的条</w:t></w:r></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="Clause"/></w:pPr><w:r><w:t>手写的款：</w:t></w:r></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="Item"/></w:pPr><w:r><w:t>手写的项。</w:t></w:r></w:p>'
    )

    def insert(xml: str) -> str:
        heading = xml.index(
            '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>', xml.index("的权属不因本合同而改变")
        )
        return xml[:heading] + article + xml[heading:]

    return rewritten(data, document=insert)


def of_length(number: int) -> Document:
    """A contract whose signatures and headings fall on other places of the page for each number."""
    document = plain_document()
    part = document.parts[0]
    more = filler(3)
    blocks = more.sections[0].blocks[:1]
    words = tuple(replace(blocks[0], number=f"3.{n}", anchor=f"x/{n}") for n in range(1, number + 2))
    longer = replace(more, sections=(replace(more.sections[0], blocks=words),))
    return replace(document, parts=(replace(part, articles=(*part.articles, longer)),))


@pytest.fixture(name="pdfs", scope="module")
def _pdfs(tmp_path_factory) -> Iterator[dict[str, Path]]:
    document = rich_document()
    rich = render_docx(document, SHELL, pages=paged(document))
    plain = plain_document()
    files = {
        "rich": rich,
        "stale": without_results(rich),
        "edited": without_results(with_article_by_hand(rich)),
        "final": render_docx(plain, SHELL),
        "draft": render_docx(plain, SHELL, draft=True),
    }
    files |= {f"length{n}": render_docx(of_length(n), SHELL) for n in LENGTHS}
    return to_pdf(tmp_path_factory.mktemp("pages"), **files)


def body(pdf: Path) -> str:
    return squeezed("".join(page_texts(pdf)))


def test_its_pages_show_the_text_of_the_contract_with_numbers_libreoffice_computed(pdfs):
    document = rich_document()
    entries = [squeezed(f"{entry.number}{entry.title}") for entry in contents(document)]
    expected = squeezed(render_text(document))
    listed = "".join(entries)
    expected = expected.replace(listed, "".join(f"{entry}3" for entry in entries), 1)
    header = "序号服务指标目标值考核方式"
    shown = body(pdfs["rich"])
    repeats = shown.count(header) - 1
    assert repeats > 0
    first = shown.index(header) + len(header)
    shown = shown[:first] + shown[first:].replace(header, "")
    # The emoji comes from another font, so LibreOffice paints it after its line.
    assert shown.count("😀") == 1
    assert shown.replace("😀", "") == expected.replace("😀", "")


def test_references_and_the_number_of_pages_are_computed_by_libreoffice(pdfs):
    stale, fresh = page_texts(pdfs["stale"], margins=True), page_texts(pdfs["rich"], margins=True)
    assert len(stale) == len(fresh)
    assert squeezed("".join(stale)) == squeezed("".join(fresh))
    assert "陈旧" not in "".join(stale)


def test_an_article_typed_by_hand_renumbers_what_follows_and_every_reference(pdfs):
    shown = body(pdfs["edited"])
    assert "第二条手写的条2.1手写的款：（1）手写的项。第三条服务费用与支付3.1服务费用总额。" in shown
    assert "第二十三条第三方介入的条件23.1" in shown
    assert "依照第3.2条和附件二执行" in shown
    assert "依照第2.2条" not in shown
    assert "（2）适用第三条的约定。" in shown
    assert "附件二个人信息委托处理协议第一条处理目的与方式1.1本附件依照第三条订立。" in shown


def test_the_footer_counts_pages_without_the_cover(pdfs):
    cover, *pages = page_texts(pdfs["rich"], margins=True)
    assert "页" not in cover
    total = len(pages)
    assert total > 15
    for number, page in enumerate(pages, 1):
        assert squeezed(page).endswith(f"第{number}页共{total}页")
        assert squeezed(page).startswith("客户关系管理外包服务合同CB-2026-0001")


def test_each_attachment_starts_a_page(pdfs):
    starts = [squeezed(page) for page in page_texts(pdfs["rich"])]
    for attachment in rich_document().attachments:
        heading = f"{attachment.number}{attachment.title}"
        assert [page for page in starts if page.startswith(heading)] != []


@pytest.mark.parametrize("number", LENGTHS)
def test_signatures_never_split_and_never_stand_alone(pdfs, number):
    pages = [squeezed(page) for page in page_texts(pdfs[f"length{number}"])]
    (signed,) = [page for page in pages if "甲方（盖章）：" in page]
    assert "（以下无正文）甲方（盖章）：" in signed
    assert signed.endswith("日期：年月日日期：年月日")


@pytest.mark.parametrize("name", ["rich", "edited", *(f"length{n}" for n in LENGTHS)])
def test_no_page_ends_with_a_heading(pdfs, name):
    last_lines = [page.strip().splitlines()[-1] for page in page_texts(pdfs[name])[2:]]
    assert [line for line in last_lines if re.match(r"第[一二三四五六七八九十]+(条|部分)\s", line)] == []
    assert not {"鉴于", "付款进度表", "服务水平指标"} & set(last_lines)


def test_a_draft_is_marked_on_every_page_where_the_final_is_white(pdfs):
    final, draft = grey_pages(pdfs["final"]), grey_pages(pdfs["draft"])
    assert len(final) == len(draft)
    for clean, marked in zip(final, draft, strict=True):
        light = sum(195 < pixel < 240 for pixel in marked) - sum(195 < pixel < 240 for pixel in clean)
        assert light > 500


def with_many_signed_attachments() -> Document:
    """A contract whose attachments end in signatures at every height of a page."""
    document = plain_document()

    def sheet(rows: int, lines: int) -> Attachment:
        table = Table("", (), (((Text("甲"),), (Text("乙"),)),) * rows, (1, 1), (Align.LEFT,) * 2)
        words = tuple(Paragraph("", f"x/{rows}/{lines}/{n}", (Text("一行文字。"),)) for n in range(lines))
        blocks = (*((table,) if rows else ()), *words, document.signature)
        section = replace(document.parts[0].articles[1].sections[0], blocks=blocks)
        article = Article("x", "第一条", f"article:{rows}/{lines}", "签署", (section,))
        return Attachment("x", "附件一", f"attachment:{rows}/{lines}", f"{rows}乘{lines}", (), (article,))

    return replace(
        document, attachments=tuple(sheet(rows, lines) for rows in range(12) for lines in range(9, 19))
    )


def test_no_signature_leaves_a_blank_page_behind_or_stands_alone(tmp_path):
    document = with_many_signed_attachments()
    pages = [
        squeezed(page) for page in page_texts(to_pdf(tmp_path, many=render_docx(document, SHELL))["many"])
    ]
    assert "" not in pages
    signed = [page for page in pages if "甲方（盖章）：" in page]
    assert len(signed) == len(document.attachments) + 1
    assert [page for page in signed if page.startswith("甲方（盖章）")] == []
    assert all(page.endswith("日期：年月日日期：年月日") for page in signed)
