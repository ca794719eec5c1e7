"""The main job: answers in, a stored contract out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances
from clausebank.bank.model import Bank
from clausebank.document import Document, plain
from clausebank.findings import Finding, errors
from clausebank.lint import lint
from clausebank.manifest import Manifest, disclosed, manifest_of
from clausebank.storage.contracts import Outcome, keep_contract
from clausebank.storage.models import Contract
from clausebank.templates import Template
from schemas import answers_schema
from webapp.workspace import Workspace, shell_path

FORMATS = ("docx", "pdf", "html", "txt", "json")
USUAL = ("docx", "pdf")


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract drafted but not stored yet; ``answers`` are as the schema dumps them."""

    document: Document
    findings: tuple[Finding, ...]
    answers: Mapping[str, Any]
    stances: Stances
    manifest: Manifest
    files: Mapping[str, bytes]


def draft_contract(
    template: Template,
    raw: Mapping[str, Any],
    bank: Bank,
    stances: Stances | None = None,
    formats: Collection[str] = USUAL,
) -> Draft:
    """Validate, assemble, lint and render; ValidationError with every problem of the answers."""
    chosen = stances or Stances()
    schema = answers_schema(template, bank, chosen)
    answers = schema.load(raw)
    document = assemble(template, answers, bank, chosen)
    findings = tuple(lint(document))
    dumped = schema.dump(answers)
    shown = disclosed(template, bank, chosen, answers)
    manifest = manifest_of(
        document,
        template,
        bank,
        {name: value for name, value in dumped.items() if name in shown},
        draft=bool(errors(findings)),
        shell=shell_digest(template.shell),
    )
    files = render_files(document, manifest, shell_path(template.shell), formats)
    return Draft(document, findings, dumped, chosen, manifest, files)


def store_contract(draft: Draft, workspace: Workspace, id_: UUID | None = None) -> Contract:
    """Keep the files and rows of a draft, all or none."""
    return keep_contract(workspace.database, workspace.files, outcome_of(draft), id_)


def outcome_of(draft: Draft) -> Outcome:
    """Return a draft as the store takes it."""
    return Outcome(
        title=draft.document.title,
        number=plain(draft.document.cover.number.value),
        answers=draft.answers,
        stances={"default": draft.stances.default, "by_topic": dict(draft.stances.by_topic)},
        manifest=draft.manifest,
        files=draft.files,
    )
    return keep_contract(workspace.database, workspace.files, outcome, id_)


def render_files(
    document: Document, manifest: Manifest, shell: Path, formats: Collection[str]
) -> dict[str, bytes]:
    """Render a document in each format; the contents of the Word file show the PDF's page numbers."""
    files: dict[str, bytes] = {}
    if {"docx", "pdf"} & set(formats):
        from clausebank.render.docx import render_docx
        from clausebank.render.pdf import layout_pdf

        how: dict[str, Any] = {"draft": manifest.draft, "emphasis": manifest.emphasis}
        pdf = layout_pdf(document, manifest=manifest.to_json(), **how)
        files["pdf"] = pdf.data
        if "docx" in formats:
            files["docx"] = render_docx(document, shell, manifest=manifest.to_json(), pages=pdf.pages, **how)
    if "html" in formats:
        from clausebank.render.html import render_html_page

        files["html"] = render_html_page(document, draft=manifest.draft).encode()
    if "txt" in formats:
        from clausebank.render.text import render_text

        files["txt"] = render_text(document).encode()
    if "json" in formats:
        from clausebank.render.json import render_json

        files["json"] = render_json(document).encode()
    return {form: files[form] for form in FORMATS if form in formats}


def shell_digest(name: str) -> str:
    """Return the digest of a Word shell as it is now."""
    return hashlib.sha256(shell_path(name).read_bytes()).hexdigest()
