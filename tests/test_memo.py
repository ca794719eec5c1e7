"""What is kept between contracts never changes what comes out."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import marshmallow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebank import Stances, assemble, lint, load_bank, load_templates, render_docx
from clausebank.assembly.derive import DERIVED, sources
from clausebank.document import Stance
from clausebank.manifest import disclosed, manifest_of
from clausebank.memo import Lazy, Memo
from clausebank.render.json import render_json
from schemas import answers_schema, example_answers
from tests.strategies import valid_raw_answers
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
    return (
        render_json(document),
        findings,
        files,
        schema.dump(answers),
        told(kind, document, answers, stances),
    )


def told(kind, document, answers, stances):
    template = TEMPLATES[kind]
    raw = answers_schema(template, BANK, stances).dump(answers)
    shown = disclosed(template, BANK, stances, answers)
    kept = {name: value for name, value in raw.items() if name in shown}
    return manifest_of(document, template, BANK, kept, draft=False).to_json()


def everything() -> list[tuple[object, ...]]:
    """Contracts whose clauses are partly the same, one after another."""
    cases = [
        (kind, stance, change)
        for kind in KINDS
        for stance in (Stance.CLIENT, Stance.NEUTRAL)
        for change in CHANGES
    ]
    return [made(*case, whole=whole) for case in cases for whole in (True, False)]


def forget(patch: pytest.MonkeyPatch) -> None:
    """Let nothing that was kept be used: neither by a memo nor by a function that remembers its results."""
    patch.setattr(Memo, "__call__", lambda *given: given[-1]())
    patch.setattr(Memo, "of", lambda _, owner, make: make(owner))
    remembering = [found for found in gc.get_objects() if type(found) is type(lru_cache(len))]
    for function in remembering:
        module = getattr(function, "__module__", None) or ""
        if module.startswith(("clausebank", "schemas")) and function.cache_parameters()["maxsize"]:
            function.cache_clear()


def test_it_makes_the_same_contracts_with_what_was_kept_as_without(monkeypatch):
    first, again = everything(), everything()
    forget(monkeypatch)
    plain = everything()
    assert first == plain
    assert again == plain


def contract(kind: str, raw: dict[str, object], stance: Stance) -> tuple[object, ...]:
    """Everything the main job makes of raw answers."""
    template, stances = TEMPLATES[kind], Stances(stance)
    answers = answers_schema(template, BANK, stances).load(raw)
    document = assemble(template, answers, BANK, stances)
    manifest = told(kind, document, answers, stances)
    findings = sorted(f"{finding}" for finding in lint(document))
    data = render_docx(document, SHELLS / "standard.docx", manifest=manifest, pages={"end": 3})
    return render_json(document), findings, manifest, data


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(sorted(TEMPLATES)), stance=st.sampled_from(list(Stance)))
def test_any_answers_make_the_same_contract_with_what_was_kept_as_without(data, kind, stance):
    raw = data.draw(valid_raw_answers(TEMPLATES[kind], BANK, Stances(stance)))
    kept = contract(kind, raw, stance)
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        assert contract(kind, raw, stance) == kept


def test_threads_that_share_what_is_kept_make_the_same_contracts():
    raw = example_answers(TEMPLATES[KINDS[0]], BANK)
    cases = [raw | {"copies_each": f"{n}", "fee_total": f"{n}000.00"} for n in range(1, 9)]
    alone = [contract(KINDS[0], case, Stance.NEUTRAL) for case in cases]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda case: contract(KINDS[0], case, Stance.NEUTRAL), cases * 3)) == alone * 3


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(sorted(TEMPLATES)))
def test_faultless_answers_are_read_and_written_as_the_long_way_does(data, kind):
    schema = answers_schema(TEMPLATES[kind], BANK)
    raw = data.draw(valid_raw_answers(TEMPLATES[kind], BANK))
    answers = schema.load(raw)
    long_way = marshmallow.Schema.load(schema, raw)
    assert answers == long_way
    assert [*map(type, answers.values())] == [*map(type, long_way.values())]
    assert schema.dump(answers) == marshmallow.Schema.dump(schema, answers)


def test_what_is_written_may_be_changed():
    schema = answers_schema(TEMPLATES[KINDS[0]], BANK)
    answers = schema.load(example_answers(TEMPLATES[KINDS[0]], BANK))
    first, again = schema.dump(answers), schema.dump(answers)
    first["client"].clear()
    first["payment_schedule"][0].clear()
    assert schema.dump(answers) == again != first


class Watched(dict):
    def __init__(self, answers):
        super().__init__(answers)
        self.seen = set()

    def get(self, name, default=None):
        self.seen.add(name)
        return super().get(name, default)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(sorted(TEMPLATES)), kept=st.integers(1, 3))
def test_a_derived_value_is_computed_from_the_same_answers_whatever_they_are(data, kind, kept):
    raw = data.draw(valid_raw_answers(TEMPLATES[kind], BANK))
    answers = answers_schema(TEMPLATES[kind], BANK).load(raw)
    answers = {name: value for at, (name, value) in enumerate(answers.items()) if at % 3 < kept}
    for name, rule in DERIVED.items():
        watched = Watched(answers)
        rule(watched)
        assert watched.seen <= sources(name)


def test_it_keeps_less_of_what_weighs_more():
    memo: Memo[str] = Memo(10, len)
    made = [memo((), n, lambda n=n: f"{n}" * 5) for n in (1, 2, 3, 4, 5)]
    again = [memo((), n, lambda n=n: f"{n}" * 5) for n in (1, 2, 3, 4, 5)]
    assert made == again
    assert made[0] is not again[0]


def test_it_makes_a_thing_once_for_the_same_owner_and_key():
    memo: Memo[object] = Memo(8)
    owner = (1, 2)
    assert memo((owner,), "a", object) is memo((owner,), "a", object)
    assert memo((owner,), "a", object) is not memo((owner,), "b", object)
    assert memo((owner,), "a", object) is not memo(((1, 3),), "a", object)


def test_it_makes_a_thing_once_of_a_single_object():
    memo: Memo[list[object]] = Memo(8)
    owner, equal = [1], [1]
    assert memo.of(owner, list) is memo.of(owner, list)
    assert memo.of(owner, list) is not memo.of(equal, list)


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


def test_a_lazy_mapping_makes_a_thing_once_and_when_it_is_asked_for():
    made = []
    things = Lazy({name: lambda name=name: made.append(name) or name.upper() for name in "ab"})
    assert ("a" in things, "c" in things, list(things), len(things), made) == (True, False, ["a", "b"], 2, [])
    assert (things["b"], things["b"], made) == ("B", "B", ["b"])
    assert things == {"a": "A", "b": "B"}
    with pytest.raises(KeyError):
        things["c"]
