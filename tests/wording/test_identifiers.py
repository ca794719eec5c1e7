"""统一社会信用代码: form and check digit, against the standard's own weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.wording.identifiers import has_code_form, is_credit_code

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_digit(body):
    total = sum(CHARACTERS.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return CHARACTERS[(31 - total % 31) % 31]


def test_it_knows_the_sample_of_the_standard():
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y4Z")


@given(
    st.sampled_from(["91310000", "12110000", "N2440300", "Y1110000"]),
    st.text(CHARACTERS, min_size=9, max_size=9),
)
def test_it_takes_one_check_digit_and_no_other(start, body):
    right = check_digit(start + body)
    assert [char for char in CHARACTERS if is_credit_code(start + body + char)] == [right]


@pytest.mark.parametrize(
    "code", ["", "91350100m000100y43", "91350100M000100Y4", "9135O100M000100Y43", "９1350100M000100Y43"]
)
def test_it_refuses_other_forms(code):
    assert not has_code_form(code)
    assert not is_credit_code(code)
