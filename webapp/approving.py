"""Going beyond the policy: what is compared, and how an approval makes the files without the draft mark."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from clausebank.assembly.assemble import assemble
from clausebank.balance import Line, balance
from clausebank.bank.model import Clause
from clausebank.document import Document, Stance
from clausebank.errors import UnknownName
from clausebank.findings import errors
from clausebank.lint import lint
from clausebank.manifest import ENGINE, Manifest
from clausebank.people import Action
from clausebank.policy import Breach, Policy, breaches
from clausebank.storage.approval_models import ApprovalRequest
from clausebank.storage.approvals import find_request, need_open, present_policy, settle
from clausebank.storage.errors import Refusal
from clausebank.storage.files import keep_file
from clausebank.storage.models import Contract, ContractFile
from clausebank.storage.pinned import find_pinned
from clausebank.templates import Template
from webapp.drafting import render_files
from webapp.verifying import find_filed, rebuild, typed_answers
from webapp.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Examined:
    """A stored contract made again, beside the policy in force."""

    document: Document
    template: Template
    lines: tuple[Line, ...]
    policy: int
    breaches: tuple[Breach, ...]


def examine(place: Workspace, contract: Contract) -> Examined:
    """Make a stored contract again and compare it with the policy in force."""
    with place.database.reading() as session:
        document, template = rebuild(Manifest.from_data(contract.manifest), session)
        number, policy = present_policy(session)
    lines = balance(document, template, place.bank)
    return Examined(document, template, lines, number, breaches(lines, document, place.bank, policy))


def as_allowed(place: Workspace, contract: Contract, found: tuple[Breach, ...]) -> Document | None:
    """Return a stored contract as it would read with the wording allowed; None when no wording is beyond.

    A blank that only the wording allowed has stays open.
    """
    manifest = Manifest.from_data(contract.manifest)
    with place.database.reading() as session:
        pinned = find_pinned(session, manifest)
    bank, present = pinned.bank, place.bank
    allowed = {
        breach.clause: _with_text(bank.clauses[breach.clause], present.clauses[breach.clause], breach)
        for breach in found
        if breach.clause in bank.clauses and breach.clause in present.clauses
    }
    if not allowed:
        return None
    blanks = {**present.vocabulary.blanks, **bank.vocabulary.blanks}
    vocabulary = replace(bank.vocabulary, blanks=blanks)
    mixed = replace(bank, clauses={**bank.clauses, **allowed}, vocabulary=vocabulary)
    answers = typed_answers(manifest.answers, bank.vocabulary)
    filed = {file.id for file in manifest.filed}
    return assemble(pinned.template, answers, mixed, pinned.stances, filed=filed)


def _with_text(pinned: Clause, present: Clause, breach: Breach) -> Clause:
    """Return a clause of a pinned bank, where the one text is the neutral one, with the text allowed."""
    text = present.variant(Stance(breach.allowed))
    return replace(pinned, variants={Stance.NEUTRAL: replace(text, stance=Stance.NEUTRAL)})


def approve(place: Workspace, request_id: UUID, reviewer: str, comment: str) -> ApprovalRequest:
    """Approve a request: the files are made again without the draft mark, all or nothing.

    Those with the mark stay in the store without owner, like all files nobody holds any more.
    """
    with place.database.reading() as session:
        request = _known(session, request_id)
        need_open(request, reviewer)
        manifest = Manifest.from_data(request.contract.manifest)
        document, template = rebuild(manifest, session)
    if errors(lint(document)):
        zh, en = "合同还有错误，不能批准", "the contract still has errors and cannot be approved"
        raise Refusal("request", zh, en)
    shell = place.shells.made_with(manifest.shell_name or template.shell, manifest.shell)
    clean = replace(manifest, draft=False, engine=ENGINE, shell=shell.sha256)
    formats = [file.format for file in request.contract.files]
    made = render_files(document, clean, shell.path, formats, find_filed(manifest, place))
    rows = [_row(form, keep_file(place.files, data, form), data) for form, data in made.items()]
    with place.database.writing() as session:
        request = _known(session, request_id, locked=True)
        settle(session, request, reviewer, comment, approved=True)
        request.contract.manifest = clean.to_data()
        _replace_files(session, request.contract, rows)
    return request


def send_back(place: Workspace, request_id: UUID, reviewer: str, comment: str) -> ApprovalRequest:
    """Return a request to who asked, saying why; the contract stays a draft."""
    with place.database.writing() as session:
        request = _known(session, request_id, locked=True)
        settle(session, request, reviewer, comment, approved=False)
    return request


def _known(session: Session, request_id: UUID, *, locked: bool = False) -> ApprovalRequest:
    request = find_request(session, request_id, locked=locked)
    if request is None:
        raise UnknownName("request", str(request_id))
    return request


def _row(form: str, key: str, data: bytes) -> ContractFile:
    return ContractFile(format=form, sha256=hashlib.sha256(data).hexdigest(), size=len(data), path=key)


def _replace_files(session: Session, contract: Contract, rows: list[ContractFile]) -> None:
    contract.files.clear()
    session.flush()
    contract.files.extend(rows)


def policy_for(place: Workspace) -> Policy | None:
    """Return the policy that binds whoever is logged in, None for who may deviate."""
    person = place.database.person
    if person is None or person.may(Action.DEVIATE):
        return None
    with place.database.reading() as session:
        return present_policy(session)[1]
