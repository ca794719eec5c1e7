from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from clausebank.register import Order, Sorting, Wanted
from schemas.register import read_ask

TODAY = date(2026, 11, 26)


def test_nothing_given_asks_for_everything_newest_first():
    ask = read_ask({}, TODAY)
    assert (ask.wanted, ask.sorting, ask.problems) == (Wanted(), Sorting(Order.MADE, descending=True), {})


def test_it_reads_every_filter():
    cut = uuid4()
    ask = read_ask(
        {
            "q": "保密", "party": "云岚", "kind": "crm-outsourcing", "state": "final", "least": "1,000.50",
            "most": "2000", "starts_from": "2026-01-01", "starts_until": "2026-12-31", "sort": "-amount",
            "ends_from": "2027-01-01", "ends_until": "2027-12-31", "after": str(cut), "unknown": "x",
        },
        TODAY,
    )  # fmt: skip
    assert ask.wanted == Wanted(
        words="保密", party="云岚", kind="crm-outsourcing", state="final", least=100_050, most=200_000,
        starts_from=date(2026, 1, 1), starts_until=date(2026, 12, 31), ends_from=date(2027, 1, 1),
        ends_until=date(2027, 12, 31),
    )  # fmt: skip
    assert (ask.sorting, ask.after, ask.before) == (Sorting(Order.AMOUNT, descending=True), cut, None)


def test_the_days_of_making_are_whole_days_of_the_machine():
    wanted = read_ask({"made_from": "2026-03-01", "made_until": "2026-03-01"}, TODAY).wanted
    start = datetime(2026, 3, 1).astimezone(UTC)
    assert (wanted.made_since, wanted.made_before) == (start, start + timedelta(days=1))


def test_expiring_counts_from_today_within_the_days_given():
    wanted = read_ask({"expiring": "90"}, TODAY).wanted
    assert (wanted.ends_from, wanted.ends_until) == (TODAY, TODAY + timedelta(days=90))
    narrower = read_ask(
        {"expiring": "90", "ends_from": "2020-01-01", "ends_until": "2026-12-01"}, TODAY
    ).wanted
    assert (narrower.ends_from, narrower.ends_until) == (TODAY, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("state", "gone"), ("expiring", "soon"), ("expiring", "-1"), ("expiring", "99999"),
        ("ends_from", "2026-02-30"), ("made_until", "yesterday"), ("least", "1.234"), ("most", "=1+1"),
        ("sort", "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_both_languages_and_left_out(name, raw):
    ask = read_ask({name: raw, "kind": "crm-outsourcing"}, TODAY)
    assert list(ask.problems) == [name]
    assert all(set(message) == {"zh", "en"} for message in ask.problems[name])
    assert ask.wanted == Wanted(kind="crm-outsourcing")


def test_ranges_the_wrong_way_round_are_told_at_their_end():
    given = {"least": "2", "most": "1", "ends_from": "2027-01-02", "ends_until": "2027-01-01"}
    ask = read_ask(given, TODAY)
    assert set(ask.problems) == {"most", "ends_until"}
    assert (ask.wanted.least, ask.wanted.most, ask.wanted.ends_until) == (200, None, None)


@pytest.mark.parametrize("raw", ["", "x", "../..", str(UUID(int=0))[:-1]])
def test_a_cut_that_is_no_id_is_passed_over(raw):
    assert read_ask({"after": raw, "before": raw}, TODAY).after is None
