"""Choosing, proposing and making renewals, on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO

import pytest
from marshmallow import ValidationError
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from clausebank.compare._redline.proof import differences
from clausebank.manifest import Manifest
from clausebank.render.docx import render_docx
from clausebank.storage import audit, ledger
from clausebank.storage.files import read_file
from clausebank.storage.ledger_models import BatchItem, BatchState
from clausebank.storage.models import AuditEvent, Contract
from clausebank.storage.renewals import Due, due_contracts, named_contracts
from clausebank.storage.upkeep import losses
from tests.render.wordfile import parts
from tests.renewal.conftest import keep_in
from tests.renewal.policies import policy
from tests.workspaces import add_own_text
from webapp.batch.engines import Inline, Local
from webapp.batch.output import overviews
from webapp.batch.work import make
from webapp.renewals.making import REDLINE, make_renewal
from webapp.renewals.proposing import propose_all
from webapp.renewals.starting import plan_renewal, start_renewals, start_unseen
from webapp.renewals.summary import SUMMARY
from webapp.verifying import rebuild, verify
from webapp.workspace import workspace

TODAY = date(2027, 11, 10)
UNTIL = TODAY + timedelta(60)
CLAUSE = "data.incident"


@pytest.fixture
def due(place, prefix):
    """A function giving the numbers of the test's own contracts that are due, without their prefix."""

    own = f"{prefix.rstrip('.')} 公司"

    def call(party=own, **more):
        with place.database.reading() as session:
            found = due_contracts(session, Due(TODAY, UNTIL, party=party, **more))
        return {contract.number.removeprefix(prefix) for contract in found}

    return call


def proposals(place, *contracts, today=TODAY, **raw):
    rules = policy(place.bank, **raw)
    with place.database.reading() as session:
        held = [session.get(Contract, contract.id) for contract in contracts]
        return list(propose_all(place, session, held, rules, today))


def start(place, *contracts, today=TODAY, **raw):
    return start_renewals(
        place, proposals(place, *contracts, today=today, **raw), ("docx", "txt"), raw, "test"
    )


def run(place, *contracts, **raw):
    started = start(place, *contracts, **raw)
    Inline().run(place, started.batch_id, lambda: None)
    return started.batch_id


@pytest.fixture
def successors(place, prefix):
    """A function giving the renewals of the test's own contracts."""

    def call():
        with place.database.reading() as session:
            query = select(Contract).where(
                Contract.predecessor_id.is_not(None), Contract.number.startswith(prefix)
            )
            return list(
                session.scalars(query.options(selectinload(Contract.files)).order_by(Contract.number))
            )

    return call


def data_of(place, contract, form):
    file = next(file for file in contract.files if file.format == form)
    return read_file(place.files, file.path, file.sha256)


def test_contracts_that_expire_in_the_window_are_due_and_no_others(place, keep, due):
    keep("IN")
    keep("LAST-DAY", service_end_date="2028-01-09")
    keep("TOO-LATE", service_end_date="2028-01-10")
    keep("OVER", service_end_date="2027-11-09")
    keep("OTHER-KIND", "support-retention")

    assert due() == {"IN", "LAST-DAY", "OTHER-KIND"}
    assert due(kind="support-retention") == {"OTHER-KIND"}
    assert due("青禾") >= {"IN"}
    assert due("%") == set()


def test_a_renewal_is_linked_continues_the_term_and_leaves_nothing_due(place, keep, successors, due):
    old = keep("A-1")
    run(place, old, fee="percent_up", fee_percent="5")
    (new,) = successors()

    assert (new.predecessor_id, new.number, new.state) == (old.id, f"{old.number}-R1", "final")
    assert (new.starts_on, new.ends_on) == (date(2028, 1, 1), date(2028, 12, 31))
    assert new.amount == old.amount * 105 // 100
    assert due() == set()
    assert verify(data_of(place, new, "docx"), place).identical


def test_each_has_a_redline_that_gives_back_both_texts(place, keep, successors):
    old = keep("A-1")
    run(place, old)
    (new,) = successors()
    with place.database.reading() as session:
        documents = [rebuild(Manifest.from_data(one.manifest), session)[0] for one in (old, new)]
    shell = place.shells.find("standard").path
    files = [data_of(place, new, REDLINE), *(render_docx(document, shell) for document in documents)]
    marked, signed, made = (parts(data)["word/document.xml"] for data in files)

    assert list(differences(marked, signed, accept=False)) == []
    assert list(differences(marked, made, accept=True)) == []


def test_renewing_twice_renews_once(place, keep, successors):
    old = keep("A-1")
    first = start(place, old)
    again = start(place, old)

    assert again.batch_id is None
    assert again.lost == {old.id}
    Inline().run(place, first.batch_id, lambda: None)
    assert start(place, old).batch_id is None
    assert len(successors()) == 1


def test_a_row_left_behind_by_another_batch_does_not_renew_twice(place, keep, successors):
    old = keep("A-1")
    first = start(place, old)
    with place.database.writing() as session:
        ledger.steer(session, first.batch_id, BatchState.CANCELLED, [BatchState.RUNNING])
    run(place, old)
    with place.database.writing() as session:
        ledger.steer(session, first.batch_id, BatchState.RUNNING, [BatchState.CANCELLED])
    Inline().run(place, first.batch_id, lambda: None)

    assert len(successors()) == 1
    with place.database.reading() as session:
        item = session.get_one(BatchItem, (first.batch_id, 1))
        assert item.state == "failed"
        assert "A-1-R1" in item.problems[""][0]["zh"]


def test_a_row_made_again_after_a_crash_gives_the_same_bytes(place, keep, successors):
    old = keep("A-1")
    batch_id = start(place, old).batch_id
    lost = ledger.claim(place.database, "gone/1/x", batch_id, lease=timedelta(0))
    first = make_renewal(place, lost, lost.plan)[0].files
    taken = ledger.claim(place.database, "here/2/x", batch_id)
    make(place, taken)
    (new,) = successors()

    assert new.id == lost.contract_id
    assert {file.format: file.sha256 for file in new.files} == {
        form: hashlib.sha256(data).hexdigest() for form, data in first.items()
    }


def test_what_was_looked_at_is_made_whatever_is_approved_meanwhile(place, settings, keep, successors):
    old = keep("A-1")
    batch_id = start(place, old, texts="newest").batch_id
    add_own_text(place, CLAUSE, "新增一段。")
    Inline().run(place, batch_id, lambda: None)
    (new,) = successors()

    assert "新增一段。" not in data_of(place, new, "txt").decode()


def test_clauses_are_pinned_renewed_or_renewed_where_mandatory(place, settings, keep):
    old = keep("A-1")
    for clause_id in (CLAUSE, "dispute.negotiation"):
        add_own_text(place, clause_id, f"新增一段 {clause_id}。")
    with workspace(settings) as later:
        texts = {
            "pinned": {"texts": "pinned"},
            "newest": {"texts": "newest"},
            "mandatory": {"texts": "mandatory", "mandatory": CLAUSE},
        }
        found = {}
        for name, raw in texts.items():
            (one,) = proposals(later, old, **raw)
            assert one.problems == ()
            lines = " ".join(change.line.text for change in one.comparison.changes)
            found[name] = [
                clause for clause in (CLAUSE, "dispute.negotiation") if f"新增一段 {clause}" in lines
            ]

    assert found == {
        "pinned": [],
        "newest": [CLAUSE, "dispute.negotiation"],
        "mandatory": [CLAUSE],
    }


def test_rows_worked_out_when_made_never_share_a_number(place, keep, successors):
    contracts = [keep("D-1"), keep("D-2")]
    raw = {"number": "D-{year}{first}", "texts": "pinned"}
    started = start_unseen(place, contracts, ("txt",), raw, "test", TODAY)
    first, second = (ledger.claim(place.database, owner, started.batch_id) for owner in ("a/1/x", "b/2/x"))
    one = plan_renewal(place, first)

    assert not ledger.keep_plan(place.database, second, "another name", one.answers, one.plan)
    assert not ledger.keep_plan(
        place.database,
        second,
        f"{one.answers['contract_number']} 客户服务与支持年度合同",
        {**one.answers, "contract_number": "X"},
        one.plan,
    )
    assert ledger.keep_plan(place.database, second, "x", {**one.answers, "contract_number": "X"}, one.plan)


def test_a_clause_marked_in_the_bank_is_mandatory_without_being_named(place, settings, keep):
    old = keep("A-1")
    marked, other = "data.return", "dispute.negotiation"
    with pytest.raises(ValidationError) as refused:
        proposals(place, old, texts="mandatory")
    add_own_text(place, other, "新增乙段。")
    add_own_text(place, marked, "新增甲段。", mandatory=True)
    with workspace(settings) as later:
        (one,) = proposals(later, old, texts="mandatory")
        (pinned,) = proposals(later, old, texts="pinned")
    lines = [" ".join(change.line.text for change in p.comparison.changes) for p in (one, pinned)]

    assert set(refused.value.messages) == {"mandatory"}
    assert ("新增甲段" in lines[0], "新增乙段" in lines[0]) == (True, False)
    assert "新增甲段" not in lines[1]


def test_pinned_texts_change_nothing_but_what_the_policy_says(place, keep):
    old = keep("A-1")
    (one,) = proposals(place, old)
    pins = {(pin.id, pin.version, pin.sha256) for pin in Manifest.from_data(old.manifest).clauses}

    assert {(pin.id, pin.version, pin.sha256) for pin in one.draft.manifest.clauses} == pins
    assert one.favours == ()
    assert {change.path.split(".")[0] for change in one.answers} == {
        "contract_number", "signing_date", "service_start_date", "service_end_date", "contract_year", "milestones",
    }  # fmt: skip


def test_a_changed_stance_takes_its_texts_and_figures_and_says_so(place, keep):
    old = keep("A-1")
    (one,) = proposals(place, old, stance_for=[{"topic": "dispute", "stance": "client"}])

    assert one.problems == ()
    assert one.draft.stances.by_topic == {"dispute": "client"}
    assert [(s.name, s.old, s.new) for s in one.favours if "/" not in s.name] == [
        ("dispute", "neutral", "client")
    ]


def test_problems_stand_at_their_fields_and_stop_no_other(place, keep):
    good, bad = keep("A-1"), keep("B-1")
    keep("B-1-R1")
    first, second = proposals(place, good, bad)

    assert first.problems == ()
    assert [(finding.rule, finding.blank) for finding in second.problems] == [("REN-02", "contract_number")]
    started = start(place, good, bad)
    with place.database.reading() as session:
        items = session.scalars(select(BatchItem).where(BatchItem.batch_id == started.batch_id)).all()
    assert [item.predecessor_id for item in items] == [good.id]


def test_an_answer_the_schema_refuses_is_a_problem_of_the_renewal(place, keep):
    (one,) = proposals(
        place, keep("A-1"), signatories=[{"company": "91350100M000100Y43", "phone": "不是电话"}]
    )
    assert [finding.blank for finding in one.problems] == ["client.phone"]
    assert one.draft is None


def test_a_chain_of_renewals_counts_on(place, keep, successors):
    old = keep("A-1")
    run(place, old)
    (first,) = successors()
    run(place, first, today=date(2028, 10, 1))

    assert [contract.number for contract in successors()] == [f"{old.number}-R1", f"{old.number}-R2"]


def test_contracts_by_name_are_found_once_or_refused_with_the_reason(place, keep):
    old, double = keep("A-1"), keep("B-1")
    keep("B-1")
    run(place, old)
    with place.database.reading() as session:
        found, refused = named_contracts(
            session, [str(double.id), str(double.id), double.number, old.number, "X"]
        )

    assert [contract.id for contract in found] == [double.id]
    assert [one.named for one in refused] == [double.number, old.number, "X"]
    assert str(double.id) in refused[0].reason.zh
    assert "A-1-R1" in refused[1].reason.zh


def test_the_summary_tells_what_changed_and_holds_no_formula(place):
    old = keep_in(place, "=1+1")
    batch_id = run(
        place, old, fee="percent_down", fee_percent="5", stance_for=[{"topic": "dispute", "stance": "client"}]
    )
    book = load_workbook(BytesIO(dict(overviews(place, batch_id))[SUMMARY]))
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    pages = {page.title.split()[0]: list(page.values) for page in book}

    assert not [cell for cell in cells if cell.data_type == "f"]
    assert pages["续签"][1][:2] == ("=1+1", "=1+1-R1")
    assert ("=1+1", "服务费 -5.00%", "Fee -5.00%", None, "委托方有利 client") in pages["立场"]
    assert any(row[1] == "服务费总额（含税）" for row in pages["填写项"])
    assert len(pages["文本"]) > 5


@pytest.mark.parametrize("kind", ["support-annual", "support-retention", "complaints-crm"])
def test_the_old_contract_is_the_one_that_was_signed(place, keep, kind):
    old = keep("A-1", kind)
    (one,) = proposals(place, old)
    with place.database.reading() as session:
        document, _ = rebuild(Manifest.from_data(old.manifest), session)
    lines = [change.old.text for change in one.comparison.changes if change.old]

    assert document.title == one.draft.document.title
    assert any("A-1" in line for line in lines)


def test_workers_killed_at_random_points_renew_each_contract_once(place, settings, keep, successors):
    contracts = [keep(f"K-{n}") for n in range(6)]
    started = start(place, *contracts)
    dice, kills = random.Random(20271110), []

    def kill_now_and_then() -> None:
        with place.database.reading() as session:
            owners = ledger.working_owners(session)
        if owners and len(kills) < 4 and dice.random() < 0.6:
            time.sleep(dice.random() * 0.2)
            kills.append(int(dice.choice(owners).split("/")[1]))
            with suppress(ProcessLookupError):
                os.kill(kills[-1], signal.SIGKILL)

    Local(settings, 2).run(place, started.batch_id, kill_now_and_then)
    made = successors()

    assert len(kills) >= 2
    assert [new.predecessor_id for new in made] == [old.id for old in contracts]
    assert [len(new.files) for new in made] == [3] * 6
    assert list(losses(place.database, place.files)) == []
    with place.database.reading() as session:
        targets = [f"contract/{new.id}" for new in made]
        events = session.scalars(select(AuditEvent.target).where(AuditEvent.target.in_(targets)))
        assert sorted(events) == sorted(targets)
        assert audit.verify(session).findings == ()
