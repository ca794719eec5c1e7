from __future__ import annotations

import pytest

from clausebank.document import Stance
from clausebank.storage.bank import load_shipped, load_stored_bank, load_stored_library
from clausebank.storage.library import folders_below, read_library, write_library
from clausebank.storage.lifecycle import approve, discard, submit
from clausebank.storage.proposals import draft_proposals, find_proposals
from clausebank.storage.versions import name_of, open_versions
from tests.storage.libraries import FEES, TERM, load_own, small_library


@pytest.fixture
def loaded(database, tmp_path):
    with database.writing() as session:
        load_shipped(session, read_library(small_library(tmp_path / "shipped")))
    return database


def proposals(database, folders):
    with database.reading() as session:
        return find_proposals(session, read_library(folders))


def waiting(database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [(name_of(row), row.author, row.status) for row in open_versions(session)]


def test_exported_files_propose_nothing(loaded, tmp_path):
    with loaded.reading() as session:
        write_library(load_stored_library(session), tmp_path / "export")

    assert proposals(loaded, folders_below(tmp_path / "export")) == []


def test_edited_files_propose_what_they_change(loaded, tmp_path):
    folders = small_library(tmp_path / "own", fees__total=FEES.replace("为包干价", "为固定包干价"))
    (proposal,) = proposals(loaded, folders)

    assert str(proposal.series) == "fees.total@client"
    assert "，为包干价" in proposal.before()
    assert "，为固定包干价" in proposal.after()
    assert waiting(loaded) == []


def test_a_changed_head_is_proposed_with_the_neutral_text(loaded, tmp_path):
    folders = small_library(
        tmp_path / "own", fees__total=FEES.replace("notes: {zh: 总价", "notes: {zh: 固定总价")
    )
    (proposal,) = proposals(loaded, folders)

    assert str(proposal.series) == "fees.total@neutral"
    assert "固定总价" in proposal.after()
    assert "固定总价" not in proposal.before()


def test_edited_files_become_drafts_once(loaded, tmp_path):
    folders = small_library(tmp_path / "own", fees__total=FEES.replace("为包干价", "为固定包干价"))
    for _ in range(2):
        with loaded.writing() as session:
            draft_proposals(session, find_proposals(session, read_library(folders)), "王律师", "包干")

    assert waiting(loaded) == [("fees.total@client:2", "王律师", "draft")]
    with loaded.reading() as session:
        assert load_stored_bank(session).clauses["fees.total"].variants[Stance.CLIENT].version == 1


def test_new_clauses_vocabulary_and_templates_become_drafts_too(loaded, tmp_path):
    folders = small_library(tmp_path / "own")
    (folders.clauses / "term" / "term.renewal.md").write_text(
        TERM.replace("term.duration", "term.renewal"), "utf-8"
    )
    blanks = folders.vocabulary / "blanks" / "fees.yml"
    blanks.write_text(blanks.read_text("utf-8").replace("服务费", "服务费用"), "utf-8")
    template = folders.templates / "small" / "template.yml"
    template.write_text(
        template.read_text("utf-8").replace("term.duration]", "term.duration, term.renewal]"), "utf-8"
    )
    with loaded.writing() as session:
        rows = draft_proposals(session, find_proposals(session, read_library(folders)), "王律师", "续期")
        names = [name_of(row) for row in rows]
        assert names == ["term.renewal@neutral:1", "vocabulary:2", "template/small:2"]
        submit(session, names, "王律师")
        approve(session, names, "李审核")

    assert proposals(loaded, folders) == []


def test_an_upgrade_offers_new_shipped_wording_where_the_organisation_has_its_own(loaded, tmp_path):
    own = small_library(tmp_path / "own", fees__total=FEES.replace("为包干价", "为固定包干价"))
    with loaded.writing() as session:
        load_own(session, read_library(own), "王律师")
        before = load_stored_bank(session).version
    newer = small_library(tmp_path / "newer", fees__total=FEES.replace("支付服务费", "按期支付服务费"))
    with loaded.writing() as session:
        assert load_shipped(session, read_library(newer)) == 0
        assert load_stored_bank(session).version == before

    offered = [
        ("fees.total@neutral:2", "clausebank", "draft"),
    ]
    assert waiting(loaded) == offered
    with loaded.writing() as session:
        load_shipped(session, read_library(newer))
    assert waiting(loaded) == offered


def test_an_offer_is_taken_like_any_draft_or_given_up_for_good(loaded, tmp_path):
    own = small_library(tmp_path / "own", fees__total=FEES.replace("为包干价", "为固定包干价"))
    newer = FEES.replace("支付服务费", "按期支付服务费").replace("服务费总额", "服务费合计")
    shipped = read_library(small_library(tmp_path / "newer", fees__total=newer))
    with loaded.writing() as session:
        load_own(session, read_library(own), "王律师")
        load_shipped(session, shipped)
    assert {name for name, _, _ in waiting(loaded)} == {"fees.total@client:3", "fees.total@neutral:2"}
    with loaded.writing() as session:
        discard(session, "fees.total@client:3", "王律师")
        submit(session, ["fees.total@neutral:2"], "王律师")
        approve(session, ["fees.total@neutral:2"], "李审核")
        load_shipped(session, shipped)

    assert waiting(loaded) == []
    with loaded.reading() as session:
        clause = load_stored_bank(session).clauses["fees.total"]
    assert "按期支付" in clause.variants[Stance.NEUTRAL].text
    assert "固定包干价" in clause.variants[Stance.CLIENT].text


def test_an_own_draft_in_work_does_not_keep_an_upgrade_away(loaded, tmp_path):
    own = small_library(tmp_path / "own", fees__total=FEES.replace("为包干价", "为固定包干价"))
    newer = small_library(tmp_path / "newer", fees__total=FEES.replace("支付服务费", "按期支付服务费"))
    with loaded.writing() as session:
        draft_proposals(session, find_proposals(session, read_library(own)), "王律师", "包干")
        assert load_shipped(session, read_library(newer)) == 1


def test_an_upgrade_offers_a_new_shipped_template_beside_an_own_one(loaded, tmp_path):
    own, newer = small_library(tmp_path / "own"), small_library(tmp_path / "newer")
    for folders, title in ((own, "我方合同"), (newer, "新合同")):
        path = folders.templates / "small" / "template.yml"
        path.write_text(path.read_text("utf-8").replace("小合同", title), "utf-8")
    with loaded.writing() as session:
        load_own(session, read_library(own), "王律师")
        load_shipped(session, read_library(newer))

    assert waiting(loaded) == [("template/small:3", "clausebank", "draft")]
