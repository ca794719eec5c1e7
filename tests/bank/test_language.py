"""The clause language: what it reads, what it refuses and where it says so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebank.bank.language import (
    BlankMark,
    ClauseText,
    Comparison,
    GeneratedText,
    ItemText,
    ParagraphText,
    ReferenceMark,
    RoleMark,
    RowText,
    TableText,
)
from clausebank.bank.reader import parse
from clausebank.bank.writer import write
from clausebank.document import Align, Definition, Role, Text, Use


def read(text: str) -> ClauseText:
    tree, findings = parse(text)
    assert findings == ()
    return tree


def only(text: str) -> ParagraphText:
    (block,) = read(text).blocks
    assert isinstance(block, ParagraphText)
    return block


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("{{fee_total}}", BlankMark("fee_total")),
        ("{{fee_total|in_words}}", BlankMark("fee_total", "in_words")),
        ("{{client.name}}", BlankMark("client.name")),
        ("{client}", RoleMark(Role.CLIENT)),
        ("{third_party}", RoleMark(Role.THIRD_PARTY)),
        ("{@fees.total}", ReferenceMark("clause", "fees.total")),
        ("{@fees.late-payment#cap}", ReferenceMark("clause", "fees.late-payment", "cap")),
        ("{@article:fees}", ReferenceMark("article", "fees")),
        ("{@attachment:dpa|titled}", ReferenceMark("attachment", "dpa", titled=True)),
        ("**“客户数据”**", Definition("客户数据")),
        ("[[客户数据]]", Use("客户数据")),
        (r"\{client\}", Text("{client}")),
    ],
)
def test_it_reads_each_inline_mark(text, mark):
    assert only(text).marks == (mark,)


def test_it_joins_the_lines_of_a_paragraph_without_a_blank_between_chinese_characters():
    assert only("服务费\n按月支付 API\ncalls").marks == (Text("服务费按月支付 API calls"),)


def test_it_reads_items_and_sub_items_below_a_paragraph():
    paragraph = only("措施：\n\n- 催告；\n- 暂停：\n  - 提前通知；\n  - 收款后恢复。\n")
    assert [len(item.items) for item in paragraph.items] == [0, 2]


def test_it_reads_condition_sign_anchor_and_caption():
    paragraph = only("## 上限\n{? third_party, fee >= 5} {!} 不超过。 {#cap}")
    assert paragraph.condition == (Comparison("third_party", "set"), Comparison("fee", ">=", "5"))
    assert (paragraph.conspicuous, paragraph.anchor, paragraph.caption) == (True, "cap", "上限")


def test_it_reads_a_list_table_with_widths_and_alignments():
    text = "::: table 付款表 for rows\n| 期 | 金额 |\n| -- | ----: |\n| {{row.n}} | {{row.a\\|figures}} |\n| 计 | |\n:::"
    (table,) = read(text).blocks
    assert isinstance(table, TableText)
    assert (table.caption, table.source, table.widths) == ("付款表", "rows", (2, 4))
    assert table.aligns == (Align.LEFT, Align.RIGHT)
    assert table.rows[0].cells[1] == (BlankMark("row.a", "figures"),)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("甲\n\n{foo}", 3, "不认识的标记"),
        ("{{ }}", 1, "空白项写作"),
        ("前 ** 后", 1, "没有配对"),
        ("未完 {{fee", 1, "没有配对"),
        ("- 项", 1, "项之前缺少段落"),
        ("段\n\n- 项\n   - 目", 4, "目须在项之下"),
        ("## 小标题", 1, "小标题之后缺少段落"),
        ("# 大标题", 1, "标题行只能写作"),
        ("{? 3 > a} 段", 1, "条件写作"),
        ("段 {! } 落", 1, "条件和 {!} 写在开头"),
        ("{#a}", 1, "段落没有文字"),
        ("一 {#a}\n\n二 {#a}", 3, "锚点“a”重复"),
        ("::: table\n| 一 |", 1, "块没有以"),
        ("::: table\n| 一 | 二 |\n| 三 |\n:::", 3, "这一行应有2格"),
        ("::: picture\n:::", 1, "没有这样的块"),
        ("坏\x07字", 1, "U+0007"),
        ("\\ 空格", 1, "没有配对"),
    ],
)
def test_it_says_at_which_line_what_is_wrong(text, line, words):
    _, findings = parse(text, "clause.md")
    assert any(f.place == f"clause.md:{line}" and words in f.zh for f in findings), findings


def test_it_reports_every_problem_at_once():
    _, findings = parse("{foo}\n\n{{x|}}\n\n- 项 {bar}\n")
    assert len(findings) == 3


@given(st.text(alphabet=st.sampled_from("甲a {}[]*“”|:#->?!@=.,\\\n\t1—_；"), max_size=200))
@settings(max_examples=1500, deadline=None)
def test_no_text_makes_it_crash_and_what_it_read_round_trips(text):
    tree, findings = parse(text)
    if not findings:
        assert parse(write(tree)) == (tree, ())


@given(st.text(max_size=300))
@settings(max_examples=500, deadline=None)
def test_no_text_of_any_characters_makes_it_crash(text):
    parse(text)


def test_a_long_text_of_unclosed_marks_is_read_in_linear_time():
    _, findings = parse("{{" * 50_000)
    assert findings


# --- round trip over generated trees --------------------------------------------------------------

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: not name.endswith("_"))
IDS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
WORDS = st.text(
    alphabet=st.sampled_from("服务费用abc 12，。{}[]*\\|-#>:“”（）《》％"), min_size=1, max_size=12
)
TERMS = st.text(alphabet=st.sampled_from("客户数据保密信息"), min_size=1, max_size=6)
MARK = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Definition, TERMS),
    st.builds(Use, TERMS),
    st.builds(BlankMark, NAMES, st.one_of(st.just(""), NAMES)),
    st.builds(RoleMark, st.sampled_from(list(Role))),
    st.builds(lambda a, b, c: ReferenceMark("clause", f"{a}.{b}", c), IDS, IDS, st.one_of(st.just(""), IDS)),
    st.builds(
        lambda kind, i, t: ReferenceMark(kind, i, titled=t),
        st.sampled_from(["article", "attachment"]),
        IDS,
        st.booleans(),
    ),
)


def _joined(marks):
    """Merge neighbouring texts, as the reader does."""
    out = []
    for mark in marks:
        if out and isinstance(mark, Text) and isinstance(out[-1], Text):
            out[-1] = Text(out[-1].text + mark.text)
        else:
            out.append(mark)
    return tuple(out)


def _trimmed(marks):
    """Take blanks off both ends: a paragraph has none."""
    marks = list(marks)
    if isinstance(marks[0], Text):
        marks[0] = Text(marks[0].text.lstrip(" "))
    if isinstance(marks[-1], Text):
        marks[-1] = Text(marks[-1].text.rstrip(" "))
    return tuple(mark for mark in marks if not isinstance(mark, Text) or mark.text)


MARKS = st.lists(MARK, min_size=1, max_size=5).map(_joined).map(_trimmed).filter(bool)
CONDITION = st.lists(
    st.one_of(
        st.builds(Comparison, NAMES, st.sampled_from(["set", "unset"])),
        st.builds(
            Comparison,
            NAMES,
            st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
            st.from_regex(r"[a-z0-9][a-z0-9.]{0,5}", fullmatch=True),
        ),
    ),
    max_size=2,
).map(tuple)
SUB_ITEM = st.builds(ItemText, MARKS, st.just(()), CONDITION)
ITEM = st.builds(ItemText, MARKS, st.lists(SUB_ITEM, max_size=2).map(tuple), CONDITION)
CAPTION = st.one_of(st.just(""), st.text(alphabet=st.sampled_from("付款期限a1"), min_size=1, max_size=6))
PARAGRAPH = st.builds(
    ParagraphText,
    MARKS,
    st.lists(ITEM, max_size=3).map(tuple),
    CONDITION,
    st.just(""),
    CAPTION,
    st.booleans(),
    st.booleans(),
)


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 3))
    cells = st.lists(st.one_of(st.just(()), MARKS), min_size=columns, max_size=columns).map(tuple)
    has_header = draw(st.booleans())
    header = draw(cells) if has_header else ()
    rows = tuple(draw(st.lists(st.builds(RowText, cells, CONDITION), min_size=1, max_size=3)))
    ruled = st.lists(st.integers(2, 9), min_size=columns, max_size=columns).map(tuple)
    aligns = st.lists(st.sampled_from(list(Align)), min_size=columns, max_size=columns).map(tuple)
    return TableText(
        draw(CAPTION),
        draw(st.one_of(st.just(""), NAMES)),
        header,
        rows,
        draw(ruled) if has_header else (1,) * columns,
        draw(aligns) if has_header else (Align.LEFT,) * columns,
    )


GENERATED = st.builds(
    GeneratedText,
    st.sampled_from(["parties", "attachments", "signature"]),
    st.lists(st.sampled_from(list(Role)), max_size=3).map(tuple),
)


@given(st.lists(st.one_of(PARAGRAPH, tables(), GENERATED), max_size=5).map(tuple))
@settings(max_examples=600, deadline=None)
def test_every_tree_written_is_read_back_equal(blocks):
    tree = ClauseText(blocks)
    assert parse(write(tree)) == (tree, ())
