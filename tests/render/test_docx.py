"""The Word file: the tree's text and numbers, natively numbered, live, and the same bytes every time."""

import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.sandbox import SecurityError
from openxml_audit import OpenXmlValidator

import clausebank
from clausebank.document import (
    Align,
    Article,
    Document,
    Paragraph,
    Reference,
    Table,
    Text,
    contents,
    items,
    runs,
    sections,
)
from clausebank.render._docx.base_design import STANDARD
from clausebank.render._docx.markup import bookmark_name
from clausebank.render.docx import render_docx
from clausebank.render.shell import standard_shell
from clausebank.render.text import render_text
from tests.render.documents import NASTY, plain_document, rich_document
from tests.render.office import squeezed
from tests.render.wordfile import W, instructions, lines, parts, text_of, value, xml

SHELL = Path(__file__).parents[2] / "templates" / "_shells" / "standard.docx"
MANIFEST = '{"kind":"crm-outsourcing","note":"A&B<公司> ]]>"}'.encode()


@pytest.fixture(name="rich", scope="module")
def _rich() -> bytes:
    return render_docx(rich_document(), SHELL, manifest=MANIFEST)


def assembled() -> Document:
    """The shipped contract with every blank still open."""
    bank = clausebank.load_bank()
    return clausebank.assemble(clausebank.load_templates()["crm-outsourcing"], {}, bank)


def findings(data: bytes, folder: Path) -> list[str]:
    path = folder / "judged.docx"
    path.write_bytes(data)
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]


def shown(data: bytes) -> str:
    return squeezed("\n".join(line.label + line.text for line in lines(data)))


def with_blocks(*blocks, **changes) -> Document:
    """A plain contract of a single clause that holds these blocks."""
    document = plain_document()
    part = document.parts[0]
    article = part.articles[1]
    section = replace(article.sections[0], blocks=blocks, **changes)
    return replace(document, parts=(replace(part, articles=(replace(article, sections=(section,)),)),))


def one_paragraph(*inlines) -> Document:
    return with_blocks(Paragraph("1.1", "parties.details/1", inlines))


def tables_named(data: bytes, style: str) -> list:
    return [t for t in xml(data).iter(f"{W}tbl") if value(t.find(f"{W}tblPr/{W}tblStyle")) == style]


def table_named(data: bytes, style: str):
    (found,) = tables_named(data, style)
    return found


# --- text and numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document", [rich_document(), plain_document(), assembled()], ids=["rich", "plain", "shipped"]
)
def test_it_shows_the_text_of_the_contract_in_reading_order(document):
    assert shown(render_docx(document, SHELL)) == squeezed(render_text(document))


@pytest.mark.parametrize(
    "document", [rich_document(), plain_document(), assembled()], ids=["rich", "plain", "shipped"]
)
def test_its_native_list_numbers_are_those_of_the_tree(document):
    expected = []
    for part in document.parts:
        expected += [part.number, *numbers(part.articles)]
    for attachment in document.attachments:
        expected += [attachment.number, *numbers(attachment.articles)]
    labels = [line.label for line in lines(render_docx(document, SHELL)) if line.label]
    assert labels == [number for number in expected if number]


def numbers(of: tuple[Article, ...]) -> list[str]:
    found = []
    for article in of:
        found.append(article.number)
        for section in article.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    found += [block.number, *(item.number for item in items(block))]
    return found


def test_no_number_of_a_heading_paragraph_or_item_is_typed(rich):
    typed = [line.text for line in lines(rich) if line.label and line.text.startswith(line.label)]
    assert typed == []


def test_items_below_unnumbered_paragraphs_start_again_each_time(rich):
    labels = [line.label for line in lines(rich) if line.style == "LeadInItem"]
    assert labels == ["（1）", "（2）", "（1）", "（2）"]


def test_it_prints_hostile_text_literally():
    data = render_docx(one_paragraph(Text(NASTY), Text("😀 𠮷")), SHELL)
    texts = [line.text for line in lines(data)]
    assert f"{NASTY}😀 𠮷" in texts
    assert NASTY in texts


def test_line_feeds_in_an_answer_become_line_breaks(rich):
    assert "上海市浦东新区世纪大道100号\n环球金融中心28层" in [line.text for line in lines(rich)]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_any_text_arrives_as_it_is(words):
    data = render_docx(with_blocks(Paragraph("1.1", "x/1", (Text(words),)), title=words[:64]), SHELL)
    clauses = [p for p in xml(data).iter(f"{W}p") if value(p.find(f"{W}pPr/{W}pStyle")) == "Clause"]
    assert [text_of(clause) for clause in clauses] == [words]


@pytest.mark.parametrize("character", ["\0", "\x0b", "\r", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_it_refuses_characters_a_word_file_cannot_hold(character):
    with pytest.raises(ValueError):  # noqa: PT011 (UnicodeEncodeError is one)
        render_docx(one_paragraph(Text(f"甲{character}乙")), SHELL)


# --- references and contents ---------------------------------------------------------------------


@pytest.mark.parametrize("document", [rich_document(), assembled()], ids=["rich", "shipped"])
def test_every_reference_with_a_number_is_a_live_field(document):
    wanted = [
        bookmark_name(inline.anchor)
        for section in sections(document)
        for block in section.blocks
        for run in runs(block)
        for inline in run
        if isinstance(inline, Reference) and inline.anchor and inline.before != "“"
    ]
    made = instructions(render_docx(document, SHELL))
    assert [words.split()[1] for words in made if words.startswith("REF ")] == wanted
    assert len(wanted) > 20


@pytest.mark.parametrize("document", [rich_document(), assembled()], ids=["rich", "shipped"])
def test_the_cached_result_of_a_reference_is_the_label_of_its_target(document):
    data = render_docx(document, SHELL)
    labels = {name: line.label for line in lines(data) for name in line.bookmarks}
    results = field_results(data)
    assert results
    assert {(name, labels[name]) for name, _ in results} == set(results)


def field_results(data: bytes) -> list[tuple[str, str]]:
    """Return bookmark and cached result of each REF field."""
    results = []
    for paragraph in xml(data).iter(f"{W}p"):
        target, inside = "", False
        for node in paragraph.iter(f"{W}instrText", f"{W}fldChar", f"{W}t"):
            if node.tag == f"{W}instrText":
                target = node.text.split()[1] if node.text.split()[0] == "REF" else ""
            elif node.tag == f"{W}fldChar":
                inside = node.get(f"{W}fldCharType") == "separate"
            elif inside and target:
                results.append((target, node.text))
    return results


def test_a_dangling_reference_is_printed_and_not_linked():
    data = render_docx(one_paragraph(Reference("gone", None, "【引用不存在】")), SHELL)
    assert "【引用不存在】" in [line.text for line in lines(data)]
    assert not [words for words in instructions(data) if words.startswith("REF ")]


def test_bookmarks_are_unique_and_short_enough_for_word(rich):
    marks = list(xml(rich).iter(f"{W}bookmarkStart"))
    names = [mark.get(f"{W}name") for mark in marks]
    assert len(set(names)) == len(names) == len({mark.get(f"{W}id") for mark in marks})
    assert max(map(len, names)) <= 40


def test_the_contents_show_the_pages_they_are_given():
    document = rich_document()
    pages = {entry.anchor: index + 3 for index, entry in enumerate(contents(document))}
    data = render_docx(document, SHELL, pages=pages)
    entries = [line for line in lines(data) if line.style.startswith("TOC") and line.style != "TOCHeading"]
    assert [line.text for line in entries] == [
        f"{entry.number}　{entry.title}{pages[entry.anchor]}" for entry in contents(document)
    ]
    assert [line.style for line in entries] == [f"TOC{entry.level}" for entry in contents(document)]


def test_contents_without_known_pages_are_left_for_word_to_fill(rich):
    entries = [line.text for line in lines(rich) if line.style in {"TOC1", "TOC2"}]
    assert entries == [f"{entry.number}　{entry.title}" for entry in contents(rich_document())]
    dirty = xml(rich).findall(f".//{W}fldChar[@{W}dirty='true']")
    assert len(dirty) == len(entries)


def test_contents_of_a_single_line_are_a_whole_field():
    document = with_blocks(Paragraph("1.1", "x/1", (Text("甲"),)))
    assert len(contents(document)) == 1
    kinds = [node.get(f"{W}fldCharType") for node in xml(render_docx(document, SHELL)).iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "begin", "separate", "end", "end"]


def test_the_contents_field_collects_exactly_the_styles_of_its_entries(rich):
    assert 'TOC \\o "1-2" \\h \\z \\t "附件标题,1"' in instructions(rich)
    names = {value(s.find(f"{W}name")): s.get(f"{W}styleId") for s in xml(rich, "word/styles.xml")[1:]}
    headed = [
        line
        for line in lines(rich)
        if line.style in {names["heading 1"], names["heading 2"], names["附件标题"]}
    ]
    assert [(line.label, line.text) for line in headed] == [
        (entry.number, entry.title) for entry in contents(rich_document())
    ]


# --- layout --------------------------------------------------------------------------------------


def test_the_body_is_formatted_by_styles_only(rich):
    body = xml(rich)
    direct = {child.tag for look in body.iter(f"{W}rPr") for child in look} - {f"{W}rStyle"}
    assert direct == set()
    allowed = {f"{W}pStyle", f"{W}keepNext", f"{W}sectPr"}
    assert {child.tag for look in body.iter(f"{W}pPr") for child in look} == allowed


def test_every_style_it_uses_is_defined(rich):
    used = {value(node) for tag in ("pStyle", "rStyle", "tblStyle") for node in xml(rich).iter(f"{W}{tag}")}
    defined = {style.get(f"{W}styleId") for style in xml(rich, "word/styles.xml").iter(f"{W}style")}
    assert used <= defined
    assert "Normal" not in used


def test_the_cover_has_no_page_number_and_the_contents_are_page_one(rich):
    first, second, *later = xml(rich).iter(f"{W}sectPr")
    assert first.find(f"{W}footerReference") is None
    assert first.find(f"{W}pgNumType") is None
    assert second.find(f"{W}footerReference") is not None
    assert second.find(f"{W}pgNumType").get(f"{W}start") == "1"
    assert all(section.find(f"{W}pgNumType") is None for section in later)


def test_cover_contents_body_and_each_attachment_are_sections_on_new_pages(rich):
    found = list(xml(rich).iter(f"{W}sectPr"))
    assert len(found) == 3 + len(rich_document().attachments)
    assert {value(section.find(f"{W}type")) for section in found} == {"nextPage"}


def test_header_and_footer_show_title_number_and_pages_without_the_cover(rich):
    header, footer = xml(rich, "word/header2.xml"), xml(rich, "word/footer1.xml")
    assert text_of(header[0]) == "客户关系管理外包服务合同CB-2026-0001"
    assert instructions(rich, "word/footer1.xml") == ["PAGE", "PAGEREF _LastPage \\h"]
    assert text_of(footer[0]).startswith("第")
    assert lines(rich)[-1].bookmarks == ["_LastPage"]


@pytest.mark.parametrize("draft", [True, False])
def test_every_page_of_a_draft_is_marked_and_no_other_is(draft):
    made = parts(render_docx(plain_document(), SHELL, draft=draft))
    marked = [
        name for name in made if name.startswith("word/header") and 'string="草稿"' in made[name].decode()
    ]
    assert marked == (["word/header1.xml", "word/header2.xml"] if draft else [])


def test_tables_fill_the_text_width_repeat_their_header_and_split_no_row(rich):
    wanted = [b for s in sections(rich_document()) for b in s.blocks if isinstance(b, Table)]
    of_kind = [(bool(table.header), table) for table in wanted]
    tables = [*tables_named(rich, "FieldsTable"), *tables_named(rich, "ListTable")]
    wanted = [table for _, table in sorted(of_kind, key=lambda pair: pair[0])]
    assert len(tables) == len(wanted) == 3
    for table, source in zip(tables, wanted, strict=True):
        columns = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        assert sum(columns) == STANDARD.text_width
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert repeated == [bool(source.header)] * bool(source.header) + [False] * len(source.rows)


@pytest.mark.parametrize(("rows", "kept"), [(3, 2), (40, 0)])
def test_the_rows_of_a_short_table_stay_on_a_page_with_what_announces_it(rows, kept):
    row = ((Text("户名"),), (Text("某公司"),))
    fields = Table("", (), (row,) * rows, (1, 1), (Align.LEFT,) * 2)
    words = Paragraph("1.1", "parties.details/1", (Text("收款账户如下："),))
    data = render_docx(with_blocks(words, fields), SHELL)
    found = [tr.find(f".//{W}keepNext") is not None for tr in table_named(data, "FieldsTable").iter(f"{W}tr")]
    assert found == [True] * kept + [False] * (rows - kept)
    (announced,) = [p for p in xml(data).iter(f"{W}p") if "收款账户如下" in text_of(p)]
    assert announced.find(f"{W}pPr/{W}keepNext") is not None


def test_no_column_is_too_narrow_for_a_short_heading():
    header = ((Text("序号"),), (Text("内容"),))
    narrow = Table("", header, (((Text("1"),), (Text("甲"),)),), (1, 99), (Align.LEFT, Align.LEFT))
    data = render_docx(with_blocks(narrow), SHELL)
    columns = [int(column.get(f"{W}w")) for column in table_named(data, "ListTable").iter(f"{W}gridCol")]
    assert columns[0] >= 720 > STANDARD.text_width / 100
    assert sum(columns) == STANDARD.text_width


def test_conspicuous_terms_are_emphasised_only_when_asked():
    def emphasised(*, emphasis: bool) -> str:
        data = render_docx(rich_document(), SHELL, emphasis=emphasis)
        found = [
            run for run in xml(data).iter(f"{W}r") if value(run.find(f"{W}rPr/{W}rStyle")) == "Conspicuous"
        ]
        return "".join(run.findtext(f"{W}t") or "" for run in found)

    assert emphasised(emphasis=False) == ""
    words = emphasised(emphasis=True)
    assert words.startswith("甲方逾期支付服务费的")
    assert "书面催告甲方在指定期限内付款；" in words
    assert "乙方暂停服务的" not in words


def test_a_signature_block_stays_with_the_paragraph_before_it(rich):
    tables = [
        t for t in xml(rich).iter(f"{W}tbl") if value(t.find(f"{W}tblPr/{W}tblStyle")) == "SignatureTable"
    ]
    assert len(tables) == 2
    styles = {s.get(f"{W}styleId"): s for s in xml(rich, "word/styles.xml").iter(f"{W}style")}
    for table in tables:
        before = table.getprevious()
        style = styles[value(before.find(f"{W}pPr/{W}pStyle"))]
        kept = before.find(f"{W}pPr/{W}keepNext"), style.find(f"{W}pPr/{W}keepNext")
        assert any(mark is not None for mark in kept)
        for paragraph in table.iter(f"{W}p"):
            assert styles[value(paragraph.find(f"{W}pPr/{W}pStyle"))].find(f"{W}pPr/{W}keepNext") is not None


def test_three_signatories_stand_side_by_side_in_smaller_type():
    two = plain_document().signature
    three = replace(
        two, signatories=(*two.signatories, replace(two.signatories[0], heading="第三方（盖章）："))
    )
    data = render_docx(replace(plain_document(), signature=three), SHELL)
    table = table_named(data, "SignatureTable")
    assert len(list(table.iter(f"{W}gridCol"))) == 3
    styles = [value(paragraph.find(f"{W}pPr/{W}pStyle")) for paragraph in table.iter(f"{W}p")]
    assert styles[-6:] == ["SignatureRuleNarrow"] * 3 + ["SignatureLineNarrow"] * 3


# --- the package ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how", [{}, {"draft": True}, {"manifest": MANIFEST}, {"emphasis": False, "pages": {"part:main": 2}}]
)
@pytest.mark.parametrize("document", [rich_document(), plain_document()], ids=["rich", "plain"])
def test_it_breaks_no_rule_of_office_open_xml(document, how, tmp_path):
    assert findings(render_docx(document, SHELL, **how), tmp_path) == []


def test_the_shipped_contract_and_the_shell_break_no_rule_either(tmp_path):
    assert findings(render_docx(assembled(), SHELL, draft=True, manifest=MANIFEST), tmp_path) == []
    assert findings(SHELL.read_bytes(), tmp_path) == []


def test_the_judge_finds_what_is_wrong(rich, tmp_path):
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in parts(rich).items():
            archive.writestr(name, data.replace(b"<w:tbl>", b"<w:tbl><w:nonsense/>"))
    assert findings(broken.getvalue(), tmp_path) != []


def test_the_same_contract_gives_the_same_bytes_in_every_process(rich):
    code = (
        "import hashlib, pathlib; from clausebank.render.docx import render_docx;"
        "from tests.render.documents import rich_document; from tests.render.test_docx import MANIFEST, SHELL;"
        "print(hashlib.sha256(render_docx(rich_document(), SHELL, manifest=MANIFEST)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            cwd=SHELL.parents[2],
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            text=True,
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert digests == {hashlib.sha256(rich).hexdigest()}


def test_the_package_is_a_sound_zip_without_variable_dates(rich):
    with zipfile.ZipFile(io.BytesIO(rich)) as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
    assert infos[0].filename == "[Content_Types].xml"
    assert len({info.filename for info in infos}) == len(infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_each_clause_sits_in_a_control_that_tells_its_version(rich):
    controls = [node for node in xml(rich).iter(f"{W}sdt") if node.find(f"{W}sdtPr/{W}tag") is not None]
    tags = [value(control.find(f"{W}sdtPr/{W}tag")) for control in controls]
    assert tags == [f"{section.clause}@1#0123456789ab" for section in sections(rich_document())]
    titles = [value(control.find(f"{W}sdtPr/{W}alias")) for control in controls]
    assert titles == [section.title for section in sections(rich_document())]
    assert all("neutral" not in tag for tag in tags)


def test_a_clause_id_too_long_for_a_control_is_refused():
    paragraph = Paragraph("1.1", "x/1", (Text("甲"),))
    with pytest.raises(ValueError, match="clause id too long"):
        render_docx(with_blocks(paragraph, clause="fees." + "x" * 60), SHELL)


def test_the_manifest_travels_in_a_custom_xml_part(rich):
    root = xml(rich, "customXml/item1.xml")
    assert root.tag == "{urn:clausebank:manifest}manifest"
    assert root.text.encode() == MANIFEST
    assert root.get("sha256") == hashlib.sha256(MANIFEST).hexdigest()
    assert "customXml/item1.xml" not in parts(render_docx(rich_document(), SHELL))


def test_other_tools_open_it_and_read_its_properties(rich):
    opened = docx.Document(io.BytesIO(rich))
    properties = opened.core_properties
    assert (properties.title, properties.subject) == ("客户关系管理外包服务合同", "crm-outsourcing")
    assert (properties.identifier, properties.language) == ("CB-2026-0001", "zh-CN")
    assert (properties.author, properties.last_modified_by) == ("", "")
    assert "服务费用与支付" in [paragraph.text for paragraph in opened.paragraphs]


# --- the shell -----------------------------------------------------------------------------------


def test_the_committed_shell_is_the_one_its_data_makes():
    assert SHELL.read_bytes() == standard_shell()


def test_a_shell_changed_on_disk_is_read_again(tmp_path):
    shell = tmp_path / "shell.docx"
    shell.write_bytes(standard_shell())
    assert "编号：CB-2026-0001" not in [line.text for line in lines(render_docx(plain_document(), shell))]
    with zipfile.ZipFile(shell, "w") as archive:
        for name, data in parts(standard_shell()).items():
            archive.writestr(name, data.replace(b"{{ number_line.label }}", "编号".encode()))
    assert "编号：CB-2026-0001" in [line.text for line in lines(render_docx(plain_document(), shell))]


def test_a_placeholder_the_contract_does_not_know_is_an_error(tmp_path):
    shell = tmp_path / "shell.docx"
    with zipfile.ZipFile(shell, "w") as archive:
        for name, data in parts(standard_shell()).items():
            archive.writestr(name, data.replace(b"{{ title }}", b"{{ secret }}"))
    with pytest.raises(UndefinedError):
        render_docx(plain_document(), shell)


def test_a_shell_cannot_reach_into_python(tmp_path):
    shell = tmp_path / "shell.docx"
    with zipfile.ZipFile(shell, "w") as archive:
        for name, data in parts(standard_shell()).items():
            archive.writestr(name, data.replace(b"{{ title }}", b"{{ title.__class__.__mro__ }}"))
    with pytest.raises(SecurityError):
        render_docx(plain_document(), shell)
