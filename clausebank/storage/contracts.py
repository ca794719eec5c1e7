"""Contracts in the store: their rows and their files, kept together or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.facts import facts_of
from clausebank.manifest import Manifest
from clausebank.people import Action, Person
from clausebank.storage.audit import record
from clausebank.storage.compositions import composition_of
from clausebank.storage.database import SOMEBODY, Database
from clausebank.storage.errors import Refusal
from clausebank.storage.files import FileStore, keep_file
from clausebank.storage.models import (
    Approval,
    ClauseVersion,
    Contract,
    ContractFile,
    TemplateVersion,
    VocabularyVersion,
)
from clausebank.storage.people import user_id_of
from clausebank.storage.people_models import DEFAULT_TEAM
from clausebank.storage.search import index_contract
from clausebank.storage.visible import select_contracts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the main job made: facts for the row, and the files by format.

    ``predecessor_id`` is the contract this one renews. ``approval`` tells whether one is needed, None
    that nobody looked: only who may deviate from the policy can keep such a contract.
    """

    title: str
    number: str
    answers: Mapping[str, Any]
    stances: Mapping[str, Any]
    manifest: Manifest
    files: Mapping[str, bytes]
    predecessor_id: UUID | None = None
    approval: Approval | None = None


def keep_contract(
    database: Database, store: FileStore, outcome: Outcome, id_: UUID | None = None, actor: str = ""
) -> Contract:
    """Keep the files and then the rows; when the rows fail, the files are left without owner.

    They are not removed: under the key of their content another contract may hold them.
    """
    keys = {form: keep_file(store, data, form) for form, data in outcome.files.items()}
    with database.writing() as session:
        return add_contract(session, id_ or uuid4(), outcome, keys, actor)


def add_contract(
    session: Session, id_: UUID, outcome: Outcome, keys: Mapping[str, str], actor: str = ""
) -> Contract:
    """Add the rows of a contract whose files are kept under these keys by format."""
    _need_checked(session, outcome)
    contract = _contract(session, id_, outcome)
    contract.team_id, contract.owner_id = owner_in(session)
    contract.files = [_file(form, keys[form], data) for form, data in outcome.files.items()]
    session.add(contract)
    session.flush()
    index_contract(session, contract)
    facts = {"kind": contract.kind, "number": contract.number, "state": contract.state}
    record(session, "make", f"contract/{id_}", facts, actor)
    return contract


def _need_checked(session: Session, outcome: Outcome) -> None:
    """Refuse a contract nobody compared with the policy, from somebody who is bound by it."""
    person: Person | None = session.info.get("person")
    if outcome.approval is None and person is not None and not person.may(Action.DEVIATE):
        zh, en = "您的角色不能这样生成合同", "your role cannot make contracts this way"
        raise Refusal("policy", zh, en)


def owner_in(session: Session) -> tuple[UUID | None, UUID | None]:
    """Return the team and the user that what is made in a session belongs to."""
    person: Person | None = session.info.get("person")
    made_by = person.id if person else user_id_of(session, session.info.get("actor", SOMEBODY))
    return session.info.get("team", DEFAULT_TEAM), made_by


def find_contracts(session: Session, named: str) -> list[Contract]:
    """Return the contract with this id, or every contract with this number, newest first."""
    try:
        rule = Contract.id == UUID(named)
    except ValueError:
        rule = Contract.number == named
    query = select_contracts().where(rule).order_by(Contract.created_at.desc(), Contract.id.desc())
    return list(session.scalars(query))


def _contract(session: Session, contract_id: UUID, outcome: Outcome) -> Contract:
    manifest = outcome.manifest
    return Contract(
        id=contract_id,
        kind=manifest.kind,
        title=outcome.title,
        number=outcome.number,
        template_version_id=session.scalars(
            select(TemplateVersion.id)
            .where(TemplateVersion.kind == manifest.kind, TemplateVersion.sha256 == manifest.template)
            .where(TemplateVersion.decided_at.is_not(None))
            .order_by(TemplateVersion.number.desc())
        ).first(),
        vocabulary_version_id=session.scalars(
            select(VocabularyVersion.id)
            .where(VocabularyVersion.sha256 == manifest.vocabulary)
            .where(VocabularyVersion.decided_at.is_not(None))
            .order_by(VocabularyVersion.number.desc())
        ).first(),
        answers=dict(outcome.answers),
        stances=dict(outcome.stances),
        manifest=manifest.to_data(),
        state="draft" if manifest.draft else "final",
        approval=(outcome.approval or Approval.NONE).value,
        predecessor_id=outcome.predecessor_id,
        **asdict(facts_of(outcome.answers)),
        composition_id=composition_of(session, _version_ids(session, manifest)),
    )


def _version_ids(session: Session, manifest: Manifest) -> list[int]:
    """Return the ids of the clause versions a manifest names."""
    pins = {(pin.id, pin.version, pin.sha256) for pin in manifest.clauses}
    version = ClauseVersion
    query = select(version.id, version.clause_id, version.number, version.sha256).where(
        version.clause_id.in_({clause_id for clause_id, _, _ in pins})
    )
    found = {(clause_id, number, sha256): id_ for id_, clause_id, number, sha256 in session.execute(query)}
    return sorted(found[pin] for pin in pins)


def _file(form: str, key: str, data: bytes) -> ContractFile:
    return ContractFile(format=form, sha256=hashlib.sha256(data).hexdigest(), size=len(data), path=key)
