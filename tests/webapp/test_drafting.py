from __future__ import annotations

import hashlib

import pytest
from marshmallow import ValidationError

from clausebank.assembly.select import Stances
from clausebank.document import Stance
from clausebank.embedded import read_manifest
from clausebank.storage.files import read_file
from schemas import example_answers
from tests.workspaces import fresh_workspace
from webapp.drafting import FORMATS, draft_contract, store_contract
from webapp.shells import Shell


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with fresh_workspace(tmp_path_factory.mktemp("drafting")) as opened:
        yield opened


@pytest.fixture(scope="module")
def template(place):
    return place.template("crm-outsourcing")


@pytest.fixture(scope="module")
def raw(place, template):
    return example_answers(template, place.bank, Stances())


@pytest.fixture(scope="module")
def draft(place, template, raw):
    return draft_contract(template, raw, place.bank, formats=FORMATS)


def test_it_makes_every_format_asked_for(draft):
    assert tuple(draft.files) == FORMATS
    assert draft.files["docx"].startswith(b"PK")
    assert draft.files["pdf"].startswith(b"%PDF")


def test_the_same_answers_give_the_same_bytes(place, template, raw, draft):
    again = draft_contract(template, raw, place.bank, formats=FORMATS)

    assert again.files == draft.files


def test_a_file_does_not_depend_on_which_others_are_made(place, template, raw, draft):
    for form in FORMATS:
        assert draft_contract(template, raw, place.bank, formats=[form]).files == {form: draft.files[form]}


def test_word_and_pdf_carry_the_manifest(draft):
    assert read_manifest(draft.files["docx"]) == read_manifest(draft.files["pdf"]) == draft.manifest


def test_every_wrong_answer_is_refused_at_once(place, template, raw):
    wrong = {**raw, "fee_total": "12.345", "copies_each": "two", "nonsense": 1}
    with pytest.raises(ValidationError) as refused:
        draft_contract(template, wrong, place.bank)

    assert set(refused.value.messages) == {"fee_total", "copies_each", "nonsense"}


def test_a_stored_contract_has_its_files_and_facts(place, template, raw):
    stances = Stances(Stance.CLIENT, {"fees": Stance.PROVIDER})
    draft = draft_contract(template, raw, place.bank, stances)
    contract = store_contract(draft, place)

    assert contract.stances == {"default": "client", "by_topic": {"fees": "provider"}}
    assert contract.state == "final"
    for file in contract.files:
        data = read_file(place.files, file.path, file.sha256)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)


def test_a_failed_render_leaves_no_file_and_no_row(place, template, raw):
    before = sorted(place.files.root.rglob("*"))
    missing = Shell("missing", place.files.root / "missing.docx", "")
    with pytest.raises(FileNotFoundError):
        store_contract(draft_contract(template, raw, place.bank, shell=missing), place)

    assert sorted(place.files.root.rglob("*")) == before
