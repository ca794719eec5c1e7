"""Whole numbers in Chinese characters."""

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.wording.numbers import LIMIT, chinese_number

KNOWN = {
    0: "零", 2: "二", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 100: "一百", 105: "一百零五",
    110: "一百一十", 1010: "一千零一十", 10_000: "一万", 100_000: "十万", 110_000: "十一万", 10_005: "一万零五",
}  # fmt: skip


@pytest.mark.parametrize(("number", "words"), KNOWN.items())
def test_it_counts_as_contracts_do(number: int, words: str) -> None:
    assert chinese_number(number) == words


@given(st.integers(0, 99_999_999))
def test_its_words_are_read_back_by_an_independent_reader(number: int) -> None:
    assert cn2an.cn2an(chinese_number(number), "normal") == number


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_it_refuses_numbers_it_cannot_write(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese_number(number)
