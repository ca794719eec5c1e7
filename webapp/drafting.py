"""The main job: answers in, a stored contract out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances
from clausebank.balance import balance
from clausebank.bank.model import Bank
from clausebank.document import Document, plain
from clausebank.errors import UnknownName
from clausebank.findings import Finding, errors
from clausebank.lint import lint
from clausebank.manifest import Filed as Filing
from clausebank.manifest import Manifest, disclosed, manifest_of
from clausebank.policy import Policy, breaches
from clausebank.storage.contracts import Outcome, keep_contract
from clausebank.storage.keys import attached_key
from clausebank.storage.models import Approval, Contract
from clausebank.templates import Template
from clausebank.uploads import RefusedFile, Upload
from schemas import answers_schema
from webapp.shells import STANDARD, Shell, shipped_shell
from webapp.workspace import Workspace

FORMATS = ("docx", "pdf", "html", "txt", "json")
USUAL = ("docx", "pdf")
LIBREOFFICE = "libreoffice"
Filed = Mapping[str, Upload]


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract drafted but not stored yet; ``answers`` are as the schema dumps them."""

    document: Document
    findings: tuple[Finding, ...]
    answers: Mapping[str, Any]
    stances: Stances
    manifest: Manifest
    files: Mapping[str, bytes]
    filed: Filed = field(default_factory=dict)
    approval: Approval | None = None


def draft_contract(
    template: Template,
    raw: Mapping[str, Any],
    bank: Bank,
    stances: Stances | None = None,
    formats: Collection[str] = USUAL,
    *,
    shell: Shell | None = None,
    filed: Filed | None = None,
    converter: str = "",
    policy: Policy | None = None,
) -> Draft:
    """Validate, assemble, lint and render; ValidationError with every problem of the answers.

    ``shell`` is the template's own unless given. ``filed`` are the files the parties attach, by the id
    of the attachment. ``converter`` is empty for our own layout of the PDF, or LIBREOFFICE. A contract
    that goes below the floor of ``policy`` stays a draft until it is approved.
    """
    shell, given = shell or shipped_shell(template.shell), filed or {}
    chosen = stances or Stances()
    schema = answers_schema(template, bank, chosen)
    answers = schema.load(raw)
    document = assemble(template, answers, bank, chosen, filed=given)
    check_filed(document, given, converter)
    findings = tuple(lint(document))
    approval = _approval(document, template, bank, policy)
    dumped = schema.dump(answers)
    shown = disclosed(template, bank, chosen, answers)
    manifest = manifest_of(
        document,
        template,
        bank,
        {name: value for name, value in dumped.items() if name in shown},
        draft=bool(errors(findings)) or approval is Approval.NEEDED,
        shell=shell.sha256,
        shell_name="" if shell.name == STANDARD else shell.name,
        converter=converter,
        filed=(Filing(name, upload.sha256) for name, upload in sorted(given.items())),
    )
    files = render_files(document, manifest, shell.path, formats, given)
    return Draft(document, findings, dumped, chosen, manifest, files, given, approval)


def _approval(document: Document, template: Template, bank: Bank, policy: Policy | None) -> Approval | None:
    """Return whether a contract needs approval; None when nobody asks."""
    if policy is None:
        return None
    below = breaches(balance(document, template, bank), document, bank, policy)
    return Approval.NEEDED if below else Approval.NONE


def check_filed(document: Document, filed: Filed, converter: str) -> None:
    """Refuse files that belong nowhere, and those our own layout would have to place."""
    held = {attachment.id: attachment for attachment in document.attachments}
    for name in filed:
        if name not in held:
            raise UnknownName("attachment", name)
        if held[name].articles:
            zh = f"{held[name].number}《{held[name].title}》由系统生成，不能附入文件"
            raise RefusedFile(zh, f"attachment {name} is generated: no file can be attached to it")
    if filed and converter:
        zh = "附入文件的合同只能用自带的排版引擎生成 PDF"
        raise RefusedFile(zh, "a contract with attached files needs the built-in PDF engine")


def store_contract(draft: Draft, workspace: Workspace, id_: UUID | None = None) -> Contract:
    """Keep the files of a draft, then its rows.

    Attached files are kept under their digest, which other contracts may share.
    """
    for upload in draft.filed.values():
        workspace.files.put(attached_key(upload.sha256), upload.data)
    return keep_contract(workspace.database, workspace.files, outcome_of(draft), id_)


def outcome_of(draft: Draft) -> Outcome:
    """Return a draft as the store takes it."""
    return Outcome(
        title=draft.document.title,
        number=plain(draft.document.cover.number.value),
        answers=draft.answers,
        stances=draft.stances.to_data(),
        manifest=draft.manifest,
        files=draft.files,
        approval=draft.approval,
    )


def render_files(
    document: Document,
    manifest: Manifest,
    shell: Path,
    formats: Collection[str],
    filed: Filed | None = None,
) -> dict[str, bytes]:
    """Render a document in each format; the contents of the Word file show the PDF's page numbers.

    Files the parties attach are in the PDF alone, so the Word file is numbered without them.
    """
    files: dict[str, bytes] = {}
    if {"docx", "pdf"} & set(formats):
        files |= _printed(document, manifest, shell, formats, filed or {})
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


def _printed(
    document: Document, manifest: Manifest, shell: Path, formats: Collection[str], filed: Filed
) -> dict[str, bytes]:
    from clausebank.render.docx import render_docx
    from clausebank.render.pdf import LOOKS, STANDARD, layout_pdf

    data = manifest.to_json()
    look = manifest.shell_name if manifest.shell_name in LOOKS else STANDARD
    how: dict[str, Any] = {"manifest": data, "draft": manifest.draft, "emphasis": manifest.emphasis}
    with ThreadPoolExecutor(1) as beside:
        laid_out = beside.submit(layout_pdf, document, look=look, **how)
        if "docx" in formats or manifest.converter:
            _prepare(shell)
        bare = laid_out.result()
    files = {"pdf": layout_pdf(document, look=look, filed=filed, **how).data if filed else bare.data}
    if "docx" in formats or manifest.converter:
        files["docx"] = render_docx(document, shell, pages=bare.pages, **how)
    if "pdf" in formats and manifest.converter:
        from clausebank.render.office import office_pdf

        files["pdf"] = office_pdf(files["docx"], manifest=data)
    return files


def _prepare(shell: Path) -> None:
    """Load what a Word file takes, while the pages are laid out; later contracts find it there."""
    import pikepdf  # noqa: F401 (reads the page numbers)

    from clausebank.render._docx.shell import load_shell

    load_shell(shell)
