"""Our own way from raw answers to a Word file, as a whole and stage by stage."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from time import perf_counter
from typing import Any, TypeVar

from clausebank import Stances, assemble, lint, render_docx, render_pdf
from clausebank.document import Document
from clausebank.findings import errors
from clausebank.manifest import disclosed, manifest_of
from clausebank.render._docx.package import Member, package
from clausebank.render._docx.shell import load_shell
from schemas import answers_schema
from tests.bench.contract import Case
from webapp.shells import shipped_shell
from webapp.workspace import shell_path

T = TypeVar("T")


@dataclass(frozen=True)
class Drafted:
    """A contract ready to render."""

    document: Document
    manifest: bytes
    draft: bool


class Clock:
    """Collects the seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable[..., T], *given: Any) -> T:
        """Do a piece of work and note how long it took."""
        start = perf_counter()
        result = work(*given)
        self.stages[stage] = perf_counter() - start
        return result


def drafted(case: Case, raw: Mapping[str, Any], clock: Clock) -> Drafted:
    """Validate, assemble, lint and describe one contract, as the main job does."""
    template, bank, stances = case.template, case.bank, Stances()
    schema = clock("schema", answers_schema, template, bank, stances)
    answers = clock("load", schema.load, raw)
    document = clock("assemble", assemble, template, answers, bank, stances)
    draft = bool(errors(clock("lint", lint, document)))

    def described() -> bytes:
        shown = disclosed(template, bank, stances, answers)
        told = {name: value for name, value in schema.dump(answers).items() if name in shown}
        shell = shipped_shell(template.shell).sha256
        return manifest_of(document, template, bank, told, draft=draft, shell=shell).to_json()

    return Drafted(document, clock("manifest", described), draft)


def to_word(case: Case, raw: Mapping[str, Any], clock: Clock, pages: Mapping[str, int]) -> bytes:
    """Make the Word file of one contract from its raw answers."""
    ready = drafted(case, raw, clock)
    shell = shell_path(case.template.shell)

    def render() -> bytes:
        return render_docx(ready.document, shell, manifest=ready.manifest, draft=ready.draft, pages=pages)

    return clock("render", render)


def to_pdf(ready: Drafted) -> bytes:
    """Make the archival, tagged PDF of one contract."""
    return render_pdf(ready.document, manifest=ready.manifest, draft=ready.draft)


def floor(data: bytes, shell: str, deflate: Callable[[str, bytes], Member]) -> Callable[[], bytes]:
    """Return the least work for the parts of a Word file: deflate what is new, copy what is fixed."""
    fixed = load_shell(shell_path(shell)).fixed
    kept = {part.name.decode() for part in fixed}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        made = [(name, archive.read(name)) for name in archive.namelist() if name not in kept]

    def render() -> bytes:
        return package([*(deflate(name, content) for name, content in made), *fixed])

    return render
