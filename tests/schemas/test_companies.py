"""Companies: every field checked, every problem at its field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from clausebank.wording.values import Company
from schemas.companies import USUAL_PHONE, is_possible
from tests.schemas.vocabulary import EXAMPLES, SHIPPED, blank, schema_of

EXAMPLE = EXAMPLES["company"]


def load(**changes):
    return schema_of(blank("company")).load({"it": EXAMPLE | changes})["it"]


def problems(raw, **options):
    with pytest.raises(ValidationError) as caught:
        schema_of(blank("company"), **options).load({"it": raw})
    return caught.value.messages["it"]


def test_the_fields_of_the_vocabulary_are_those_of_a_company():
    assert [column.name for column in SHIPPED.company] == list(Company.__dataclass_fields__)


def test_it_loads_a_company_and_dumps_what_is_filled():
    schema = schema_of(blank("company"))
    answers = schema.load({"it": EXAMPLE})
    assert answers["it"] == Company(**EXAMPLE)
    assert schema.dump(answers) == {"it": EXAMPLE}


def test_it_writes_the_credit_code_in_capitals():
    assert load(uscc=" 91350100 m000100y43 ").uscc == "91350100M000100Y43"


def test_it_knows_codes_of_rural_collectives():
    assert load(uscc="N2440300MF12345673"[:17] + _check_digit("N2440300MF1234567")).uscc.startswith("N2")


def _check_digit(body):
    """Compute the check digit as GB 32100-2015 has it, apart from the library in use."""
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(characters.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return characters[-total % 31]


@pytest.mark.parametrize(
    "code", ["91350100M000100Y4Z", "91350100M000100Y44", "9135", "91350100I000100Y43", "９" * 18]
)
def test_it_refuses_a_wrong_credit_code(code):
    assert problems(EXAMPLE | {"uscc": code}).keys() == {"uscc"}


@pytest.mark.parametrize(
    "number",
    ["021-50001234", "13800138000", "400-800-1234", "95588", "021-50001234转801", "+86 21 5000 1234"],
)
def test_it_takes_phone_numbers_as_people_write_them(number):
    assert load(phone=number).phone == number


@given(number=st.from_regex(USUAL_PHONE, fullmatch=True))
def test_what_it_knows_at_sight_is_possible_by_the_numbering_plan(number):
    assert is_possible(number)


@pytest.mark.parametrize("number", ["电话", "12", "1" * 20])
def test_it_refuses_what_cannot_be_a_phone_number(number):
    assert problems(EXAMPLE | {"phone": number}).keys() == {"phone"}


def test_every_problem_stands_at_its_field():
    raw = {"nmae": "某公司", "uscc": "1", "phone": "x", "email": "a@", "account": "零", "bank": "行"}
    assert problems(raw).keys() == {
        "nmae", "name", "uscc", "address", "legal_representative", "contact", "phone", "email", "account",
    }  # fmt: skip


def test_a_company_left_out_is_asked_for_field_by_field():
    with pytest.raises(ValidationError) as caught:
        schema_of(blank("company")).load({})
    assert caught.value.messages["it"].keys() == {
        "name", "uscc", "address", "legal_representative", "contact", "phone", "email",
    }  # fmt: skip


def test_a_field_that_the_contract_prints_may_not_be_left_out():
    assert problems(EXAMPLE, printed=("it.account",)) == {
        "account": [{"zh": "请填写“银行账号”。", "en": "Fill in “Account number”."}]
    }


def test_what_is_valid_of_a_company_is_handed_on_for_the_preview():
    with pytest.raises(ValidationError) as caught:
        schema_of(blank("company")).load({"it": {"name": "某某公司", "uscc": "1"}})
    assert caught.value.valid_data["it"] == {"name": "某某公司"}
