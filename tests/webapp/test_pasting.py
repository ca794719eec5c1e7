"""Rows from a spreadsheet: headings recognised, cells read as they are written, every fault at its cell."""

import pytest

from tests.webapp.browsing import open_page
from webapp.pasting import read_table

SCHEDULE = "payment_schedule"


@pytest.fixture(scope="module")
def schedule(shipped_bank):
    return shipped_bank.vocabulary.blanks[SCHEDULE]


@pytest.fixture
def page(client):
    return open_page(client)


def columns(blank):
    return [column for column in blank.fields if not column.derived]


def test_a_row_of_headings_is_recognised_in_both_languages_and_any_order(schedule):
    one, other = columns(schedule)[:2]
    for language in ("zh", "en"):
        text = f"{other.label[language]}\t{one.label[language]}\r\nB\tA\r\n"
        (row,) = read_table(text, schedule).rows
        assert (row[one.name], row[other.name]) == ("A", "B")


def test_without_headings_the_cells_fill_the_columns_in_order(schedule):
    first, second = columns(schedule)[:2]
    assert read_table("签约后\t30", schedule).rows[0] == {first.name: "签约后", second.name: "30"}
    assert list(read_table("30", schedule, second.name).rows[0]) == [second.name]


def test_commas_serve_where_there_is_no_tab_and_quotes_hold_line_breaks(schedule):
    first, second = columns(schedule)[:2]
    rows = read_table('"签约\n之后",30\n验收,70\n', schedule).rows
    assert [row[first.name] for row in rows] == ["签约\n之后", "验收"]
    assert [row[second.name] for row in rows] == ["30", "70"]


def test_headings_no_column_has_are_told_and_numbering_and_computed_columns_passed_over(schedule):
    first = columns(schedule)[0]
    derived = next(column for column in schedule.fields if column.derived)
    second = columns(schedule)[1]
    heads = f"序号\t{first.label.zh}\t备注\t{derived.label.zh}\t{second.label.zh}"
    pasted = read_table(f"{heads}\n1\t签约后\t急\t30000\t30", schedule)
    assert pasted.unknown == ("备注",)
    assert pasted.rows[0][first.name] == "签约后"
    assert derived.name not in pasted.rows[0]


def test_empty_rows_are_passed_over(schedule):
    assert len(read_table("\n\t\n签约后\t30\n\n", schedule).rows) == 1
    assert read_table("", schedule).rows == ()


def test_a_choice_is_taken_by_its_label_and_another_text_is_told_at_the_cell(shipped_bank):
    blank, column = next(
        (blank, column)
        for blank in shipped_bank.vocabulary.blanks.values()
        for column in blank.fields
        if column.choices
    )
    label = column.choices[-1].label.zh
    good, bad = (read_table(f"{column.label.zh}\n{text}", blank) for text in (label, "别的"))
    assert good.rows[0][column.name] == column.choices[-1].key
    assert bad.rows[0][column.name] == ""
    assert "别的" in bad.wrong[f"0.{column.name}"].zh


# --- into the form -------------------------------------------------------------------------------


def cell(page, row, name):
    return page.values[f"{SCHEDULE}.{row}.{name}"]


def test_the_rows_of_a_table_replace_those_of_the_list(page, schedule):
    first, second = columns(schedule)[:2]
    text = f"{first.label.zh}\t{second.label.zh}\n签约\t30%\n中期\t40%\n验收\t30%"
    answer = page.press("_paste", SCHEDULE, **{f"_table.{SCHEDULE}": text})
    assert [cell(answer, row, first.name) for row in range(3)] == ["签约", "中期", "验收"]
    assert f"{SCHEDULE}.3.{first.name}" not in answer.values
    assert answer.values[f"_table.{SCHEDULE}"] == ""
    assert not answer.error(f"{SCHEDULE}.0.{second.name}")


def test_the_shares_are_added_up_as_they_come(page, schedule):
    first = columns(schedule)[0].label.zh
    share = next(column for column in schedule.fields if column.name == "share").label.zh
    text = f"{first}\t{share}\n签约\t30%\n验收\t62.5%"
    answer = page.press("_paste", SCHEDULE, **{f"_table.{SCHEDULE}": text})
    assert answer.soup.find(id=f"reading-{SCHEDULE}.sum").get_text() == "92.5%"


def test_cells_pasted_into_a_cell_spread_from_there_and_keep_the_rest(page, schedule):
    first, second = columns(schedule)[:2]
    page.values |= {f"{SCHEDULE}.0.{first.name}": "签约", f"{SCHEDULE}.0.{second.name}": "10"}
    changes = {f"_table.{SCHEDULE}": "50\n60\n70", f"_at.{SCHEDULE}": f"{SCHEDULE}.0.{second.name}"}
    answer = page.press("_paste", SCHEDULE, **changes)
    assert cell(answer, 0, first.name) == "签约"
    assert [cell(answer, row, second.name) for row in range(3)] == ["50", "60", "70"]


def test_a_cell_that_cannot_be_is_told_at_the_cell(page, schedule):
    share = next(column for column in schedule.fields if column.name == "share")
    text = f"{columns(schedule)[0].label.zh}\t{share.label.zh}\n签约\t很多"
    answer = page.preview(_paste=SCHEDULE, **{f"_table.{SCHEDULE}": text})
    assert answer.error(f"{SCHEDULE}.0.share")
    assert answer.soup.select_one(f'[name="{SCHEDULE}.0.share"]')["value"] == "很多"


def test_rows_beyond_the_limit_stay_in_the_table_to_be_seen(page, schedule):
    first = columns(schedule)[0]
    most = int(schedule.maximum)
    text = first.label.zh + "\n" + "\n".join(f"第{number}期" for number in range(most + 2))
    answer = page.press("_paste", SCHEDULE, **{f"_table.{SCHEDULE}": text})
    assert cell(answer, most - 1, first.name) == f"第{most - 1}期"
    assert f"{SCHEDULE}.{most}.{first.name}" not in answer.values
    assert f"第{most}期" in answer.values[f"_table.{SCHEDULE}"]
