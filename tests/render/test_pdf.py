"""What a contract's PDF holds, judged by the programs that read it."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from importlib import resources
from multiprocessing import get_context

import pytest
from fontTools.ttLib import TTFont

from clausebank.document import Document, Text, contents, plain
from clausebank.render._pdf import glyphs, missing_font
from clausebank.render.pdf import layout_pdf, missing_glyphs, render_pdf
from clausebank.render.text import heading, render_text
from tests.render import documents
from tests.render.pdf_reading import (
    LEADER,
    bodies,
    bookmarks,
    links,
    pages,
    run,
    set_in,
    squeezed,
)

MANIFEST = '{"kind":"crm-outsourcing","编号":"一"}'.encode()
TABLE_HEADS = ("序号服务指标目标值考核方式", "期次付款节点比例金额")


@pytest.fixture(scope="module")
def rich() -> Document:
    return documents.rich_document()


@pytest.fixture(scope="module")
def path(rich, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "contract.pdf"
    path.write_bytes(render_pdf(rich, manifest=MANIFEST))
    return path


def with_words(words: str) -> Document:
    """A contract whose title, cover, headings, paragraphs, items and cells hold these words."""
    plain_document = documents.plain_document()
    part = plain_document.parts[0]
    named = tuple(replace(article, title=words) for article in part.articles)
    cover = replace(documents.cover(words), number=documents.CoverLine("合同编号", (Text(words),)))
    return replace(plain_document, title=words, cover=cover, parts=(replace(part, articles=named),))


def printed(path, document: Document) -> str:
    """The text of the pages, without the page numbers of the contents and repeated table headers."""
    cover, *rest = bodies(path)
    last = 1 + sum(1 for page in rest if LEADER.search(page.splitlines()[-1]))
    texts = [LEADER.sub("", page) if at < last else page for at, page in enumerate(rest, 1)]
    return squeezed(cover) + "".join(without_header(squeezed(text)) for text in texts)


def without_header(text: str) -> str:
    head = next((head for head in TABLE_HEADS if text.startswith(head)), "")
    return text[len(head) :]


def canonical(document: Document) -> str:
    return squeezed(render_text(document).replace(" | ", ""))


# --- text ------------------------------------------------------------------------------------------


def test_it_prints_the_canonical_text_in_order(path, rich):
    assert printed(path, rich) == canonical(rich)


def test_it_prints_a_contract_of_one_part_without_attachments(tmp_path):
    document = documents.plain_document()
    file = tmp_path / "plain.pdf"
    file.write_bytes(render_pdf(document))
    assert printed(file, document) == canonical(document)


@pytest.mark.parametrize(
    "words",
    [
        documents.NASTY,
        "#let x = 1; #set page(width: 1pt) $a^2$ *粗* _斜_ @label <label> `raw` [内容] = 标题 - 项 + 项 / 词: 义 // 注",
        "{{7*7}} {%for%} </w:t> &amp; A&B<公司> \"q\" 'q' \\n \\u0041 ~ -- --- ... 1. https://a.example/b?c=d#e",
        "表情😀👨‍👩‍👧☑️和生僻字𠮷㐂䶮",
    ],
)
def test_it_prints_whatever_was_typed_literally(words, tmp_path):
    document = with_words(words)
    file = tmp_path / "literal.pdf"
    file.write_bytes(render_pdf(document))
    text = squeezed("".join(pages(file)))
    assert text.count(squeezed(words)) >= 2 + len(document.parts[0].articles)


def test_it_breaks_lines_where_an_answer_does(path):
    assert "世纪大道100号\n环球金融中心" in "\n".join(page.replace(" ", "") for page in bodies(path))


def test_it_refuses_control_characters():
    with pytest.raises(ValueError, match=r"U\+0007"):
        render_pdf(with_words("响铃\x07"))


def test_it_shows_private_characters_as_the_replacement_sign(tmp_path):
    file = tmp_path / "private.pdf"
    file.write_bytes(render_pdf(with_words("造字\ue000完")))
    assert "造字\ufffd完" in pages(file)[0]


# --- the file --------------------------------------------------------------------------------------


def test_it_is_sound(path):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)


def test_it_embeds_every_font_as_a_subset(path):
    rows = run("pdffonts", path).splitlines()[2:]
    assert len(rows) == 3
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"]


def test_it_is_tagged_and_titled_and_says_its_language(path, rich):
    info = run("pdfinfo", path)
    assert f"Title:           {rich.title}" in info
    assert "Tagged:          yes" in info
    assert "Author:" not in info
    assert b"/Lang(zh-CN)" in path.read_bytes()


def test_it_declares_archival_and_accessible_standards(path):
    metadata = run("pdfinfo", "-meta", path)
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_it_tags_headings_lists_tables_contents_and_links(path):
    lines = run("pdfinfo", "-struct", path).splitlines()
    tags = {line.split()[0].rstrip(":") for line in lines if line.strip()}
    assert {
        "H1",
        "H2",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "THead",
        "TR",
        "TH",
        "TD",
        "TOC",
        "TOCI",
        "Link",
    } <= tags


def test_it_carries_the_manifest(path, tmp_path):
    assert "manifest.json" in run("pdfdetach", "-list", path)
    run("pdfdetach", "-savefile", "manifest.json", "-o", tmp_path / "out.json", path)
    assert (tmp_path / "out.json").read_bytes() == MANIFEST


def test_it_attaches_nothing_without_a_manifest(tmp_path, rich):
    file = tmp_path / "bare.pdf"
    file.write_bytes(render_pdf(rich))
    assert run("pdfdetach", "-list", file).startswith("0 embedded files")


# --- finding one's way -----------------------------------------------------------------------------


def test_it_has_a_bookmark_for_each_heading(path, rich):
    own = [heading(a.number, a.title) for part in rich.parts for a in (part, *part.articles)]
    attached = [heading(a.number, a.title) for whole in rich.attachments for a in (whole, *whole.articles)]
    assert bookmarks(path.read_bytes()) == ["目录", *own, *attached]


def test_it_numbers_pages_from_the_contents_on(path):
    total = len(pages(path)) - 1
    cover, *numbered = [squeezed(page) for page in pages(path)]
    assert "页" not in cover
    for number, page in enumerate(numbered, 1):
        assert page.endswith(f"第{number}页共{total}页")


def test_it_heads_every_page_but_the_cover_with_title_and_number(path, rich):
    for page in pages(path)[1:]:
        assert squeezed(page).startswith(f"{rich.title}CB-2026-0001")


def test_its_page_map_names_the_page_each_heading_stands_on(path, rich):
    found = layout_pdf(rich, manifest=MANIFEST).pages
    texts = [squeezed(page) for page in pages(path)]
    for entry in contents(rich):
        assert squeezed(heading(entry.number, entry.title)) in texts[found[entry.anchor]]
    assert found["end"] == len(texts) - 1


def test_its_contents_show_the_pages_of_the_page_map(path, rich):
    found = layout_pdf(rich, manifest=MANIFEST).pages
    listed = [squeezed(line.replace(".", "")) for line in bodies(path)[1].splitlines()[1:]]
    expected = [f"{heading(e.number, e.title)}{found[e.anchor]}" for e in contents(rich)]
    assert listed == [squeezed(line) for line in expected]


def test_its_contents_lead_to_the_headings(path, rich):
    found = layout_pdf(rich, manifest=MANIFEST).pages
    targets = [target for page, target in links(path.read_bytes()) if page == 1]
    assert targets == [found[entry.anchor] for entry in contents(rich)]


def test_its_references_lead_to_what_they_name(path, rich):
    found = layout_pdf(rich, manifest=MANIFEST).pages
    targets = {target for page, target in links(path.read_bytes()) if page > found["article:filler-3"]}
    assert targets == {found["article:fees"], found["attachment:dpa"]}


def test_it_prints_a_dangling_reference_as_plain_words(tmp_path):
    document = documents.plain_document()
    file = tmp_path / "dangling.pdf"
    file.write_bytes(render_pdf(document))
    assert "第二条" in plain(document.parts[0].articles[0].sections[0].blocks[1].items[1].inlines)
    gone = replace(document, parts=(replace(document.parts[0], articles=document.parts[0].articles[:1]),))
    file.write_bytes(render_pdf(gone))
    assert "适用第二条的约定" in squeezed(bodies(file)[2])
    assert not [link for link in links(file.read_bytes()) if link[0] > 1]


# --- marks -----------------------------------------------------------------------------------------


def test_it_marks_every_page_of_a_draft_and_no_page_of_a_final_contract(tmp_path, path, rich):
    file = tmp_path / "draft.pdf"
    file.write_bytes(render_pdf(rich, draft=True))
    assert all("草稿" in squeezed(page) for page in pages(file))
    assert not any("草稿" in squeezed(page) for page in pages(path))


def test_it_sets_defined_terms_and_conspicuous_terms_in_the_heading_face(path, rich):
    strong = set_in(path.read_bytes(), "NotoSansSC")
    assert "“客户数据”" in strong
    assert "每逾期一日按逾期金额的" in strong
    assert "书面催告甲方在指定期限内付款" in strong
    assert "任何一方应当按照本合同的约定" not in strong


def test_it_sets_conspicuous_terms_as_body_text_when_emphasis_is_off(rich):
    data = render_pdf(rich, emphasis=False)
    assert "每逾期一日按逾期金额的" in set_in(data, "NotoSerifSC")
    assert "逾期付款违约金。" in set_in(data, "NotoSansSC")


def test_it_highlights_gaps(path, rich, tmp_path):
    gaps = layout_pdf(rich, manifest=MANIFEST).pages["article:parties"] + 1
    run("pdftoppm", "-r", "60", "-f", str(gaps), "-l", str(gaps), "-singlefile", path, tmp_path / "page")
    assert (tmp_path / "page.ppm").read_bytes().count(bytes.fromhex("ffe9a8")) > 20


# --- the same again --------------------------------------------------------------------------------


def test_it_makes_the_same_bytes_every_time(path, rich):
    render_pdf(documents.plain_document(), draft=True)
    assert render_pdf(rich, manifest=MANIFEST) == path.read_bytes()


def test_it_works_in_threads(rich):
    others = [documents.rich_document(number) for number in (3, 4, 5, 6)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_pdf, others)) == [render_pdf(other) for other in others]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_it_works_in_processes_started_either_way(method, path, rich):
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as pool:
        assert pool.submit(render_pdf, rich, manifest=MANIFEST).result(timeout=60) == path.read_bytes()


# --- glyphs ----------------------------------------------------------------------------------------


def test_it_names_the_characters_its_fonts_lack(rich):
    assert missing_glyphs(rich) == {"😀"}
    assert missing_glyphs(with_words("𠮷😀\u200d😀☑\ufe0f㐂")) == {"𠮷", "😀", "☑"}


def test_it_keeps_missing_characters_in_the_file_and_shows_a_box(path):
    assert any("表情：😀。" in page for page in pages(path))
    assert set_in(path.read_bytes(), "ClauseBankMissing") == "😀"


def test_it_knows_the_same_glyphs_as_the_fonts():
    folder = resources.files("pylopdf_fonts_zh_cn")
    maps = [set(TTFont(folder / f"Noto{face}SC-Regular.otf").getBestCmap()) for face in ("Serif", "Sans")]
    assert {ord(char) for char in glyphs.characters()} == maps[0] & maps[1]


def test_the_fonts_hold_what_chinese_contracts_are_written_with():
    wanted = (
        "".join(chr(code) for code in range(0x4E00, 0x9FA6))
        + "，。；：？！、（）《》〈〉【】〔〕“”‘’…—～·①⑳㈠¥￥％‰℃×÷±≤≥〇Ａ１"
    )
    assert set(wanted) <= glyphs.characters()


def test_the_box_font_is_made_by_its_program():
    assert missing_font.build() == missing_font.FONT.read_bytes()
