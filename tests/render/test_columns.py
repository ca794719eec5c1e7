"""Columns of a table are wide enough for what should not be cut apart, where the table has the room."""

import pytest

from clausebank.document import Align, Table, Text
from clausebank.render.columns import FEW_LINES, ROW, fitted, is_short


def table(widths: tuple[int, ...], *rows: tuple[str, ...]) -> Table:
    header, *body = (tuple((Text(cell),) for cell in row) for row in rows)
    return Table("", header, tuple(body), widths, (Align.LEFT,) * len(widths))


def letters(made: Table) -> list[float]:
    return [ROW * width / sum(fitted(made)) for width in fitted(made)]


def test_a_table_with_room_enough_keeps_the_shares_of_its_author():
    assert fitted(table((1, 3), ("序号", "工作内容"), ("1", "受理和登记" * 9))) == (1, 3)


@pytest.mark.parametrize("words", ["序号", "任何一方", "¥108,000.00", "2027-06-30", "22.5%"])
def test_a_narrow_column_grows_until_its_words_stay_whole(words):
    narrow, wide = letters(table((1, 40), (words, "工作内容"), (words, "受理和登记" * 9)))
    size = sum(2 if "一" <= character <= "龥" else 1 for character in words)
    assert size + 3 <= narrow < 20
    assert narrow + wide == pytest.approx(ROW)


def test_what_one_column_gains_the_others_give_by_what_they_have_to_spare():
    first, second, third = letters(table((1, 20, 40), ("序号", "事项", "内容"), ("1", "一" * 30, "二" * 60)))
    assert first == pytest.approx(7.5, abs=0.1)
    assert 1.8 < third / second < 2.6


def test_without_room_for_all_the_shares_stay():
    wide = "1234567890123456"
    assert fitted(table((1,) * 6, (wide,) * 6, (wide,) * 6)) == (1,) * 6


def test_long_addresses_do_not_take_the_row():
    first, _second = letters(table((1, 1), ("网址", "说明"), ("https://example.com/" + "a" * 90, "说明文字")))
    assert first == pytest.approx(ROW / 2)


def test_a_table_of_few_lines_is_short():
    rows = [("1", "受理")] * FEW_LINES
    fields = Table(
        "", (), tuple(tuple((Text(cell),) for cell in row) for row in rows), (1, 3), (Align.LEFT,) * 2
    )
    assert is_short(fields, fields.widths)
    assert not is_short(table((1, 3), *rows, ("合计", "")), (1, 3))


def test_a_table_of_few_rows_with_long_cells_is_not_short():
    assert not is_short(table((1, 3), ("序号", "内容"), ("1", "受理和登记" * 80)), (1, 3))
