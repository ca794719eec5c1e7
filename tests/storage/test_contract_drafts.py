"""Drafts in the store: saved again and again, never over another page's words, deleted with a way back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from clausebank.errors import UnknownName
from clausebank.storage.columns import now
from clausebank.storage.contract_drafts import (
    KEPT_DAYS,
    SavedElsewhere,
    Typed,
    delete_draft,
    find_draft,
    open_drafts,
    restore_draft,
    save_draft,
)
from clausebank.storage.drafting_models import ContractDraft


def typed(draft_id: UUID, revision: int = 0, tab: str = "one", **fields: str) -> Typed:
    return Typed(draft_id, "crm-outsourcing", revision, tab, fields, number=fields.get("contract_number", ""))


def save(database, *args, **fields) -> ContractDraft:
    with database.writing() as session:
        return save_draft(session, typed(*args, **fields))


def found(database, draft_id):
    with database.reading() as session:
        return find_draft(session, draft_id)


def test_a_draft_is_made_by_its_first_save_and_counts_the_later_ones(database):
    draft_id = uuid4()
    assert save(database, draft_id, 0, contract_number="A-1").revision == 1
    assert save(database, draft_id, 1, contract_number="A-2").revision == 2
    row = found(database, draft_id)
    assert (row.fields, row.number, row.revision) == ({"contract_number": "A-2"}, "A-2", 2)


def test_the_same_words_again_are_no_new_save(database):
    draft_id = uuid4()
    save(database, draft_id, 0, contract_number="A-1")
    assert save(database, draft_id, 0, tab="two", contract_number="A-1").revision == 1


def test_another_page_never_saves_over_what_it_has_not_seen(database):
    draft_id = uuid4()
    save(database, draft_id, 0, contract_number="A-1")
    save(database, draft_id, 1, tab="two", contract_number="B-1")
    with pytest.raises(SavedElsewhere) as caught:
        save(database, draft_id, 1, contract_number="A-2")
    assert caught.value.theirs.fields == {"contract_number": "B-1"}
    assert found(database, draft_id).fields == {"contract_number": "B-1"}
    assert save(database, draft_id, 2, contract_number="A-2").revision == 3


def test_a_page_whose_save_was_never_answered_saves_again(database):
    draft_id = uuid4()
    save(database, draft_id, 0, contract_number="A-1")
    assert save(database, draft_id, 0, contract_number="A-2").revision == 2


def test_a_draft_keeps_its_kind(database):
    draft_id = uuid4()
    save(database, draft_id)
    with pytest.raises(UnknownName), database.writing() as session:
        save_draft(session, Typed(draft_id, "support-annual", 1, "one", {}))


def test_a_deleted_draft_comes_back_and_goes_for_good_after_its_time(database):
    draft_id, other = uuid4(), uuid4()
    save(database, draft_id, contract_number="A-1")
    save(database, other, contract_number="B-1")
    with database.writing() as session:
        delete_draft(session, draft_id)
    assert found(database, draft_id) is None
    with database.writing() as session:
        restore_draft(session, draft_id)
    assert found(database, draft_id).fields == {"contract_number": "A-1"}
    with database.writing() as session:
        delete_draft(session, draft_id).deleted_at = now() - timedelta(days=KEPT_DAYS + 1)
    with database.writing() as session:
        delete_draft(session, other)
    with database.reading() as session:
        assert session.get(ContractDraft, draft_id) is None
        assert session.get(ContractDraft, other) is not None


def test_typing_on_brings_a_deleted_draft_back(database):
    draft_id = uuid4()
    save(database, draft_id, contract_number="A-1")
    with database.writing() as session:
        delete_draft(session, draft_id)
    save(database, draft_id, 1, contract_number="A-2")
    assert found(database, draft_id).number == "A-2"


def test_the_list_has_the_last_changed_first(database):
    first, second = uuid4(), uuid4()
    save(database, first, contract_number="A-1")
    save(database, second, contract_number="B-1")
    save(database, first, 1, contract_number="A-2")
    with database.reading() as session:
        assert [row.number for row in open_drafts(session)] == ["A-2", "B-1"]
        assert [row.number for row in open_drafts(session, offset=1)] == ["B-1"]
