from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from clausebank import load_templates
from schemas import answers_schema, example_answers
from schemas.forms import flatten
from tests.batch.conftest import KIND
from tests.batch.forms import Form
from webapp.answers_file import InputError
from webapp.batch.checking import check_rows
from webapp.batch.columns import layout_of
from webapp.batch.form import write_form
from webapp.batch.reading import read_rows
from webapp.batch.report import TITLE, marked_workbook, problem_line


@pytest.fixture
def check(layout, schema):
    def checked(data: bytes, name: str = "rows.xlsx"):
        return check_rows(read_rows(data, name, layout), schema, layout)

    return checked


@pytest.mark.parametrize("kind", sorted(load_templates()))
def test_the_example_row_of_every_kind_copied_down_is_a_valid_contract(kind, shipped_bank, shipped_templates):
    template = shipped_templates[kind]
    layout, schema = layout_of(template, shipped_bank), answers_schema(template, shipped_bank)
    form = Form(write_form(layout))
    form.copy_example(0, "甲")
    checked = check_rows(read_rows(form.save(), "rows.xlsx", layout), schema, layout)
    expected = schema.load(example_answers(template, shipped_bank))

    assert checked.problems == ()
    found = schema.load(checked.good[0].raw)
    assert {name: value for name, value in found.items() if name not in {"client", "provider"}} == {
        name: value for name, value in expected.items() if name not in {"client", "provider"}
    }
    assert found["client"].uscc == expected["client"].uscc


def test_an_empty_form_has_no_rows(check, form):
    with pytest.raises(InputError, match="no row"):
        check(form.save())


def test_cells_left_empty_take_what_the_texts_suggest(check, form, schema):
    form.copy_example(0, "A")
    form.put(0, liability_cap_percent=None)

    assert "liability_cap_percent" not in check(form.save()).good[0].raw


def test_numbers_dates_and_labels_are_taken_as_spreadsheets_hold_them(check, form):
    form.copy_example(0, "A")
    form.put(0, fee_total=1234567.1, service_start_date=date(2026, 3, 1), service_end_date="2027年2月28日")
    form.put(0, client__phone=13800001234)
    form.cell(0, "liability_cap_percent").value = 0.3
    form.cell(0, "liability_cap_percent").number_format = "0.00%"
    raw = check(form.save()).good[0].raw

    assert raw["fee_total"] == "1234567.1"
    assert (raw["service_start_date"], raw["service_end_date"]) == ("2026-03-01", "2027-02-28")
    assert raw["client"]["phone"] == "13800001234"
    assert raw["liability_cap_percent"] == "30"


def test_it_names_the_cell_of_every_problem_at_once(check, form):
    form.copy_example(0, "A")
    form.copy_example(1, "B")
    form.put(0, contract_number="N-1", client__uscc="123", fee_total="很多", outbound_contact="也许")
    form.put(1, contract_number="N-1", service_start_date=None)
    checked = check(form.save())
    cells = {(p.row, p.field): p.spot.cell for p in checked.problems}

    assert checked.bad == checked.total == 2
    assert set(cells) == {
        ("A", "contract_number"), ("A", "client.uscc"), ("A", "fee_total"), ("A", "outbound_contact"),
        ("B", "contract_number"), ("B", "service_start_date"),
    }  # fmt: skip
    assert cells["A", "client.uscc"] == form.cell(0, "client.uscc").coordinate
    assert cells["B", "service_start_date"] == form.cell(1, "service_start_date").coordinate
    assert all(p.zh and p.en for p in checked.problems)


def test_a_problem_in_a_list_is_named_in_its_own_sheet(check, form):
    form.copy_example(0, "A")
    page = form.page("payment_schedule.share")
    column = next(c.column for c in page[3] if c.value == "payment_schedule.share")
    page.cell(page.max_row, column).value = "一半"
    problem = next(p for p in check(form.save()).problems if p.field.endswith(".share"))

    assert problem.spot.sheet == page.title
    assert problem.spot.cell == page.cell(page.max_row, column).coordinate
    assert problem.value == "一半"
    assert problem.label.zh.startswith("付款进度")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client__account", 6222021234567890123),
        ("signing_place", date(2026, 3, 1)),
        ("fee_total", "=1+1"),
        ("signing_place", "#N/A"),
    ],
)
def test_it_refuses_what_a_spreadsheet_has_spoilt(check, form, name, value):
    form.copy_example(0, "A")
    form.put(0, **{name: value})

    assert [p.field for p in check(form.save()).problems] == [name.replace("__", ".")]


def test_a_row_of_a_list_without_a_contract_is_refused(check, form):
    form.copy_example(0, "A")
    page = form.page("payment_schedule.share")
    page.cell(page.max_row, 1).value = "Z"

    with pytest.raises(InputError, match="Z"):
        check(form.save())


def test_two_contracts_may_not_share_a_row_name(check, form):
    for row in range(2):
        form.copy_example(row, "A")
        form.put(row, contract_number=f"N-{row}")

    assert {p.field for p in check(form.save()).problems} >= {"row"}


def flat_example(answers, blanks) -> dict[str, str]:
    """The answers as one line of a table: periods in one cell, switches as words."""
    flat = flatten(answers, blanks)
    periods = {name.removesuffix(".unit") for name in flat if f"{name.removesuffix('.unit')}.number" in flat}
    whole = {name: flat.pop(f"{name}.number") + flat.pop(f"{name}.unit") for name in periods}
    switches = {name: "是" if value else "否" for name, value in answers.items() if isinstance(value, bool)}
    return {**flat, **whole, **switches}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_with_flat_names_gives_the_same_answers(
    check, layout, schema, shipped_bank, shipped_templates, encoding
):
    answers = example_answers(shipped_templates[KIND], shipped_bank)
    flat = flat_example(answers, layout.blanks)
    stream = io.StringIO()
    csv.writer(stream).writerows([["行号", *flat], ["A", *flat.values()]])
    checked = check(stream.getvalue().encode(encoding), "rows.csv")

    assert checked.problems == ()
    assert schema.load(checked.good[0].raw) == schema.load(answers)


def test_json_lines_are_checked_line_by_line(check, shipped_bank, shipped_templates):
    good = example_answers(shipped_templates[KIND], shipped_bank)
    bad = {**good, "contract_number": "N-2", "fee_total": 5, "nonsense": 1}
    data = "\n".join(json.dumps(one) for one in (good, bad)).encode()
    checked = check(data, "rows.jsonl")

    assert [row.key for row in checked.good] == ["1"]
    assert {(p.row, p.field) for p in checked.problems} == {("2", "fee_total"), ("2", "nonsense")}


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(5):
            package.writestr(f"xl/{number}.xml", bytes(50_000_000))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "rows.xlsx"),
        (b"PK\x03\x04 broken", "rows.xlsx"),
        (bomb(), "rows.xlsx"),
        (b'"open', "rows.csv"),
        (b"a,b\n1,2\n", "rows.csv"),
        (b"\xff\xff\xff", "rows.csv"),
        (b'{"a": 1, "a": 2}', "rows.jsonl"),
        (b'{"a": NaN}', "rows.jsonl"),
        (b"[" * 100_000, "rows.jsonl"),
        (b"x", "rows.exe"),
    ],
)
def test_a_file_that_is_no_table_is_refused(check, data, name):
    with pytest.raises(InputError) as refused:
        check(data, name)

    assert refused.value.zh
    assert refused.value.en


def test_unknown_columns_are_refused_by_their_cell(check, form):
    form.copy_example(0, "A")
    form.page("fee_total").cell(3, 2).value = "fee_totall"

    with pytest.raises(InputError, match="B3 fee_totall"):
        check(form.save())


def test_the_report_marks_the_bad_cells_and_lists_them(check, form):
    form.copy_example(0, "A")
    form.put(0, client__uscc="=HYPERLINK(1)", fee_total="很多")
    data = form.save()
    checked = check(data)
    marked = load_workbook(io.BytesIO(marked_workbook(data, "rows.xlsx", checked.problems)))
    cell = marked["合同 Contracts"][form.cell(0, "fee_total").coordinate]

    assert marked.sheetnames[0] == TITLE
    assert cell.fill.fgColor.rgb.endswith("F8CBAD")
    assert "金额" in cell.comment.text
    assert marked[TITLE].max_row == len(checked.problems) + 1
    assert not [c for page in marked for line in page.iter_rows() for c in line if c.data_type == "f"]
    assert "很多" in problem_line(next(p for p in checked.problems if p.field == "fee_total"), "zh")


def test_a_marked_report_is_read_again_as_the_form(check, form):
    form.copy_example(0, "A")
    form.put(0, fee_total="很多")
    data = form.save()
    marked = marked_workbook(data, "rows.xlsx", check(data).problems)

    assert check(marked) == check(data)


def test_the_form_offers_lists_limits_and_help(empty_form):
    book = load_workbook(io.BytesIO(empty_form))
    rules = [rule for page in book for rule in page.data_validations.dataValidation]

    assert {"list", "date", "decimal", "whole", "textLength"} == {rule.type for rule in rules}
    assert all(rule.prompt and len(rule.prompt) <= 255 for rule in rules)
    assert isinstance(book, Workbook)
