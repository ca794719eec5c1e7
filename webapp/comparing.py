"""What can be compared by name: stored contracts, our files, clause texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.assembly.assemble import assemble
from clausebank.assembly.derive import derive
from clausebank.assembly.select import Stances
from clausebank.bank.load import make_variant
from clausebank.bank.model import Variant
from clausebank.compare.clauses import clause_document
from clausebank.document import Document, Stance
from clausebank.embedded import read_manifest
from clausebank.errors import ClauseBankError, UnknownName
from clausebank.manifest import Manifest
from clausebank.storage.contracts import find_contracts
from clausebank.storage.models import ClauseVersion, Contract
from webapp.answers_file import read_data
from webapp.verifying import rebuild, typed_answers
from webapp.workspace import Workspace, shell_path

NEWEST = "@newest"
MAX_FILE = 50 * 1024 * 1024
_CLAUSE = re.compile(r"(?P<id>[a-z0-9.-]+)@(?P<stance>client|neutral|provider)(?::(?P<number>[1-9]\d{0,8}))?")
_CLAUSE_SHELL = "standard"


@dataclass(frozen=True, slots=True)
class Source:
    """A text to compare: when it was made, and the Word shell and emphasis its redline takes."""

    name: str
    document: Document
    made: datetime
    shell: Path
    emphasis: bool = True


def find_sources(place: Workspace, *names: str) -> list[Source]:
    """Return a source for each name; an ExceptionGroup when several cannot be had."""
    found: list[Source] = []
    refused: list[ClauseBankError] = []
    for name in names:
        try:
            found.append(find_source(place, name))
        except ClauseBankError as error:
            refused.append(error)
    if len(refused) > 1:
        raise ExceptionGroup("nothing to compare", refused)
    if refused:
        raise refused[0]
    return found


def find_source(place: Workspace, named: str, *, files: bool = True) -> Source:
    """Return a file of ours, ``clause@stance[:version]``, or the stored contract with this id or number.

    A contract with ``@newest`` behind it is what its answers make of the texts in force.
    UnknownName when there is none, UnreadableFile for a file that carries no manifest.
    """
    with place.database.reading() as session:
        if files and Path(named).is_file():
            made = datetime.fromtimestamp(int(Path(named).stat().st_mtime), UTC)
            return _rebuilt(named, read_manifest(read_data(named, MAX_FILE)), made, session)
        if clause := _CLAUSE.fullmatch(named):
            return _clause_text(place, clause, session)
        if named.endswith(NEWEST):
            return _on_newest(place, _contract(session, named.removesuffix(NEWEST)), named)
        contract = _contract(session, named)
        return _rebuilt(named, Manifest.from_data(contract.manifest), contract.created_at, session)


def _contract(session: Session, named: str) -> Contract:
    found = find_contracts(session, named)
    if not found:
        raise UnknownName("contract", named)
    return found[0]


def _on_newest(place: Workspace, contract: Contract, name: str) -> Source:
    """Return what the answers of a contract make of the texts in force; what they lack stays open."""
    template, blanks = place.template(contract.kind), place.bank.vocabulary.blanks
    kept = {blank: value for blank, value in contract.answers.items() if blank in blanks}
    answers = derive(typed_answers(kept, place.bank.vocabulary))
    manifest = Manifest.from_data(contract.manifest)
    filed = {file.id for file in manifest.filed}
    stances = replace(Stances.from_data(contract.stances), versions={})
    document = assemble(template, answers, place.bank, stances, filed=filed)
    return Source(name, document, datetime.now(UTC), shell_path(template.shell), manifest.emphasis)


def _rebuilt(name: str, manifest: Manifest, made: datetime, session: Session) -> Source:
    document, template = rebuild(manifest, session)
    return Source(name, document, made, shell_path(template.shell), manifest.emphasis)


def _clause_text(place: Workspace, named: re.Match[str], session: Session) -> Source:
    """Return a version of a variant, the one in use where no number is given."""
    clause = place.bank.clauses.get(named["id"])
    stance = Stance(named["stance"])
    if clause is None or (named["number"] is None and stance not in clause.variants):
        raise UnknownName("clause", named[0])
    number = int(named["number"] or clause.variants[stance].version)
    variant, made = _version(named[0], clause.id, stance, number, session)
    return Source(named[0], clause_document(clause, variant, place.bank), made, shell_path(_CLAUSE_SHELL))


def _version(
    name: str, clause_id: str, stance: Stance, number: int, session: Session
) -> tuple[Variant, datetime]:
    version = ClauseVersion
    query = select(version.text, version.created_at).where(
        version.clause_id == clause_id, version.stance == stance.value, version.number == number
    )
    row = session.execute(query).first()
    if row is None:
        raise UnknownName("clause", name)
    return make_variant(stance, row.text, number), row.created_at
