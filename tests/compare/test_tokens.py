"""Tokens: single characters, but what would be misread in pieces stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.compare.tokens import tokens


@pytest.mark.parametrize(
    "whole",
    [
        "15", "8.2", "1,200,000.00", "¥1,200,000.00", "￥99", "5%", "0.05‰", "120万元", "2026年3月1日", "2026年3月",
        "2026-03-01", "9:00", "壹佰贰拾万元整", "二〇二六年三月一日", "十五", "二十一", "百分之五", "万分之五", "CRM", "SLA-2",
        "legal@example.com", "91350100M000100Y43", "CRM-2026-0001", "１５",
    ],
)  # fmt: skip
def test_it_keeps_whole(whole):
    assert tokens(f"应当{whole}，。") == ("应", "当", whole, "，", "。")


def test_everything_else_is_single_characters():
    assert tokens("甲方一，1、2") == ("甲", "方", "一", "，", "1", "、", "2")


def test_a_list_of_numbers_is_not_one_number():
    assert tokens("1,2") == ("1,2",)
    assert tokens("1， 2") == ("1", "，", " ", "2")


@given(st.text())
def test_joined_they_are_the_text(text):
    assert "".join(tokens(text)) == text
