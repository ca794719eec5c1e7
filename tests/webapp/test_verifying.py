from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import docx
import pytest

from clausebank.assembly.select import Stances
from clausebank.document import Stance
from clausebank.embedded import UnreadableFile
from clausebank.errors import UnknownName
from clausebank.manifest import Manifest
from clausebank.storage.bank import load_stored_bank
from schemas import example_answers
from tests.workspaces import add_own_text, changed_word, fresh_workspace
from webapp.drafting import draft_contract
from webapp.verifying import rebuild, verify

DOCUMENT = "word/document.xml"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with fresh_workspace(tmp_path_factory.mktemp("verifying")) as opened:
        yield opened


def drafted(place, bank=None, stances=None, **changes):
    template = place.template("crm-outsourcing")
    raw = {**example_answers(template, place.bank, stances or Stances()), **changes}
    return draft_contract(template, raw, bank or place.bank, stances)


@pytest.fixture(scope="module")
def draft(place):
    return drafted(place)


@pytest.mark.parametrize("form", ["docx", "pdf"])
@pytest.mark.parametrize("stance", list(Stance))
def test_an_untouched_file_is_identical(place, stance, form):
    verdict = verify(drafted(place, stances=Stances(stance)).files[form], place)

    assert (verdict.identical, verdict.differences, verdict.parts) == (True, (), ())


@pytest.mark.parametrize(
    "switches", [{"third_party": False}, {"personal_data": False}, {"party_labels": "provider_first"}]
)
def test_answers_kept_at_home_are_not_needed_to_rebuild(place, switches):
    assert verify(drafted(place, **switches).files["docx"], place).identical


def test_a_changed_word_is_found_with_its_paragraph(place, draft):
    company = draft.answers["client"]["name"]
    data = changed_word(draft.files["docx"], DOCUMENT, company, "另一家公司")
    verdict = verify(data, place)

    assert (verdict.identical, verdict.parts) == (False, (DOCUMENT,))
    assert len(verdict.differences) == 1
    (difference,) = verdict.differences
    assert company in difference.ours[0]
    assert difference.theirs[0] == difference.ours[0].replace(company, "另一家公司")


def test_a_file_saved_again_has_the_same_text_but_other_bytes(place, draft):
    again = BytesIO()
    docx.Document(BytesIO(draft.files["docx"])).save(again)
    verdict = verify(again.getvalue(), place)

    assert (verdict.identical, verdict.differences) == (False, ())
    assert verdict.parts


def test_a_file_packed_otherwise_is_identical(place, draft):
    packed = repacked(draft.files["docx"])

    assert packed != draft.files["docx"]
    assert verify(packed, place).identical


def test_a_part_that_occurs_twice_is_refused(place, draft):
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = repacked(draft.files["docx"], twice=DOCUMENT)
    with pytest.raises(UnreadableFile, match="two parts of one name"):
        verify(packed, place)


def repacked(data, twice=""):
    """The same parts, stored without compression; one may be there twice."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as package, ZipFile(out, "w", ZIP_STORED) as copy:
        for name in [*package.namelist(), *([twice] if twice else [])]:
            copy.writestr(name, package.read(name))
    return out.getvalue()


def test_a_changed_pdf_is_not_identical(place, draft):
    assert not verify(draft.files["pdf"] + b"\n", place).identical


def test_another_installation_with_the_same_texts_agrees(draft, tmp_path):
    with fresh_workspace(tmp_path) as other:
        assert verify(draft.files["pdf"], other).identical


def test_old_versions_are_found_after_the_bank_moved_on(tmp_path):
    with fresh_workspace(tmp_path) as place:
        old = drafted(place)
        bank = with_own_text(place, "general.effect")
        new = drafted(place, bank)

        assert verify(old.files["docx"], place).identical
        assert verify(new.files["docx"], place).identical
        assert new.files["docx"] != old.files["docx"]


def test_own_texts_are_unknown_elsewhere(place, tmp_path):
    with fresh_workspace(tmp_path) as other:
        bank = with_own_text(other, "general.effect")
        data = drafted(other, bank).files["docx"]
    with pytest.raises(UnknownName, match=r"general\.effect"):
        verify(data, place)


def with_own_text(place, clause_id):
    """Store a longer text for the neutral variant of a clause; return the bank that has it."""
    add_own_text(place, clause_id, "双方另行确认本条内容。")
    with place.database.reading() as session:
        return load_stored_bank(session)


def test_a_blank_nobody_knows_is_named(place, draft):
    manifest = replace(draft.manifest, answers={**draft.manifest.answers, "nobody_knows": "x"})
    with place.database.reading() as session, pytest.raises(UnknownName, match="nobody_knows"):
        rebuild(Manifest.from_json(manifest.to_json()), session)
