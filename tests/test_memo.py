"""What is kept between contracts never changes what comes out."""

from __future__ import annotations

import gc
import weakref

import pytest

from clausebank import Stances, assemble, lint, load_bank, load_templates, render_docx
from clausebank.document import Stance
from clausebank.memo import Memo
from clausebank.render.json import render_json
from schemas import answers_schema, example_answers
from webapp.workspace import SHELLS

BANK, TEMPLATES = load_bank(), load_templates()
KINDS = ("support-staged", "crm-outsourcing")
CHANGES = (
    {},
    {"party_labels": "provider_first", "fee_total": "123456.78"},
    {"third_party": False},
    {"copies_each": "7"},
)


def made(kind: str, stance: Stance, change: dict[str, object], *, whole: bool) -> tuple[object, ...]:
    template, stances = TEMPLATES[kind], Stances(stance)
    schema = answers_schema(template, BANK, stances)
    answers = schema.load(example_answers(template, BANK, stances) | change)
    kept = {name: value for at, (name, value) in enumerate(answers.items()) if whole or at % 3}
    document = assemble(template, kept, BANK, stances)
    findings = sorted(f"{finding}" for finding in lint(document))
    shells = sorted(SHELLS.glob("*.docx"))
    files = [render_docx(document, shell, emphasis=whole) for shell in shells]
    return render_json(document), findings, files, schema.dump(answers)


def everything() -> list[tuple[object, ...]]:
    """Contracts whose clauses are partly the same, one after another."""
    cases = [
        (kind, stance, change)
        for kind in KINDS
        for stance in (Stance.CLIENT, Stance.NEUTRAL)
        for change in CHANGES
    ]
    return [made(*case, whole=whole) for case in cases for whole in (True, False)]


def test_it_makes_the_same_contracts_with_what_was_kept_as_without(monkeypatch):
    first, again = everything(), everything()
    monkeypatch.setattr(Memo, "__call__", lambda *given: given[-1]())
    plain = everything()
    assert first == plain
    assert again == plain


def test_it_makes_a_thing_once_for_the_same_owner_and_key():
    memo: Memo[object] = Memo(8)
    owner = (1, 2)
    assert memo((owner,), "a", object) is memo((owner,), "a", object)
    assert memo((owner,), "a", object) is not memo((owner,), "b", object)
    assert memo((owner,), "a", object) is not memo(((1, 3),), "a", object)


def test_it_makes_anew_what_depends_on_a_value_without_a_hash():
    memo: Memo[object] = Memo(8)
    assert memo((memo,), [1], object) is not memo((memo,), [1], object)


class Owner:
    pass


@pytest.mark.parametrize("size", [2, 5])
def test_it_keeps_no_more_than_twice_its_size_and_what_is_in_use(size):
    memo: Memo[object] = Memo(size)
    used = Owner()
    result = memo((used,), (), object)
    owners = []
    for _ in range(10 * size):
        owner = Owner()
        owners.append(weakref.ref(owner))
        memo((owner,), (), object)
        assert memo((used,), (), object) is result
    del owner
    gc.collect()
    assert sum(ref() is not None for ref in owners) <= 2 * size
