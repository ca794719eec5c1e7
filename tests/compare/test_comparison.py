"""Comparing trees: what changed, came, went and moved; numbers that follow are no change."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebank import Stances, assemble
from clausebank.compare import compare
from clausebank.compare.clauses import clause_document
from clausebank.compare.comparison import Mark, Status
from clausebank.compare.data import comparison_data
from clausebank.compare.html import (
    comparison_style,
    render_comparison_page,
    render_inline,
    render_side_by_side,
)
from clausebank.compare.lines import lines
from clausebank.compare.text import change_text
from clausebank.document import Document, Item, Paragraph, Stance
from tests.compare.mutations import mutated
from tests.compare.pairs import BANK
from tests.render.documents import NASTY, rich_document
from tests.samples import ANSWERS, bank, one_article

FEES = "{client}应当在收到发票后{{grace}}内支付服务费{{fee_total}}。"
LATE = "{client}逾期付款的，依照{@general.notice}通知后承担违约责任。"
NOTICE = "通知应当以书面形式送达对方在合同中写明的地址。"
DATA = "{provider}不得超出约定的目的处理客户数据。"


def contract(**texts: str) -> Document:
    named = {name.replace("_", "."): text for name, text in texts.items()}
    return assemble(one_article(*named), ANSWERS, bank(named), Stances())


def loud(old: Document, new: Document) -> list[tuple[Status, str]]:
    return [(c.status, c.line.text) for c in compare(old, new).changes if c.status is not Status.EQUAL]


def test_equal_contracts_are_equal():
    document = rich_document()
    comparison = compare(document, document)
    assert comparison.equal
    assert comparison.marked == 0
    assert [change.line for change in comparison.changes] == lines(document)


def test_an_inserted_clause_renumbers_what_follows_and_nothing_else_is_marked():
    old = contract(fees_total=FEES, general_notice=NOTICE, fees_late=LATE)
    new = contract(fees_total=FEES, data_use=DATA, general_notice=NOTICE, fees_late=LATE)
    comparison = compare(old, new)
    changed = [change for change in comparison.changes if change.status is not Status.EQUAL]
    assert [change.status for change in changed] == [Status.INSERTED, Status.RENUMBERED, Status.RENUMBERED]
    assert comparison.marked == len(changed[0].line.tokens.keys)
    assert [(c.old.number, c.new.number) for c in changed[1:]] == [("1.2", "1.3"), ("1.3", "1.4")]
    computed = [s for s in changed[2].segments if s.mark is Mark.COMPUTED]
    assert [(s.old, s.new) for s in computed] == [("1.2", "1.3")]


def test_a_reference_to_another_clause_is_a_change():
    old = contract(fees_total=FEES, general_notice=NOTICE, data_use=DATA, fees_late=LATE)
    other = LATE.replace("general.notice", "data.use")
    new = contract(fees_total=FEES, general_notice=NOTICE, data_use=DATA, fees_late=other)
    assert [status for status, _ in loud(old, new)] == [Status.CHANGED]


def test_a_moved_and_changed_clause_shows_both():
    old = contract(data_use=DATA, fees_total=FEES, general_notice=NOTICE, fees_late=LATE)
    new = contract(
        fees_total=FEES, general_notice=NOTICE, fees_late=LATE, data_use=DATA.replace("客户", "业务")
    )
    changes = compare(old, new).changes
    (gone,) = [i for i, c in enumerate(changes) if c.status is Status.MOVED_FROM]
    (come,) = [i for i, c in enumerate(changes) if c.status is Status.MOVED_TO]
    assert (changes[gone].partner, changes[come].partner) == (come, gone)
    assert [(s.mark, s.old or s.new) for s in changes[come].segments if s.mark is not Mark.EQUAL] == [
        (Mark.DELETED, "客户"),
        (Mark.INSERTED, "业务"),
    ]


def test_emphasis_alone_is_told_apart():
    old = rich_document()
    part, *rest = old.parts
    article = part.articles[1]
    section = article.sections[0]
    first = replace(section.blocks[0], conspicuous=True)
    sections = (replace(section, blocks=(first, *section.blocks[1:])), *article.sections[1:])
    articles = (part.articles[0], replace(article, sections=sections), *part.articles[2:])
    new = replace(old, parts=(replace(part, articles=articles), *rest))
    comparison = compare(old, new)
    assert comparison.counts[Status.RESTYLED] == 1
    assert comparison.marked == 0
    assert not comparison.equal


def sides(comparison) -> tuple[str, str]:
    """Both texts, put together again from what the comparison shows."""
    old = new = ""
    for change in comparison.changes:
        cells = [cell for row in change.rows for cell in row.cells] or [change.segments]
        paired = change.old and change.new
        for segment in (s for cell in cells for s in cell) if paired else ():
            old, new = old + segment.old, new + segment.new
        if not paired:
            old += change.old.text.replace("\t", "") if change.old else ""
            new += change.new.text.replace("\t", "") if change.new else ""
    return old, new


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_both_texts_can_be_put_together_from_it(seed):
    random = Random(seed)
    documents = mutated(rich_document(), random), mutated(rich_document(), random)
    texts = ["".join(line.text.replace("\t", "") for line in lines(document)) for document in documents]
    assert list(sides(compare(*documents))) == texts


# --- outputs -------------------------------------------------------------------------------------


@pytest.fixture(name="mixed", scope="module")
def _mixed():
    random = Random(3)
    return compare(rich_document(), mutated(rich_document(), random))


@pytest.mark.parametrize("render", [render_inline, render_side_by_side])
def test_the_html_needs_no_style_or_script_of_its_own(mixed, render):
    page = BeautifulSoup(render(mixed), "html.parser")
    assert not page.find_all(["style", "script", "link", "img"])
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on")]


def test_inline_shows_both_texts_with_marks_that_are_elements():
    random = Random(5)
    old, new = rich_document(), mutated(rich_document(), random)
    page = BeautifulSoup(render_inline(compare(old, new)), "html.parser")
    for gone in page.find_all(class_=["flag", "number", "summary"]):
        gone.decompose()
    for tag, document in (("ins", old), ("del", new)):
        copy = BeautifulSoup(str(page), "html.parser")
        for node in [*copy.find_all(tag), *copy.select(".moved-from" if tag == "del" else ".moved-to")]:
            node.decompose()
        for fold in copy.find_all("summary"):
            fold.decompose()
        expected = "".join(line.text for line in lines(document))
        assert "".join(copy.get_text().split()) == "".join(expected.split())


def test_side_by_side_has_what_went_on_the_left_and_what_came_on_the_right(mixed):
    page = BeautifulSoup(render_side_by_side(mixed), "html.parser")
    assert page.select(".old del")
    assert page.select(".new ins")
    assert not page.select(".old ins")
    assert not page.select(".new del")


def test_what_became_of_a_line_is_said_in_words(mixed):
    for language, words in (("zh", ("修改", "新增", "删除")), ("en", ("changed", "added", "deleted"))):
        page = BeautifulSoup(render_inline(mixed, language=language), "html.parser")
        flags = {flag.get_text().strip() for flag in page.select(".flag")}
        assert set(words) <= flags


def test_links_of_a_move_lead_to_its_other_end():
    old = contract(data_use=DATA, fees_total=FEES, general_notice=NOTICE, fees_late=LATE)
    new = contract(fees_total=FEES, general_notice=NOTICE, fees_late=LATE, data_use=DATA)
    page = BeautifulSoup(render_inline(compare(old, new)), "html.parser")
    ends = page.select(".moved-from, .moved-to")
    assert [a["href"] for end in ends for a in end.select("a")] == [f"#{end['id']}" for end in reversed(ends)]


def test_unchanged_runs_are_folded_with_their_count():
    old = rich_document()
    new = replace(old, closing="（签署页）")
    page = BeautifulSoup(render_inline(compare(old, new)), "html.parser")
    folds = page.select("details.folded")
    for fold in folds:
        assert fold.summary.get_text() == f"{len(fold.select('.line'))} 段未变"
    open_lines = [line for line in page.select(".line") if not line.find_parent("details")]
    assert len(open_lines) <= 5
    assert len(page.select(".line")) == len(compare(old, new).changes)


def test_hostile_text_stays_text():
    old = rich_document()
    page = BeautifulSoup(render_inline(compare(replace(old, closing=NASTY), old)), "html.parser")
    assert NASTY in page.get_text()
    assert not page.find("公司")


def test_the_page_is_whole_and_brings_its_styles(mixed):
    page = BeautifulSoup(render_comparison_page(mixed), "html.parser")
    assert page.html["lang"] == "zh-CN"
    assert comparison_style() in page.style.string
    assert page.select_one("main .comparison.side-by-side")


def test_a_style_sheet_marks_by_more_than_colour():
    style = comparison_style()
    for tag, line in (("del", "line-through"), ("ins", "underline")):
        rule = style.partition(f".comparison {tag} {{")[2].partition("}")[0]
        assert line in rule


def test_the_data_holds_every_change_and_is_json(mixed):
    data = json.loads(json.dumps(comparison_data(mixed)))
    quiet = data["counts"]["equal"] + data["counts"]["renumbered"]
    assert len(data["changes"]) == len(mixed.changes) - quiet
    assert data["equal"] is False
    assert all(entry["old"] != entry["new"] for entry in data["renumbered"])


def test_a_line_of_text_shows_what_went_and_came():
    old = contract(fees_total="服务费为100元。")
    new = contract(fees_total="服务费为250元。")
    (change,) = [c for c in compare(old, new).changes if c.status is not Status.EQUAL]
    assert change_text(change) == "~ 1.1 服务费为[-100-]{+250+}元。"


# --- clause texts --------------------------------------------------------------------------------


def test_every_shipped_clause_text_can_be_read_as_a_document():
    for clause in BANK.clauses.values():
        for variant in clause.variants.values():
            document = clause_document(clause, variant, BANK)
            assert compare(document, document).equal
            assert lines(document)


def variants(client: str, neutral: str) -> tuple[Document, Document]:
    made = bank({"fees.total": f"# neutral\n\n{neutral}\n\n# client\n\n{client}\n"})
    clause = made.clauses["fees.total"]
    one, other = (clause_document(clause, clause.variants[s], made) for s in (Stance.NEUTRAL, Stance.CLIENT))
    return one, other


def test_variants_compare_with_blanks_roles_and_references_in_words():
    old, new = variants(
        "{client}在{{grace}}内付款，{@fees.total}另有约定的除外。",
        "{provider}在{{grace}}内付款，{@fees.total}另有约定的除外。",
    )
    (change,) = [c for c in compare(old, new).changes if c.status is not Status.EQUAL]
    assert change.old.text == "服务方在【宽限期】内付款，《fees.total》另有约定的除外。"
    assert change.new.text == "委托方在【宽限期】内付款，《fees.total》另有约定的除外。"


def test_a_condition_that_changed_is_seen():
    old, new = variants(
        "{? method = court} 由法院管辖。", "{? method = arbitration, third_party} 由法院管辖。"
    )
    (change,) = [c for c in compare(old, new).changes if c.status is not Status.EQUAL]
    assert change.old.text == "〔仅当：方式为仲裁，且第三方已填写或者启用〕由法院管辖。"
    assert change.new.text == "〔仅当：方式为法院〕由法院管辖。"


def test_numbers_of_a_clause_text_run_as_in_a_contract():
    old, _ = variants("一款。", "一款：\n- 一项；\n- 二项：\n  - 其一；\n  - 其二。\n\n二款。")
    blocks = old.parts[0].articles[0].sections[0].blocks
    assert [b.number for b in blocks if isinstance(b, Paragraph)] == ["1.1", "1.2"]
    first, second = blocks[0].items
    assert (first.number, second.number, [i.number for i in second.items]) == ("（1）", "（2）", ["①", "②"])
    assert isinstance(first, Item)
