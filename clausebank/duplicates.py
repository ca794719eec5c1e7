"""Sentences that two clauses share, or nearly so: one of them ought to refer to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from clausebank.bank.model import Bank, Clause
from clausebank.bank.walk import clause_finding, lines
from clausebank.findings import Finding, Level

ALIKE = 85  # per cent of characters two sentences have in common, in order
SHORTEST = 16
SENTENCE = re.compile(r"[^。；：]+[。；：]?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause, as ``plain`` shows it."""

    clause: Clause
    line: int
    text: str


def near_duplicates(bank: Bank) -> Iterator[Finding]:
    """Report sentences alike in two clauses without a reason, and reasons nothing needs any more."""
    reasons = {pair.clauses for pair in bank.vocabulary.alike}
    met = set()
    for one, other, score in alike(bank):
        pair = frozenset({one.clause.id, other.clause.id})
        if pair not in reasons and pair not in met:
            zh = f"与 {other.clause.id} 有 {score:.0f}% 相同的句子，应当合并、引用或者在 duplicates.yml 写明理由"
            en = f"a sentence is {score:.0f}% that of {other.clause.id}: merge, refer, or give a reason"
            yield clause_finding("duplicates", one.clause, one.line, zh, en, one.text, Level.WARNING)
        met.add(pair)
    for pair in sorted(reasons - met, key=sorted):
        names = " ".join(sorted(pair))
        zh, en = f"不再相近：{names}", f"no longer alike: {names}"
        yield Finding("duplicates", Level.WARNING, zh, en, "duplicates.yml:1")


def alike(bank: Bank) -> Iterator[tuple[Sentence, Sentence, float]]:
    """Yield each two sentences of different clauses that are nearly the same."""
    found = list(sentences(bank))
    words = [sentence.text for sentence in found]
    for index, sentence in enumerate(found):
        rest = words[index + 1 :]
        for _, score, at in process.extract(
            sentence.text, rest, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
        ):
            other = found[index + 1 + at]
            if other.clause.id != sentence.clause.id:
                yield sentence, other, score


def sentences(bank: Bank) -> Iterator[Sentence]:
    """Yield each sentence long enough to compare once a clause, rows of tables included."""
    seen: set[tuple[str, str]] = set()
    for clause, line, whole in lines(bank):
        for text in SENTENCE.findall(whole):
            if len(text) >= SHORTEST and (clause.id, text) not in seen:
                seen.add((clause.id, text))
                yield Sentence(clause, line, text)
