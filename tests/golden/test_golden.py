"""Golden contracts: fixed answers, and the whole text they must give, read by a lawyer's eye.

``pytest tests/golden --rewrite-golden`` writes the texts anew; the difference is what to read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from clausebank import Stances, assemble, lint, render_text
from clausebank.document import Stance
from schemas import answers_schema

FOLDER = Path(__file__).parent
CASES = sorted(path.relative_to(FOLDER).with_suffix("") for path in FOLDER.glob("*/*.yml"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answers_give_the_golden_text(case, shipped_bank, shipped_templates, request):
    template = shipped_templates[case.parent.name]
    stances = Stances(Stance(case.name.split("-")[0]))
    raw = yaml.safe_load((FOLDER / case).with_suffix(".yml").read_text("utf-8"))
    answers = answers_schema(template, shipped_bank, stances).load(raw)
    document = assemble(template, answers, shipped_bank, stances)
    golden = (FOLDER / case).with_suffix(".txt")
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(render_text(document), "utf-8")
    assert render_text(document) == golden.read_text("utf-8")
    assert [finding for finding in lint(document) if finding.rule != "FIL-01"] == []


def test_there_is_a_golden_contract_for_each_stance_of_the_first_kind():
    assert {case.name for case in CASES if case.parent.name == "crm-outsourcing"} >= set(Stance)


def test_every_kind_has_a_golden_contract_in_neutral_stance(shipped_templates):
    assert {case.parent.name for case in CASES if case.name == Stance.NEUTRAL} == set(shipped_templates)
