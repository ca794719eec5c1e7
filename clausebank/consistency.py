"""Checks across the whole bank: one wording for one thing, statutes in force, notes that help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from clausebank.assembly.select import stances_differ
from clausebank.bank.model import Bank, Clause, Law, Term
from clausebank.bank.walk import clause_finding, lines
from clausebank.document import Text
from clausebank.findings import Finding, Level
from clausebank.templates import Template
from clausebank.wording.numbers import chinese_number

CITATION = re.compile(r"《([^《》]+)》(?:第([一二三四五六七八九十百千零]+|\d+)条)?")
STATUTE = re.compile(r"(?:法|条例|解释|规定|办法|典)(?:（[^（）]+）)?$")
FALLBACK = {
    "zh": re.compile("让步"),
    "en": re.compile(r"\b(?:fall(?:s|ing)? back|give way|trade)\b", re.IGNORECASE),
}
GAP = "〇"  # stands where an allowed word was, so that its neighbours do not form a new one


def check_consistency(bank: Bank, templates: Mapping[str, Template], day: date) -> list[Finding]:
    """Return what is said in two ways, cites a statute not in force on ``day``, or lacks a note."""
    from clausebank.duplicates import near_duplicates

    found = [*near_duplicates(bank), *terms(bank), *requirements(bank, templates), *notes(bank)]
    return sorted((*found, *statutes(bank, day)), key=lambda f: (f.place, f.rule))


# --- terms ---------------------------------------------------------------------------------------


def terms(bank: Bank) -> Iterator[Finding]:
    """Clauses use the words of terms.yml."""
    for clause, line, text in lines(bank):
        for term, word in misnamed(text, bank.vocabulary.terms):
            zh, en = f"“{word}”应写作“{term.name}”", f"write {term.name} for {word}"
            yield clause_finding("terms", clause, line, zh, en, text, Level.WARNING)


def requirements(bank: Bank, templates: Mapping[str, Template]) -> Iterator[Finding]:
    """What a template asks of an attachment uses the words of terms.yml."""
    for template in templates.values():
        for slot in template.attachments:
            text = "".join(mark.text for mark in slot.requirement if isinstance(mark, Text))
            for term, word in misnamed(text, bank.vocabulary.terms):
                zh, en = f"{slot.id}：“{word}”应写作“{term.name}”", f"{slot.id}: write {term.name} for {word}"
                place = f"{template.kind}/template.yml:1"
                yield Finding("terms", Level.WARNING, zh, en, place, snippet=text[:60])


def misnamed(text: str, known: tuple[Term, ...]) -> Iterator[tuple[Term, str]]:
    """Yield each term a text calls by another word, with that word."""
    for term in known:
        rest = text
        for word in (*sorted(term.allowed, key=len, reverse=True), term.name):
            rest = rest.replace(word, GAP)
        yield from ((term, word) for word in term.instead if word in rest)


# --- notes ---------------------------------------------------------------------------------------


def notes(bank: Bank) -> Iterator[Finding]:
    """Where the stances differ, a note tells the lawyer in which order to give way."""
    for clause in bank.clauses.values():
        if not stances_differ(clause):
            continue
        for language, pattern in FALLBACK.items():
            if clause.notes is None or not pattern.search(clause.notes[language]):
                zh, en = (
                    f"提示（{language}）没有写让步顺序",
                    f"the note ({language}) lacks the order of fallback",
                )
                yield clause_finding("notes", clause, 1, zh, en, level=Level.WARNING)


# --- statutes ------------------------------------------------------------------------------------


def statutes(bank: Bank, day: date) -> Iterator[Finding]:
    """Every statute cited, as basis or in a text, is known and in force on a day."""
    for clause in bank.clauses.values():
        for name in dict.fromkeys(name for name, _ in clause.basis):
            if law := bank.vocabulary.laws.get(name):
                yield from _force(clause, 1, law, day)
    known = {name: law for law in bank.vocabulary.laws.values() for name in (law.name, law.title)}
    for clause, line, text in lines(bank):
        for title, article in CITATION.findall(text):
            if law := known.get(title):
                yield from _force(clause, line, law, day, text)
                yield from _article(clause, line, law, article, text)
            elif STATUTE.search(title):
                zh, en = f"laws.yml 中没有《{title}》", f"unknown statute {title}"
                yield clause_finding("statutes", clause, line, zh, en, text)


def _force(clause: Clause, line: int, law: Law, day: date, text: str = "") -> Iterator[Finding]:
    if law.in_force(day):
        return
    if law.effective_from > day:
        zh, en = (
            f"《{law.title}》自{law.effective_from}起施行",
            f"{law.title} applies from {law.effective_from}",
        )
    else:
        instead = f"，请用{law.replaced_by}" if law.replaced_by else ""
        zh = f"《{law.title}》已失效：{law.effective_to}{instead}"
        en = f"{law.title} is repealed: {law.effective_to}"
    yield clause_finding("statutes", clause, line, zh, en, text)


def _article(clause: Clause, line: int, law: Law, article: str, text: str) -> Iterator[Finding]:
    number = int(article) if article.isdigit() else _articles().get(article, 0)
    if article and not 1 <= number <= law.last_article:
        zh, en = f"《{law.title}》没有第{article}条", f"{law.title} has no art. {article}"
        yield clause_finding("statutes", clause, line, zh, en, text)


@cache
def _articles() -> dict[str, int]:
    return {chinese_number(number): number for number in range(1, 2000)}
