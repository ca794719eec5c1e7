from __future__ import annotations

import pytest
from sqlalchemy import func, select

from clausebank.document import Stance
from clausebank.storage.bank import (
    load_shipped,
    load_stored_bank,
    load_stored_library,
    load_stored_templates,
)
from clausebank.storage.library import folders_below, library_digest, read_library, write_library
from clausebank.storage.models import ClauseVersion, Status, VocabularyVersion
from tests.storage.libraries import FEES, TERM, load_own, small_library


@pytest.fixture
def library(tmp_path):
    return read_library(small_library(tmp_path / "shipped"))


@pytest.fixture
def loaded(database, library):
    with database.writing() as session:
        load_shipped(session, library)
    return database


def upgraded(tmp_path, **changes):
    return read_library(small_library(tmp_path / "upgrade", **changes))


def versions(database) -> list[tuple[str, str, int, str, str]]:
    v = ClauseVersion
    query = select(v.clause_id, v.stance, v.number, v.status, v.author)
    with database.reading() as session:
        return sorted(tuple(row) for row in session.execute(query))


def bank_of(database):
    with database.reading() as session:
        return load_stored_bank(session)


def texts(bank) -> dict[tuple[str, Stance], str]:
    return {(c.id, v.stance): v.text for c in bank.clauses.values() for v in c.variants.values()}


def test_the_stored_bank_is_the_one_that_was_loaded(loaded, library):
    stored = bank_of(loaded)

    assert texts(stored) == texts(library.bank)
    assert stored.vocabulary.sha256 == library.bank.vocabulary.sha256
    for clause_id, clause in library.bank.clauses.items():
        found = stored.clauses[clause_id]
        assert (found.title, found.topic, found.basis) == (clause.title, clause.topic, clause.basis)
        assert (found.suggestions, found.notes) == (clause.suggestions, clause.notes)
        for stance, variant in clause.variants.items():
            assert found.variants[stance] == variant


def test_templates_come_back_as_they_were(loaded, library):
    with loaded.reading() as session:
        assert load_stored_templates(session) == library.templates


def test_every_shipped_text_becomes_an_approved_version(loaded):
    assert versions(loaded) == [
        ("fees.total", "client", 1, "approved", "clausebank"),
        ("fees.total", "neutral", 1, "approved", "clausebank"),
        ("term.duration", "neutral", 1, "approved", "clausebank"),
    ]


def test_loading_again_makes_nothing_new(loaded, library):
    with loaded.writing() as session:
        assert load_shipped(session, library) == 0

    assert len(versions(loaded)) == 3


def test_an_upgrade_adds_a_version_where_the_wording_changed(loaded, tmp_path):
    library = upgraded(tmp_path, term__duration=TERM.replace("签署", "盖章"))
    with loaded.writing() as session:
        assert load_shipped(session, library) == 1

    variant = bank_of(loaded).clauses["term.duration"].variants[Stance.NEUTRAL]
    assert (variant.version, "盖章" in variant.text) == (2, True)
    assert ("term.duration", "neutral", 1, "approved", "clausebank") in versions(loaded)


def test_an_upgrade_brings_new_notes_without_a_new_version(loaded, tmp_path):
    with loaded.writing() as session:
        assert load_shipped(session, upgraded(tmp_path, fees__total=FEES.replace("总价", "固定总价"))) == 0

    assert bank_of(loaded).clauses["fees.total"].notes.zh == "固定总价"


def test_an_upgrade_never_touches_what_the_organisation_edited(loaded, tmp_path):
    own = read_library(small_library(tmp_path / "own", fees__total=FEES.replace("包干价", "固定包干价")))
    with loaded.writing() as session:
        assert load_own(session, own, "王律师", "按公司惯例") == 1
    before = texts(bank_of(loaded))

    with loaded.writing() as session:
        shipped = upgraded(tmp_path, fees__total=FEES.replace("支付", "按期支付").replace("总价", "价款"))
        assert load_shipped(session, shipped) == 0

    bank = bank_of(loaded)
    assert texts(bank) == before
    assert bank.clauses["fees.total"].variants[Stance.CLIENT].version == 2
    assert bank.clauses["fees.total"].notes.zh == "总价"


def test_own_notes_are_an_edit_too(loaded, tmp_path):
    with loaded.writing() as session:
        load_own(
            session,
            read_library(small_library(tmp_path / "own", fees__total=FEES.replace("总价", "我方提示"))),
            "王律师",
        )
    with loaded.writing() as session:
        load_shipped(session, upgraded(tmp_path, fees__total=FEES.replace("总价", "新提示")))

    assert bank_of(loaded).clauses["fees.total"].notes.zh == "我方提示"


def test_own_clauses_stay_when_the_shipped_bank_does_not_know_them(loaded, tmp_path, library):
    own = tmp_path / "own" / "library" / "term" / "term.renewal.md"
    folders = small_library(tmp_path / "own")
    own.write_text(TERM.replace("term.duration", "term.renewal"), "utf-8")
    with loaded.writing() as session:
        load_own(session, read_library(folders), "王律师")
    with loaded.writing() as session:
        load_shipped(session, library)

    assert "term.renewal" in bank_of(loaded).clauses


def test_a_clause_that_is_shipped_no_more_is_retired_not_deleted(loaded, tmp_path):
    with loaded.writing() as session:
        load_shipped(session, upgraded(tmp_path, term__duration=None))

    assert set(bank_of(loaded).clauses) == {"fees.total"}
    assert ("term.duration", "neutral", 1, "retired", "clausebank") in versions(loaded)


def test_a_stance_that_is_shipped_no_more_falls_back_to_neutral(loaded, tmp_path):
    with loaded.writing() as session:
        load_shipped(session, upgraded(tmp_path, fees__total=FEES[: FEES.index("# client")]))

    clause = bank_of(loaded).clauses["fees.total"]
    assert clause.variant(Stance.CLIENT) == clause.variants[Stance.NEUTRAL]


def test_drafts_are_not_in_the_bank(loaded):
    with loaded.writing() as session:
        old = session.scalar(select(ClauseVersion).where(ClauseVersion.clause_id == "term.duration"))
        draft = {
            "clause_id": old.clause_id,
            "stance": old.stance,
            "number": 2,
            "text": "草拟。",
            "sha256": "0" * 64,
        }
        session.add(ClauseVersion(**draft, status=Status.DRAFT, author="王律师"))

    assert bank_of(loaded).clauses["term.duration"].variants[Stance.NEUTRAL].version == 1


def test_own_vocabulary_wins_over_a_shipped_one_and_still_gets_its_new_blanks(loaded, tmp_path):
    own = small_library(tmp_path / "own")
    fees = own.vocabulary / "blanks" / "fees.yml"
    fees.write_text(fees.read_text("utf-8").replace("zh: 服务费", "zh: 服务总费用"), "utf-8")
    with loaded.writing() as session:
        load_own(session, read_library(own), "王律师")
    shipped = small_library(tmp_path / "upgrade")
    blanks = shipped.vocabulary / "blanks" / "fees.yml"
    blanks.write_text(
        blanks.read_text("utf-8") + "new_one: {type: text, label: {zh: 新, en: New}, example: x}\n", "utf-8"
    )
    for _ in range(2):
        with loaded.writing() as session:
            load_shipped(session, read_library(shipped))

    vocabulary = bank_of(loaded).vocabulary
    assert vocabulary.blanks["fee_total"].label.zh == "服务总费用"
    assert "new_one" in vocabulary.blanks
    with loaded.reading() as session:
        assert session.scalar(select(func.count()).select_from(VocabularyVersion)) == 3


def test_an_own_template_is_kept(loaded, tmp_path):
    own = small_library(tmp_path / "own")
    path = own.templates / "small" / "template.yml"
    path.write_text(path.read_text("utf-8").replace("小合同", "我方合同"), "utf-8")
    with loaded.writing() as session:
        load_own(session, read_library(own), "王律师")
    with loaded.writing() as session:
        load_shipped(session, upgraded(tmp_path, term__duration=None))

    with loaded.reading() as session:
        assert load_stored_templates(session)["small"].title.zh == "我方合同"
    assert "term.duration" in bank_of(loaded).clauses


def test_exported_files_load_back_with_no_change(loaded, tmp_path):
    with loaded.reading() as session:
        write_library(load_stored_library(session), tmp_path / "export")
    exported = read_library(folders_below(tmp_path / "export"))
    with loaded.writing() as session:
        assert load_own(session, exported, "王律师") == 0

    assert exported.bank.version == read_library(small_library(tmp_path / "again")).bank.version


def test_the_digest_tells_changed_files_from_unchanged_ones(tmp_path):
    first = library_digest(small_library(tmp_path / "a"))

    assert library_digest(small_library(tmp_path / "b")) == first
    assert library_digest(small_library(tmp_path / "c", term__duration=TERM + "\n")) != first
