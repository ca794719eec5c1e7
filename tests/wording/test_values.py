"""The typed values that fill blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.wording.values import Period, Unit

periods = st.builds(Period, st.integers(0, 9999), st.sampled_from(Unit))


@given(periods)
def test_a_period_is_read_back_from_its_wording(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.parse(f" {period.number} {period.unit} ") == period


@pytest.mark.parametrize("text", ["", "30", "日", "３０日", "-3日", "1.5年", "30天", "10000日"])
def test_it_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Period.parse(text)


def test_periods_of_different_units_can_be_compared() -> None:
    assert Period(12, Unit.MONTH).hours == Period(1, Unit.YEAR).hours
    assert Period(24, Unit.HOUR).hours == Period(1, Unit.DAY).hours
    assert Period(10, Unit.WORKING_DAY).hours == Period(14, Unit.DAY).hours
    assert Period(2, Unit.MONTH).hours > Period(60, Unit.DAY).hours
