"""Flat form fields and raw answers."""

from clausebank.bank.vocabulary_files import load_vocabulary
from schemas.forms import flatten, nest
from tests.schemas.vocabulary import blank

BLANKS = load_vocabulary().blanks


def test_it_nests_the_fields_of_a_form():
    pairs = [
        ("fee_total", "480000.00"),
        ("client.name", "某某公司"),
        ("client.uscc", ""),
        ("payment_schedule.0.stage", "首期款"),
        ("payment_schedule.0.within.number", " 30 "),
        ("payment_schedule.0.within.unit", "日"),
        ("late_payment_grace.number", "5"),
        ("late_payment_grace.unit", "个工作日"),
        ("third_party", "on"),
        ("csrf_token", "x"),
    ]
    names = ("fee_total", "client", "payment_schedule", "late_payment_grace", "third_party")
    assert nest(pairs, [BLANKS[name] for name in names]) == {
        "fee_total": "480000.00",
        "client": {"name": "某某公司", "uscc": ""},
        "payment_schedule": [{"stage": "首期款", "within": "30日"}],
        "late_payment_grace": "5个工作日",
        "third_party": True,
    }


def test_what_browsers_leave_out_is_off_and_empty_and_other_blanks_are_not_answered():
    assert nest([], [blank("switch", "a"), blank("list", "b"), blank("text", "c"), blank("period", "d")]) == {
        "a": False,
        "b": [],
    }


def test_it_takes_rows_in_the_order_of_their_indices_without_the_holes():
    pairs = [("it.10.stage", "三"), ("it.2.stage", "二"), ("it.0.stage", "一")]
    assert nest(pairs, [blank("list")]) == {"it": [{"stage": "一"}, {"stage": "二"}, {"stage": "三"}]}


def test_it_is_not_misled_by_odd_names():
    pairs = [
        ("it", "x"), ("it.²", "x"), ("it.-1.stage", "x"), ("it.9999999.stage", "x"), ("it.0", "x"),
        ("it.1.stage.more", "x"), ("text.more", "x"), ("text", "y"), ("", "x"), ("..", "x"), ("it.1.stage", "好"),
    ]  # fmt: skip
    assert nest(pairs, [blank("list"), blank("text", "text")]) == {"it": [{"stage": "好"}], "text": "y"}


def test_a_period_without_number_is_empty():
    assert nest([("it.number", " "), ("it.unit", "日")], [blank("period")]) == {"it": ""}


def test_it_keeps_what_is_not_valid_for_the_page_to_show_again():
    blanks = [blank("period"), blank("period", "bare"), blank("money", "sum")]
    raw = {"it": "三十个工作日", "bare": "许久", "sum": "一百"}
    flat = flatten(raw, blanks)
    assert flat == {
        "it.number": "三十", "it.unit": "个工作日", "bare.number": "许久", "bare.unit": "", "sum": "一百",
    }  # fmt: skip
    assert nest(flat.items(), blanks) == raw


def test_it_shows_no_field_for_what_is_off_or_unanswered():
    assert flatten(
        {"a": False, "b": None, "c": []}, [blank("switch", "a"), blank("text", "b"), blank("list", "c")]
    ) == {"b": ""}
