"""How each type of answer reads in a contract."""

from datetime import date
from decimal import Decimal

import pytest

from clausebank.bank.model import Bilingual, Blank, BlankType, Choice
from clausebank.errors import UnknownName
from clausebank.wording.phrase import WORDINGS, phrase
from clausebank.wording.values import Company, Money, Period, Unit, Value

COMPANY = Company(
    "上海云岚商贸有限公司", "91350100M000100Y43", "上海", "陈一鸣", "林知夏", "021-50001234", "a@b.cn"
)


def blank(kind: BlankType, *choices: Choice) -> Blank:
    return Blank("some", kind, Bilingual("某项", "Some"), "contract", None, choices=choices)


CASES = [
    (BlankType.MONEY, Money(12000000), "", "人民币壹拾贰万元整（¥120,000.00）"),
    (BlankType.MONEY, Money(12000000), "in_words", "人民币壹拾贰万元整"),
    (BlankType.MONEY, Money(12000000), "figures", "¥120,000.00"),
    (BlankType.PERCENT, Decimal("0.050"), "", "0.05%"),
    (BlankType.PERCENT, Decimal(100), "", "100%"),
    (BlankType.PERCENT, Decimal("1E+2"), "", "100%"),
    (BlankType.DATE, date(2026, 3, 1), "", "2026年3月1日"),
    (BlankType.DATE, date(2026, 3, 1), "iso", "2026-03-01"),
    (BlankType.PERIOD, Period(10, Unit.WORKING_DAY), "", "10个工作日"),
    (BlankType.INTEGER, 2, "", "2"),
    (BlankType.INTEGER, 105, "in_words", "一百零五"),
    (BlankType.TEXT, "A&B<公司> {{7*7}}", "", "A&B<公司> {{7*7}}"),
    (BlankType.COMPANY, COMPANY, "", "上海云岚商贸有限公司"),
]


@pytest.mark.parametrize(("kind", "value", "wording", "text"), CASES)
def test_it_words_an_answer_by_its_type(kind: BlankType, value: Value, wording: str, text: str) -> None:
    assert phrase(value, blank(kind), wording) == text


def test_it_words_a_choice_by_its_contract_text() -> None:
    court = Choice("court", Bilingual("诉讼", "Court"), "向人民法院提起诉讼")
    assert phrase("court", blank(BlankType.CHOICE, court)) == "向人民法院提起诉讼"


def test_it_refuses_a_choice_the_blank_does_not_offer() -> None:
    with pytest.raises(UnknownName, match="some = gone"):
        phrase("gone", blank(BlankType.CHOICE))


@pytest.mark.parametrize("kind", BlankType)
def test_it_refuses_a_wording_the_type_does_not_have(kind: BlankType) -> None:
    with pytest.raises(UnknownName, match="shouted"):
        phrase("x", blank(kind), "shouted")


@pytest.mark.parametrize(("kind", "value"), [(BlankType.SWITCH, True), (BlankType.LIST, ())])
def test_it_never_prints_switches_and_lists(kind: BlankType, value: Value) -> None:
    with pytest.raises(UnknownName):
        phrase(value, blank(kind))


def test_every_wording_is_one_that_can_be_printed() -> None:
    printable = {(kind, wording) for kind, _, wording, _ in CASES} | {(BlankType.CHOICE, "")}
    assert printable == {(kind, wording) for kind, wordings in WORDINGS.items() for wording in wordings}


def test_it_refuses_a_value_that_is_no_answer() -> None:
    with pytest.raises(TypeError, match="some"):
        phrase((), blank(BlankType.TEXT))
