from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank import load_bank, load_templates
from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances
from clausebank.document import Stance, sections
from clausebank.manifest import ENGINE, Manifest, ManifestError, Pin, disclosed, manifest_of
from schemas import answers_schema, example_answers
from tests.projectfile import project

MANIFEST = Manifest(
    kind="crm-outsourcing",
    template="1" * 64,
    vocabulary="2" * 64,
    shell="3" * 64,
    clauses=(Pin("fees.total", 2, "4" * 64, "服务费"),),
    answers={"fee_total": "120000.00", "client": {"name": "甲 & 乙<公司>"}, "signing_date": None},
    draft=False,
)


@pytest.fixture(scope="module")
def bank():
    return load_bank()


@pytest.fixture(scope="module")
def template():
    return load_templates()["crm-outsourcing"]


def drafted(template, bank, stances, **changes):
    raw = {**example_answers(template, bank, stances), **changes}
    answers = answers_schema(template, bank, stances).load(raw)
    document = assemble(template, answers, bank, stances)
    return document, manifest_of(document, template, bank, raw, draft=False), answers


def test_it_reads_back_what_it_writes():
    assert Manifest.from_json(MANIFEST.to_json()) == MANIFEST


def test_its_json_is_canonical():
    data = MANIFEST.to_json()

    assert (
        data
        == json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    assert replace(MANIFEST, answers=dict(reversed(MANIFEST.answers.items()))).to_json() == data


def test_it_names_the_engine_that_made_it():
    assert project()["project"]["version"] == ENGINE


@pytest.mark.parametrize("stance", list(Stance))
def test_it_lists_every_clause_once_and_never_a_stance(template, bank, stance):
    document, manifest, _ = drafted(template, bank, Stances(stance))

    assert {pin.id for pin in manifest.clauses} == {section.clause for section in sections(document)}
    assert len({pin.id for pin in manifest.clauses}) == len(manifest.clauses)
    words = json.loads(replace(manifest, answers={}).to_json())
    assert not {str(stance) for stance in Stance} & set(strings(words))


def strings(content) -> list[str]:
    match content:
        case dict():
            return [text for key, value in content.items() for text in (key, *strings(value))]
        case list():
            return [text for value in content for text in strings(value)]
        case _:
            return [str(content)]


def test_answers_the_text_does_not_use_stay_at_home(template, bank):
    stances = Stances()
    _, _, answers = drafted(template, bank, stances, third_party=False)
    shown = disclosed(template, bank, stances, answers)

    assert "third_party" in shown
    assert {"client", "provider", "fee_total", "service_start_date"} <= shown
    assert not {name for name in shown if name.startswith("third_party_cap")}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        MANIFEST.to_json().replace(b'"format":1', b'"format":2'),
        MANIFEST.to_json().replace(b'"draft":false', b'"draft":"no"'),
        MANIFEST.to_json().replace(b'"version":2', b'"version":"2"'),
        MANIFEST.to_json().replace(b'"kind"', b'"sort"'),
    ],
)
def test_it_refuses_what_is_no_manifest(data):
    with pytest.raises(ManifestError):
        Manifest.from_json(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(MANIFEST.to_data())), JSON))
def test_plain_data_of_any_shape_is_read_or_refused(changes):
    try:
        manifest = Manifest.from_data({**MANIFEST.to_data(), **changes})
    except ManifestError:
        return
    assert Manifest.from_json(manifest.to_json()) == manifest
