"""Sums in words, against an independent writer and read back."""

import random
import re

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.wording.money import figures, parse_rmb_words, rmb_in_words
from clausebank.wording.values import Money

KNOWN = {
    0: "零元整",
    5: "伍分",
    50: "伍角",
    1010: "壹拾元零壹角",
    1605: "壹拾陆元零伍分",
    140950: "壹仟肆佰零玖元伍角",
    32504: "叁佰贰拾伍元零肆分",
    168032: "壹仟陆佰捌拾元零叁角贰分",
    600714: "陆仟零柒元壹角肆分",
    1050000: "壹万零伍佰元整",
    10700053: "壹拾万柒仟元零伍角叁分",
    12000000: "壹拾贰万元整",
    100001000: "壹佰万零壹拾元整",
    10000000001: "壹亿元零壹分",
    10001000000: "壹亿零壹万元整",
    10000050000: "壹亿零伍佰元整",
    70000194000: "柒亿零壹仟玖佰肆拾元整",
    200000000000000: "贰万亿元整",
}
OTHER_WRITINGS = {
    "人民币壹仟陆佰捌拾元叁角贰分": 168032,
    "人民币壹拾万零柒仟元伍角叁分": 10700053,
    "柒亿壹仟玖佰肆拾圆正": 70000194000,
    "人民币伍角整": 50,
    "零元伍角": 50,
    "壹仟肆佰零玖元伍角整": 140950,
}
UNREADABLE = [
    "", "人民币", "壹贰元整", "壹佰贰元整", "拾元整", "零壹元整", "壹元伍角叁", "壹元零零伍分", "一元整",
    "壹万万元整", "壹拾贰万", "壹元整 ", "壹元伍分",
]  # fmt: skip
AMOUNTS = 50_000

sums = st.integers(0, 10**17).map(Money) | st.integers(0, 10**6).map(Money)


@pytest.mark.parametrize(("fen", "words"), KNOWN.items())
def test_it_writes_sums_in_capitals(fen: int, words: str) -> None:
    assert rmb_in_words(Money(fen)) == f"人民币{words}"


def test_it_agrees_with_an_independent_writer_save_for_the_optional_zero() -> None:
    chance = random.Random(20261122)
    for _ in range(AMOUNTS):
        money = Money(chance.randrange(10 ** chance.randrange(1, 16)))
        theirs = f"人民币{cn2an.an2cn(str(money.yuan), 'rmb')}"
        ours = rmb_in_words(money)
        assert re.sub("(?<=[元亿万])零", "", ours) == re.sub("(?<=[元亿万])零", "", theirs)
        assert len(ours) >= len(theirs)


@given(sums)
def test_it_reads_back_what_it_writes(money: Money) -> None:
    assert parse_rmb_words(rmb_in_words(money)) == money


@given(sums, st.booleans(), st.booleans(), st.booleans())
def test_it_reads_every_allowed_writing(money: Money, round_yuan: bool, proper: bool, bare: bool) -> None:
    words = rmb_in_words(money)
    words = words.replace("元", "圆") if round_yuan else words
    words = words.replace("整", "正") if proper else words
    assert parse_rmb_words(words.removeprefix("人民币") if bare else words) == money


@pytest.mark.parametrize(("words", "fen"), OTHER_WRITINGS.items())
def test_it_reads_words_written_otherwise(words: str, fen: int) -> None:
    assert parse_rmb_words(words) == Money(fen)


@pytest.mark.parametrize("words", UNREADABLE)
def test_it_refuses_words_that_are_no_sum(words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        parse_rmb_words(words)


@given(st.text(alphabet="人民币零壹贰叁玖拾佰仟万亿元圆角分整正", max_size=12))
def test_it_reads_any_words_or_refuses_them(words: str) -> None:
    try:
        money = parse_rmb_words(words)
    except ValueError:
        return
    assert parse_rmb_words(rmb_in_words(money)) == money


def test_it_writes_figures_with_separators() -> None:
    assert figures(Money(12000000)) == "¥120,000.00"
    assert figures(Money(5)) == "¥0.05"


def test_it_refuses_negative_sums() -> None:
    with pytest.raises(ValueError, match="-1"):
        rmb_in_words(Money(-1))
