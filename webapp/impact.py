"""A dry run: what a stored contract would say if one of its texts were replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from clausebank.assembly.assemble import assemble
from clausebank.assembly.derive import derive
from clausebank.assembly.select import Stances, blanks_needed
from clausebank.bank.load import make_variant
from clausebank.bank.model import Bank
from clausebank.bank.vocabulary_files import make_vocabulary
from clausebank.compare import Comparison, compare
from clausebank.compare.comparison import QUIET, Change, Mark, Status
from clausebank.document import Document, Stance
from clausebank.errors import BankError
from clausebank.manifest import Manifest
from clausebank.storage.bank import load_stored_bank
from clausebank.storage.errors import Refusal
from clausebank.storage.models import ClauseVersion, Contract, TemplateVersion, VocabularyVersion
from clausebank.storage.pinned import Pinned, find_pinned
from clausebank.storage.versions import Version, find_version, name_of
from clausebank.templates import Template, parse_template
from webapp.reviewing import GONE, NEW, SAME, Line, Piece
from webapp.verifying import typed_answers


@dataclass(frozen=True)
class Becoming:
    """A contract as it is and as it would be; ``missing`` are the blanks it has no answers for."""

    contract: UUID
    before: Document
    after: Document
    missing: tuple[str, ...]

    @cached_property
    def comparison(self) -> Comparison:
        """What would differ."""
        return compare(self.before, self.after)

    def changed(self) -> list[Line]:
        """Return the lines that would differ."""
        return [_line(change) for change in self.comparison.changes if change.status not in QUIET]


_KINDS = {Status.INSERTED: NEW, Status.MOVED_TO: NEW, Status.DELETED: GONE, Status.MOVED_FROM: GONE}
_MARKS = {Mark.DELETED: GONE, Mark.INSERTED: NEW}


def _line(change: Change) -> Line:
    """Return a changed line of a contract; cells of a table stand one after another."""
    cells = [segment for row in change.rows for cell in row.cells for segment in cell]
    kind = _KINDS.get(change.status, "changed")
    if kind != "changed":
        return Line(kind, (Piece(kind, change.line.text),))
    segments = change.segments or cells
    return Line(kind, tuple(Piece(_MARKS.get(s.mark, SAME), s.new or s.old) for s in segments))


def would_become(session: Session, contract: Contract, version: Version) -> Becoming:
    """Assemble a contract from its own answers and texts, one of them replaced; nothing is stored."""
    manifest = Manifest.from_data(contract.manifest)
    pinned = find_pinned(session, manifest)
    changed = _with_version(session, pinned, version)
    blanks = changed.bank.vocabulary.blanks
    kept = {name: value for name, value in contract.answers.items() if name in blanks}
    answers = typed_answers(manifest.answers, pinned.bank.vocabulary)
    known = derive({**answers, **typed_answers(kept, changed.bank.vocabulary)})
    left_out = Stances(without=Stances.from_data(contract.stances).without)
    needed = blanks_needed(changed.template, changed.bank, left_out, known)
    missing = (n for n in needed if n not in known and not blanks[n].optional and not blanks[n].derived)
    return Becoming(
        contract.id,
        assemble(pinned.template, answers, pinned.bank, pinned.stances),
        assemble(changed.template, known, changed.bank, left_out),
        tuple(sorted(missing)),
    )


def _with_version(session: Session, pinned: Pinned, version: Version) -> Pinned:
    """Return what a contract is made of with one thing replaced, under the vocabulary of today."""
    bank, template = pinned.bank, pinned.template
    match version:
        case ClauseVersion():
            if version.clause_id not in bank.clauses:
                zh, en = "合同没有这个条款", "the contract does not hold this clause"
                raise Refusal(name_of(version), zh, en)
            variant = make_variant(Stance(version.stance), version.text, version.number)
            clause = replace(bank.clauses[version.clause_id], variants=dict.fromkeys(Stance, variant))
            bank = replace(bank, clauses={**bank.clauses, clause.id: clause})
        case TemplateVersion():
            parsed, problems = parse_template(version.source, version.kind)
            if parsed is None:
                raise BankError(problems)
            template, bank = parsed, _with_new_clauses(session, bank, parsed)
    content = version.content if isinstance(version, VocabularyVersion) else _vocabulary(session)
    return Pinned(template, replace(bank, vocabulary=make_vocabulary(content)))


def _with_new_clauses(session: Session, bank: Bank, template: Template) -> Bank:
    """Add the clauses in force that a template takes and the contract does not hold."""
    present = load_stored_bank(session).clauses
    new = {id_: present[id_] for id_ in template.clause_ids() if id_ not in bank.clauses and id_ in present}
    return replace(bank, clauses={**bank.clauses, **new})


def _vocabulary(session: Session) -> Mapping[str, Any]:
    return cast("VocabularyVersion", find_version(session, "vocabulary")).content
