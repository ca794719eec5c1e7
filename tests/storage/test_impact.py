from __future__ import annotations

import pytest

from clausebank.errors import UnknownName
from clausebank.storage.bank import load_shipped
from clausebank.storage.impact import impact_of
from clausebank.storage.library import read_library
from clausebank.storage.review import present_state
from tests.storage.libraries import FEES, small_library
from tests.storage.test_search import add_contract


@pytest.fixture
def loaded(database, tmp_path):
    with database.writing() as session:
        load_shipped(session, read_library(small_library(tmp_path / "shipped")))
    return database


def found(database, name: str, **page):
    with database.reading() as session:
        state = present_state(session)
        return impact_of(session, name, state.bank, state.templates, **page)


def test_it_finds_the_contracts_that_hold_just_this_version(loaded, tmp_path):
    old = add_contract(loaded, "HT-1", ("term.duration",))
    newer = small_library(tmp_path / "newer", fees__total=FEES.replace("为包干价", "为固定包干价"))
    both = add_contract(loaded, "HT-2", ("fees.total", "term.duration"))
    with loaded.writing() as session:
        load_shipped(session, read_library(newer))

    held = found(loaded, "term.duration@neutral:1")
    assert {str(contract.id) for contract in held.contracts} == {old, both}
    assert (held.total, held.kinds) == (2, ("small",))
    assert [str(c.id) for c in found(loaded, "fees.total@client:1").contracts] == [both]
    assert found(loaded, "fees.total@client").name == "fees.total@client:2"
    assert found(loaded, "fees.total@client").total == 0


def test_it_finds_the_clauses_kinds_and_contracts_that_use_a_blank(loaded):
    with_fee = add_contract(loaded, "HT-1", ("fees.total",))
    add_contract(loaded, "HT-2", ("term.duration",))
    held = found(loaded, "fee_total")

    assert (held.clauses, held.kinds, held.total) == (("fees.total",), ("small",), 1)
    assert [str(contract.id) for contract in held.contracts] == [with_fee]
    assert found(loaded, "first_day").total == 0
    assert found(loaded, "contract_number").total == 2


def test_it_finds_the_contracts_of_a_template_and_of_a_vocabulary(loaded):
    contract = add_contract(loaded, "HT-1")

    for name in ("template/small", "vocabulary"):
        assert [str(c.id) for c in found(loaded, name).contracts] == [contract]
        assert found(loaded, name).kinds == ("small",)


def test_contracts_come_in_pages(loaded):
    for number in range(3):
        add_contract(loaded, f"HT-{number}", ("term.duration",))
    pages = [found(loaded, "term.duration@neutral:1", offset=at, limit=2) for at in (0, 2)]

    assert [(page.total, len(page.contracts)) for page in pages] == [(3, 2), (3, 1)]


@pytest.mark.parametrize("name", ["nothing", "fees.total@client:9", "template/none"])
def test_an_unknown_name_is_refused(loaded, name):
    with pytest.raises(UnknownName):
        found(loaded, name)
