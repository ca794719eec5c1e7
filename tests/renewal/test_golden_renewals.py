"""Golden renewals: a policy on a golden contract, and everything that must differ afterwards.

``pytest tests/renewal --rewrite-golden`` writes the differences anew; they are what to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from clausebank import Stances, assemble, lint
from clausebank.compare import compare
from clausebank.compare.comparison import QUIET
from clausebank.compare.text import change_text
from clausebank.document import Document
from clausebank.findings import Finding
from clausebank.renewal.answers import changed_answers
from clausebank.renewal.renew import Chain, renewed
from clausebank.renewal.texts import Source, followed_figures, new_stances, texts_of
from schemas import answers_schema
from tests.renewal.policies import TODAY, neutral_answers, policy

FOLDER = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in FOLDER.glob("*.yml"))


@pytest.mark.parametrize("kind", CASES)
def test_the_policy_changes_what_the_golden_file_says(kind, shipped_bank, shipped_templates, request):
    source = Source(shipped_templates[kind], shipped_bank)
    given = policy(shipped_bank, **yaml.safe_load((FOLDER / f"{kind}.yml").read_text("utf-8")))
    old = neutral_answers(source.template, shipped_bank)
    result = renewed(
        old, shipped_bank.vocabulary.blanks, given, Chain("CRM-2026-0001", "CRM-2026-0001"), TODAY
    )
    stances = new_stances(Stances(), given)
    used = texts_of(source, source, given, Stances(), stances, result.answers)
    schema = answers_schema(used.template, used.bank, stances)
    raw = followed_figures(schema.dump(result.answers), old, (source, Stances()), (used, stances))
    before = assemble(source.template, old, shipped_bank)
    after = assemble(used.template, schema.load(raw), used.bank, stances)

    text = "\n".join(_lines(before, after, shipped_bank.vocabulary, result.findings)) + "\n"
    golden = FOLDER / f"{kind}.txt"
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert [finding for finding in lint(after) if finding.rule != "FIL-01"] == []


def _lines(before: Document, after: Document, vocabulary, findings: tuple[Finding, ...]) -> Iterator[str]:
    for change in changed_answers(before.answers, after.answers, vocabulary):
        yield f"{change.path}（{change.label.zh}）: {change.old} → {change.new}"
    for finding in findings:
        yield f"{finding.blank}: {finding.level}: {finding.zh} [{finding.rule}]"
    for change in compare(before, after).changes:
        if change.status not in QUIET:
            yield change_text(change)


def test_the_two_kinds_that_renew_by_the_year_are_among_them():
    assert set(CASES) >= {"support-annual", "support-retention"}
