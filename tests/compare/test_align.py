"""Alignment: by clause, then by text; what moved is found; both orders are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clausebank.compare.align import Entry, Match, align
from clausebank.compare.tokens import tokens

FEES = "甲方应当在收到发票后十五日内支付服务费"
DATA = "乙方不得超出约定的目的处理客户数据"
TERM = "服务期限届满前三十日双方协商续签事宜"


def entries(*units: tuple[str, str]) -> list[Entry]:
    return [Entry(unit, "words", tokens(text)) for unit, text in units]


def test_a_clause_is_found_by_its_id_however_much_its_text_changed():
    found = align(
        entries(("fees", FEES), ("data", DATA)), entries(("fees", f"{FEES}，逾期的承担责任"), ("data", DATA))
    )
    assert found == [Match(0, 0), Match(1, 1)]


def test_a_clause_with_another_id_is_found_by_its_text():
    assert align(entries(("a", FEES), ("b", DATA)), entries(("x", f"{FEES}。"), ("b", DATA))) == [
        Match(0, 0),
        Match(1, 1),
    ]


def test_what_has_nothing_in_common_is_not_paired():
    assert align(entries(("a", FEES)), entries(("b", DATA))) == [Match(0, None), Match(None, 0)]
    assert align(entries(("a", FEES)), entries(("a", DATA))) == [Match(0, None), Match(None, 0)]


def test_the_shorter_clause_is_the_one_that_moved():
    long = [("terms", f"{TERM}{n}") for n in range(5)]
    found = align(entries(("fees", FEES), *long), entries(*long, ("fees", FEES)))
    assert found[0] == Match(0, None, 5)
    assert found[-1] == Match(None, 5, 0)
    assert found[1:-1] == [Match(n + 1, n) for n in range(5)]


def test_a_paragraph_that_went_to_another_clause_is_found():
    old = entries(("a", FEES), ("a", DATA), ("b", TERM))
    new = entries(("a", FEES), ("b", TERM), ("b", DATA))
    assert align(old, new) == [Match(0, 0), Match(1, None, 2), Match(2, 1), Match(None, 2, 1)]


def test_short_paragraphs_do_not_count_as_moved():
    found = align(entries(("a", "无"), ("b", TERM)), entries(("b", TERM), ("c", "无")))
    assert {match.partner for match in found} == {None}


def test_a_table_pairs_only_with_a_table_of_its_shape():
    old, new = [Entry("a", "2 columns", tokens(FEES))], [Entry("a", "3 columns", tokens(FEES))]
    assert align(old, new) == [Match(0, None), Match(None, 0)]


ENTRY = st.builds(
    Entry,
    st.sampled_from("abcd"),
    st.just("words"),
    st.sampled_from([FEES, DATA, TERM, FEES + DATA]).map(tokens),
)


@given(st.lists(ENTRY, max_size=9), st.lists(ENTRY, max_size=9))
def test_every_entry_stands_once_and_both_orders_are_kept(old, new):
    found = align(old, new)
    assert [m.old for m in found if m.old is not None] == list(range(len(old)))
    assert [m.new for m in found if m.new is not None] == list(range(len(new)))
    gone = {m.old: m.partner for m in found if m.new is None and m.partner is not None}
    come = {m.partner: m.new for m in found if m.old is None and m.partner is not None}
    assert gone == come
