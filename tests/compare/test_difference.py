"""The difference of two sequences: true, minimal, and readable within its allowance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clausebank.compare.difference import ALLOWANCE, Span, differences, readable
from clausebank.compare.tokens import tokens

SEQUENCES = st.lists(st.sampled_from("甲乙丙丁，。"), max_size=24)


def least(old, new) -> int:
    """The fewest tokens to mark, by the textbook table."""
    row = [0] * (len(new) + 1)
    for one in old:
        before, row = row, [0]
        for index, other in enumerate(new):
            row.append(before[index] + 1 if one == other else max(before[index + 1], row[index]))
    return len(old) + len(new) - 2 * row[-1]


def kept(spans, old, new) -> tuple[list, list]:
    """What stands between the spans on either side."""
    i = j = 0
    one, other = [], []
    for span in [*spans, Span(len(old), len(old), len(new), len(new))]:
        assert (span.old, span.new) >= (i, j)
        one += old[i : span.old]
        other += new[j : span.new]
        i, j = span.old_end, span.new_end
    return one, other


@given(SEQUENCES, SEQUENCES)
def test_what_is_not_marked_is_the_same_on_both_sides_and_as_much_as_can_be(old, new):
    spans = differences(old, new)
    one, other = kept(spans, old, new)
    assert one == other
    assert sum(span.size for span in spans) == least(old, new)


@given(SEQUENCES, SEQUENCES)
def test_the_readable_difference_is_as_true_and_hardly_longer(old, new):
    spans = readable(old, new)
    one, other = kept(spans, old, new)
    assert one == other
    assert sum(span.size for span in spans) <= least(old, new) * (1 + ALLOWANCE)


def changed(old: str, new: str) -> list[tuple[str, str]]:
    one, other = tokens(old), tokens(new)
    return [
        ("".join(one[s.old : s.old_end]), "".join(other[s.new : s.new_end])) for s in readable(one, other)
    ]


def test_it_never_cuts_a_figure_apart():
    assert changed(
        "总价为¥1,000元（壹仟元整），2025年1月1日付清", "总价为¥1,200元（壹仟贰佰元整），2026年1月1日付清"
    ) == [
        ("¥1,000", "¥1,200"),
        ("壹仟元整", "壹仟贰佰元整"),
        ("2025年1月1日", "2026年1月1日"),
    ]


def test_an_added_phrase_begins_after_a_pause():
    assert changed("甲方付款，乙方配合。", "甲方付款，甲方验收，乙方配合。") == [("", "甲方验收，")]


def test_a_lone_character_between_long_changes_is_not_left_standing():
    old, new = "任何一方违反本合同的约定的", "服务提供者不履行主要义务的"
    assert all(len(gone) != 1 or len(come) != 1 for gone, come in changed(old, new))
