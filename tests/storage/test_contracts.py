from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from clausebank.manifest import Manifest, Pin
from clausebank.storage.bank import load_shipped
from clausebank.storage.compositions import composition_of
from clausebank.storage.contracts import Outcome, find_contracts, keep_contract
from clausebank.storage.files import read_file
from clausebank.storage.folder import FolderStore
from clausebank.storage.library import read_library
from clausebank.storage.migrate import downgrade, upgrade
from clausebank.storage.models import ClauseVersion, Composition, CompositionClause, Contract, ContractFile
from clausebank.storage.upkeep import orphans
from tests.storage.libraries import small_library

ANSWERS = {"contract_number": "A-1", "fee_total": "9999999999999999.99"}


@pytest.fixture
def library(tmp_path):
    return read_library(small_library(tmp_path / "shipped"))


@pytest.fixture
def loaded(database, library):
    with database.writing() as session:
        load_shipped(session, library)
    return database


@pytest.fixture
def store(tmp_path) -> FolderStore:
    return FolderStore(tmp_path / "contracts")


@pytest.fixture
def outcome(library) -> Outcome:
    clauses = library.bank.clauses.values()
    manifest = Manifest(
        kind="small",
        template=library.templates["small"].sha256,
        vocabulary=library.bank.vocabulary.sha256,
        shell="",
        clauses=tuple(
            Pin(c.id, v.version, v.sha256, c.title.zh) for c in clauses for v in [c.variants["neutral"]]
        ),
        answers=ANSWERS,
        draft=False,
    )
    stances = {"default": "client", "by_topic": {"fees": "neutral"}}
    return Outcome("小合同", "A-1", ANSWERS, stances, manifest, {"docx": b"word", "pdf": b"pdf"})


def stored(database, contract_id):
    with database.reading() as session:
        options = [selectinload(Contract.template)]
        return session.get(Contract, contract_id, options=[*options, selectinload(Contract.files)])


def contents(store, contract) -> list[bytes]:
    return [read_file(store, file.path, file.sha256) for file in contract.files]


def held_by(database, contract) -> set[str]:
    part, version = CompositionClause, ClauseVersion
    query = select(version.clause_id).join(part, part.clause_version_id == version.id)
    with database.reading() as session:
        return set(session.scalars(query.where(part.composition_id == contract.composition_id)))


def counts(database) -> list[int]:
    with database.reading() as session:
        tables = (Contract, ContractFile)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_it_keeps_the_facts_the_versions_and_the_files(loaded, store, outcome):
    contract = stored(loaded, keep_contract(loaded, store, outcome).id)

    assert (contract.kind, contract.title, contract.number, contract.state) == (
        "small",
        "小合同",
        "A-1",
        "final",
    )
    assert (contract.answers, contract.stances) == (outcome.answers, outcome.stances)
    assert Manifest.from_data(contract.manifest) == outcome.manifest
    assert contract.template.sha256 == outcome.manifest.template
    assert held_by(loaded, contract) == {"fees.total", "term.duration"}
    assert [(f.format, f.size, f.sha256) for f in contract.files] == [
        (form, len(data), hashlib.sha256(data).hexdigest()) for form, data in outcome.files.items()
    ]
    assert contents(store, contract) == [b"word", b"pdf"]


def test_the_facts_lists_are_made_of_are_read_from_the_answers(loaded, store, outcome):
    answers = {
        "client": {"name": "甲公司"}, "provider": {"name": "乙公司"}, "fee_total": "9999999999999999.99",
        "service_start_date": "2027-01-01", "service_end_date": "2027-12-31",
    }  # fmt: skip
    contract = stored(loaded, keep_contract(loaded, store, replace(outcome, answers=answers)).id)

    assert (contract.client_name, contract.provider_name) == ("甲公司", "乙公司")
    assert (contract.starts_on, contract.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert contract.amount == 999_999_999_999_999_999


def test_contracts_from_before_there_were_facts_get_them(loaded, store, outcome):
    answers = {"client": {"name": "甲公司"}, "service_end_date": "2027-12-31", "fee_total": "1.05"}
    first = keep_contract(loaded, store, replace(outcome, answers=answers))
    with loaded.writing() as session:
        ids = first.template_version_id, first.vocabulary_version_id
        session.add_all(_bare_contract(*ids, fee_total=f"{number}.00") for number in range(600))

    downgrade(loaded, "0003")
    upgrade(loaded)

    again = stored(loaded, first.id)
    assert (again.client_name, again.ends_on, again.amount) == ("甲公司", date(2027, 12, 31), 105)
    with loaded.reading() as session:
        amounts = session.scalars(select(Contract.amount).where(Contract.number == "bare"))
        assert sorted(amounts) == [number * 100 for number in range(600)]


def _bare_contract(template: int, vocabulary: int, **answers) -> Contract:
    return Contract(
        kind="small", title="小合同", number="bare", template_version_id=template,
        vocabulary_version_id=vocabulary, answers=answers, stances={}, manifest={}, state="final",
    )  # fmt: skip


def test_a_renewal_knows_its_predecessor_which_then_stays(loaded, store, outcome):
    first = keep_contract(loaded, store, outcome)
    renewal = keep_contract(loaded, store, replace(outcome, predecessor_id=first.id))
    assert stored(loaded, first.id).predecessor_id is None
    assert stored(loaded, renewal.id).predecessor_id == first.id

    with pytest.raises(IntegrityError), loaded.writing() as session:
        session.delete(session.get(Contract, first.id))


def test_a_contract_with_errors_is_kept_as_a_draft(loaded, store, outcome):
    draft = replace(outcome, manifest=replace(outcome.manifest, draft=True))

    assert stored(loaded, keep_contract(loaded, store, draft).id).state == "draft"


def test_when_the_rows_fail_files_are_left_that_nobody_owns(loaded, store, outcome):
    unknown = replace(outcome.manifest, clauses=(Pin("fees.total", 9, "0" * 64, "费用"),))
    with pytest.raises(LookupError):
        keep_contract(loaded, store, replace(outcome, manifest=unknown))

    assert counts(loaded) == [0, 0]
    assert len(list(orphans(loaded, store, timedelta(0)))) == len(outcome.files)


def test_when_a_file_fails_no_row_is_left_and_no_half_file(loaded, store, outcome):
    broken = replace(outcome, files={"docx": b"word", "pdf": None})
    with pytest.raises(TypeError):
        keep_contract(loaded, store, broken)

    assert counts(loaded) == [0, 0]
    assert [path.suffix for path in store.root.rglob("*.*")] == [".docx"]


def test_equal_files_of_two_contracts_are_one_and_deleting_one_contract_leaves_it(loaded, store, outcome):
    first, second = keep_contract(loaded, store, outcome), keep_contract(loaded, store, outcome)
    with loaded.writing() as session:
        session.delete(session.get(Contract, first.id))

    assert len(list(store.files())) == len(outcome.files)
    assert list(orphans(loaded, store, timedelta(0))) == []
    assert contents(store, second) == [b"word", b"pdf"]


def test_contracts_are_found_by_id_and_by_number(loaded, store, outcome):
    first = keep_contract(loaded, store, outcome)
    second = keep_contract(loaded, store, outcome)
    with loaded.reading() as session:
        assert [c.id for c in find_contracts(session, str(first.id))] == [first.id]
        assert [c.id for c in find_contracts(session, "A-1")] == [second.id, first.id]
        assert find_contracts(session, "A-2") == find_contracts(session, str(uuid4())) == []


def test_keeping_a_contract_twice_under_one_id_leaves_the_first_as_it_was(loaded, store, outcome):
    contract = keep_contract(loaded, store, outcome, uuid4())
    with pytest.raises(IntegrityError):
        keep_contract(loaded, store, outcome, contract.id)

    assert counts(loaded) == [1, 2]
    assert contents(store, contract) == [b"word", b"pdf"]


def test_a_contract_cannot_hold_a_version_that_does_not_exist(loaded):
    with pytest.raises(IntegrityError), loaded.writing() as session:
        composition_of(session, [999])


def test_contracts_of_the_same_texts_share_a_composition(loaded, store, outcome):
    first, second = (keep_contract(loaded, store, outcome) for _ in range(2))
    assert first.composition_id == second.composition_id

    fewer = replace(outcome.manifest, clauses=outcome.manifest.clauses[:1])
    third = keep_contract(loaded, store, replace(outcome, manifest=fewer))
    assert third.composition_id != first.composition_id
    with loaded.writing() as session:
        ids = session.scalars(select(CompositionClause.clause_version_id).distinct()).all()
        assert composition_of(session, ids[::-1]) == first.composition_id
        assert composition_of(session, []) is None
        assert session.scalar(select(func.count()).select_from(Composition)) == 2


def test_contracts_from_before_compositions_hold_what_they_held(loaded, store, outcome):
    both = keep_contract(loaded, store, outcome)
    fewer = replace(outcome.manifest, clauses=outcome.manifest.clauses[:1])
    one = keep_contract(loaded, store, replace(outcome, manifest=fewer))
    expected = [held_by(loaded, contract) for contract in (both, one)]

    downgrade(loaded, "0011")
    upgrade(loaded)

    assert [held_by(loaded, stored(loaded, contract.id)) for contract in (both, one)] == expected
    assert [len(held) for held in expected] == [2, 1]
    assert keep_contract(loaded, store, outcome).composition_id == stored(loaded, both.id).composition_id


def test_deleting_a_contract_takes_its_rows_along(loaded, store, outcome):
    contract = keep_contract(loaded, store, outcome)
    with loaded.writing() as session:
        session.delete(session.get(Contract, contract.id))

    assert counts(loaded) == [0, 0]
