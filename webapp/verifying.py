"""Making a contract again from its manifest, and saying where a file differs from that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy.orm import Session

from clausebank.assembly.assemble import assemble
from clausebank.bank.model import Vocabulary
from clausebank.document import Document
from clausebank.embedded import format_of, read_manifest, text_lines, word_parts
from clausebank.errors import UnknownName
from clausebank.manifest import Manifest
from clausebank.storage.errors import MissingFile
from clausebank.storage.files import read_file
from clausebank.storage.keys import attached_key
from clausebank.storage.pinned import find_pinned
from clausebank.templates import Template
from clausebank.uploads import Limits, Upload, read_upload
from clausebank.wording.values import Answers
from schemas.answers import make_schema
from webapp.drafting import render_files
from webapp.workspace import Workspace

MAX_MEGABYTES, MAX_PAGES = 1000, 10000
"""Files kept here were within the limits when they came in, whatever these are now."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of lines that differs: line number in the file, ours and theirs."""

    line: int
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison found; ``parts`` are the parts of a Word file that differ."""

    manifest: Manifest
    document: Document
    format: str
    identical: bool
    same_shell: bool
    parts: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def verify(data: bytes, workspace: Workspace) -> Verdict:
    """Rebuild a Word or PDF file from its manifest and compare the bytes, then the text.

    A Word file is compared part by part: how its parts are deflated may differ between installations.
    """
    form = format_of(data)
    manifest = read_manifest(data)
    with workspace.database.reading() as session:
        document, template = rebuild(manifest, session)
    shell = workspace.shells.made_with(manifest.shell_name or template.shell, manifest.shell)
    filed = find_filed(manifest, workspace)
    ours = render_files(document, manifest, shell.path, {form}, filed)[form]
    same_shell = manifest.shell == shell.sha256
    if ours == data or (form == "docx" and _same_parts(ours, data)):
        return Verdict(manifest, document, form, identical=True, same_shell=same_shell)
    return Verdict(
        manifest,
        document,
        form,
        identical=False,
        same_shell=same_shell,
        parts=tuple(_changed_parts(ours, data)) if form == "docx" else (),
        differences=tuple(_differences(text_lines(ours), text_lines(data))),
    )


def rebuild(manifest: Manifest, session: Session) -> tuple[Document, Template]:
    """Assemble the document a manifest describes; UnknownName when a text of it is nowhere."""
    pinned = find_pinned(session, manifest)
    answers = typed_answers(manifest.answers, pinned.bank.vocabulary)
    filed = {file.id for file in manifest.filed}
    return assemble(pinned.template, answers, pinned.bank, pinned.stances, filed=filed), pinned.template


def find_filed(manifest: Manifest, workspace: Workspace) -> dict[str, Upload]:
    """Return the files attached to a contract; UnknownName when one is not kept here."""
    found = {}
    for file in manifest.filed:
        try:
            data = read_file(workspace.files, attached_key(file.sha256), file.sha256)
        except (MissingFile, ValueError) as error:
            raise UnknownName("attached file", file.sha256[:12]) from error
        found[file.id] = read_upload(data, Limits(megabytes=MAX_MEGABYTES, pages=MAX_PAGES))
    return found


def typed_answers(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Answers:
    """Return answers accepted once as typed values; what was left out stays out."""
    unknown = [name for name in raw if name not in vocabulary.blanks]
    if unknown:
        raise UnknownName("blank", unknown[0])
    blanks = [vocabulary.blanks[name] for name in raw]
    answers: Answers = make_schema(blanks, vocabulary, {}, lambda _: ()).load(raw)
    return answers


def _same_parts(ours: bytes, theirs: bytes) -> bool:
    """Tell whether two Word files hold the same parts, byte for byte and in the same order."""
    return list(word_parts(ours).items()) == list(word_parts(theirs).items())


def _changed_parts(ours: bytes, theirs: bytes) -> Iterator[str]:
    before, after = word_parts(ours), word_parts(theirs)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name


def _differences(ours: list[str], theirs: list[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield Difference(j1 + 1, tuple(ours[i1:i2]), tuple(theirs[j1:j2]))
