"""Checking drafts before they are approved: each against the bank as it would then be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy.orm import Session

from clausebank.bank.load import make_variant
from clausebank.bank.model import Bank
from clausebank.bank.reader import parse
from clausebank.bank.vocabulary_files import make_vocabulary, vocabulary_problems
from clausebank.checks import check_bank, check_template
from clausebank.document import Stance
from clausebank.findings import Finding, Level
from clausebank.storage.bank import load_stored_bank, load_stored_templates, make_clause
from clausebank.storage.models import ClauseVersion, ShellVersion, TemplateVersion, VocabularyVersion
from clausebank.storage.versions import Version, name_of
from clausebank.templates import Template, parse_template


@dataclass(frozen=True, slots=True)
class State:
    """A bank and its templates, as they are or as they would be."""

    bank: Bank
    templates: Mapping[str, Template]


def present_state(session: Session) -> State:
    """Return the bank and the templates in force."""
    return State(load_stored_bank(session), load_stored_templates(session))


def draft_findings(session: Session, rows: Sequence[Version]) -> list[Finding]:
    """Return what approving these versions together would make wrong; nothing that is wrong already."""
    broken = list(chain.from_iterable(map(own_problems, rows)))
    if broken:
        return broken
    before = present_state(session)
    after = state_with(before, rows)
    known = set(_findings(before))
    missing = chain.from_iterable(_missing_neutral(row, after.bank) for row in rows)
    return [*missing, *(finding for finding in _findings(after) if finding not in known)]


def own_problems(row: Version) -> list[Finding]:
    """Return what is wrong with the text of a version, looked at alone."""
    name = name_of(row)
    match row:
        case ClauseVersion():
            tree, problems = parse(row.text, name)
            empty = [] if tree.blocks or problems else [_problem(name, "没有文字", "there is no text")]
            return [*problems, *empty]
        case TemplateVersion():
            template, found = parse_template(row.source, name)
            if template is not None and template.kind != row.kind:
                found = [*found, _problem(name, f"kind 应为 {row.kind}", f"kind must be {row.kind}")]
            return found
        case ShellVersion():
            return []
    return _vocabulary_problems(row)


def state_with(state: State, rows: Sequence[Version]) -> State:
    """Return the state in which these versions are in force."""
    bank, templates = state.bank, dict(state.templates)
    for row in rows:
        match row:
            case ClauseVersion():
                bank = _with_clause(bank, row)
            case TemplateVersion():
                template, _ = parse_template(row.source, row.kind)
                if template is not None:
                    templates[row.kind] = template
            case VocabularyVersion():
                bank = replace(bank, vocabulary=make_vocabulary(row.content))
    return State(bank, templates)


def _with_clause(bank: Bank, row: ClauseVersion) -> Bank:
    """Return the bank with one text; a clause that has no neutral text yet stays out."""
    stance = Stance(row.stance)
    held = bank.clauses.get(row.clause_id)
    variant = make_variant(stance, row.text, row.number)
    variants = {**(held.variants if held else {}), stance: variant}
    if Stance.NEUTRAL not in variants:
        return bank
    clause = make_clause(row.clause_id, row.head or row.clause.head, variants)
    return replace(bank, clauses={**bank.clauses, row.clause_id: clause})


def _missing_neutral(row: Version, bank: Bank) -> Iterator[Finding]:
    if isinstance(row, ClauseVersion) and row.clause_id not in bank.clauses:
        zh, en = "须先有批准的中立文本", "a neutral text is needed first, or together with it"
        yield _problem(name_of(row), zh, en)


def _findings(state: State) -> list[Finding]:
    """Return every problem of a state, each naming its clause where it has one."""
    found = check_bank(state.bank)
    for template in state.templates.values():
        found += check_template(template, state.bank)
    return [replace(finding, place=_place(finding)) for finding in found]


def _place(finding: Finding) -> str:
    return f"{finding.clause}{finding.place}" if finding.place.startswith(":") else finding.place


def _vocabulary_problems(row: VocabularyVersion) -> list[Finding]:
    try:
        found = list(vocabulary_problems(row.content))
        if not found:
            make_vocabulary(row.content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return [_problem(name_of(row), f"无法读取：{error}", f"cannot be read: {error}")]
    return found


def _problem(place: str, zh: str, en: str) -> Finding:
    return Finding("bank", Level.ERROR, zh, en, place=place)
