"""Contracts made: the list, the page of one, and its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, send_file
from sqlalchemy.orm import selectinload

from clausebank.balance import balance
from clausebank.bank.model import Bilingual
from clausebank.document import Document, Role, Stance
from clausebank.lint import lint
from clausebank.manifest import Manifest
from clausebank.people import Action
from clausebank.render.html import render_html
from clausebank.storage.approvals import requests_of
from clausebank.storage.audit import events
from clausebank.storage.files import download_name
from clausebank.storage.models import Contract, ContractFile
from clausebank.storage.people import names_of_people
from clausebank.storage.register import every_contract, neighbours
from clausebank.storage.visible import select_contracts
from webapp.access import needs
from webapp.current import workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.register import ask_register, row_of
from webapp.registerfile import TITLE, write_register
from webapp.renewals.making import REDLINE
from webapp.times import shown_time
from webapp.verifying import rebuild
from webapp.view import Found, level_names, shown_size, stance_name, worst_levels

bp = Blueprint("contracts", __name__, url_prefix="/contracts")
MAIN = ("docx", "pdf")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "txt": "text/plain",
    "json": "application/json",
    REDLINE: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to download; the main ones are Word and PDF."""

    format: str
    name: str
    size: str
    main: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a contract: when, by whom, what."""

    at: str
    who: str
    what: str


@bp.get("/")
@needs(Action.READ)
def index() -> str:
    """Show the register: what is searched and filtered, a page of it."""
    opened = workspace()
    with opened.database.reading() as session:
        register = ask_register(session, request.args, opened.templates, chosen_language())
    return render_template("contracts.html", register=register)


@bp.get("/export.xlsx")
@needs(Action.READ)
def export() -> Response:
    """Send what the register is asked for as a spreadsheet, whole."""
    opened = workspace()
    file = TemporaryFile()  # noqa: SIM115 (closed with the response)
    with opened.database.reading() as session:
        ask = ask_register(session, request.args, opened.templates, chosen_language()).ask
        write_register(every_contract(session, ask.wanted, ask.sorting), file, chosen_language())
    file.seek(0)
    name = f"{TITLE[chosen_language()]} {date.today().isoformat()}.xlsx"  # noqa: DTZ011 (local, as shown)
    response = send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<uuid:contract_id>")
@needs(Action.READ)
def show(contract_id: UUID) -> str:
    """Show the facts of a contract, its files, its findings and what it is made of."""
    contract = find_contract(contract_id)
    manifest = Manifest.from_json(json.dumps(contract.manifest).encode())
    with workspace().database.reading() as session:
        document, template = rebuild(manifest, session)
        asked = requests_of(session, contract_id)
        predecessor, successors = neighbours(session, contract)
        history, names = events(session, f"contract/{contract_id}"), names_of_people(session)
    findings = lint(document)
    return render_template(
        "contract.html",
        contract=contract,
        requests=asked,
        moment=shown_time,
        manifest=manifest,
        template=template,
        files=list(_files(contract.files)),
        parties=_parties(document, contract.answers),
        stances=list(_stances(contract.stances)),
        stance_names={stance: stance_name(stance, document) for stance in Stance},
        row=row_of(contract, date.today()),  # noqa: DTZ011 (days are those of the machine)
        predecessor=predecessor,
        successors=successors,
        history=[Step(shown_time(e.at), names.get(e.actor, e.actor), _step_name(e.action)) for e in history],
        findings=[Found(finding, finding.place or "paper") for finding in findings],
        levels=level_names(),
        balance=balance(document, template, workspace().bank),
        paper=render_html(
            document, draft=manifest.draft, language=chosen_language(), marks=worst_levels(findings)
        ),
    )


@bp.get("/<uuid:contract_id>/files/<format_>")
@needs(Action.READ)
def download(contract_id: UUID, format_: str) -> Response:
    """Send a file of a contract, to be saved and not shown."""
    contract = find_contract(contract_id)
    file = next((file for file in contract.files if file.format == format_), None)
    if file is None or format_ not in TYPES:
        abort(404)
    stream = workspace().files.open(file.path, file.sha256)
    name = download_name(contract.number, contract.title, format_)
    response = send_file(stream, mimetype=TYPES[format_], as_attachment=True, download_name=name)
    response.content_length = file.size
    response.headers["Cache-Control"] = "private, no-store"
    return response


def find_contract(contract_id: UUID) -> Contract:
    """Return a stored contract with its files; one that is not there is a page that does not exist."""
    whole = [selectinload(Contract.files), selectinload(Contract.template)]
    with workspace().database.reading() as session:
        query = select_contracts().where(Contract.id == contract_id).options(*whole)
        contract: Contract | None = session.scalar(query)
    return contract if contract is not None else abort(404)


def _step_name(action: str) -> str:
    """Return what an event of the audit trail means in words; its own name where there are none."""
    return {"make": _("made"), "delete": _("deleted")}.get(action, action)


def _parties(document: Document, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the label and name of each party, in label order."""
    return [
        (label, answers[role]["name"])
        for role, label in document.labels.items()
        if role in answers and role is not Role.THIRD_PARTY
    ]


def _stances(stances: dict[str, Any]) -> Iterator[tuple[Bilingual | None, Stance]]:
    """Yield the stance of the whole, then those of single topics with their names."""
    topics = workspace().bank.vocabulary.topics
    yield None, Stance(stances["default"])
    yield from (
        (topics.get(topic, Bilingual(topic, topic)), Stance(s)) for topic, s in stances["by_topic"].items()
    )


def _files(files: list[ContractFile]) -> Iterator[FileRow]:
    names = {
        "docx": "Word", "pdf": "PDF", REDLINE: _("Redline"), "html": "HTML", "txt": _("Text"), "json": "JSON",
    }  # fmt: skip
    held = {file.format: file for file in files}
    for form, name in names.items():
        if form in held:
            yield FileRow(form, name, shown_size(held[form].size), form in MAIN)
