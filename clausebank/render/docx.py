"""The contract as a Word file: native numbering, live references, styles only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from clausebank.document import CoverLine, Document, plain
from clausebank.memo import Memo
from clausebank.render._docx.blocks import inline_runs
from clausebank.render._docx.body import body
from clausebank.render._docx.markup import encoded, run
from clausebank.render._docx.package import Member, package, quick_member
from clausebank.render._docx.properties import (
    CORE,
    MANIFEST,
    core_properties,
    manifest_description,
    manifest_part,
    with_manifest,
)
from clausebank.render._docx.rendering import Rendering, rendering_of
from clausebank.render._docx.shell import DOCUMENT, Shell, load_shell
from clausebank.render.text import title_lines


def render_docx(
    document: Document,
    shell: Path,
    *,
    manifest: bytes | None = None,
    draft: bool = False,
    emphasis: bool = True,
    pages: Mapping[str, int] | None = None,
) -> bytes:
    """Return the Word file of a contract, poured into a shell.

    ``pages`` are the page numbers the contents show, by anchor. Same arguments, same bytes.
    ValueError when the text holds characters that XML cannot.
    """
    prepared = load_shell(shell)
    rendering = rendering_of(document, emphasis=emphasis, width=prepared.width)
    pages = pages or {}
    (before, after), small = prepared.pour(_values(document, rendering, draft=draft, pages=pages))
    text = encoded(before) + body(document, rendering, prepared.sections, pages) + encoded(after)
    parts = {DOCUMENT: text} | {name: encoded(xml) for name, xml in small.items()}
    parts[CORE] = encoded(core_properties(document))
    return package([*_described(prepared, parts, manifest), *prepared.fixed])


def _values(
    document: Document, rendering: Rendering, *, draft: bool, pages: Mapping[str, int]
) -> dict[str, object]:
    """Return the values of the shell's placeholders; Jinja escapes them and never reads them."""
    return {
        "title": document.title,
        "cover_title": Markup(run("\n".join(title_lines(document.title)))),  # noqa: S704 (an escaped run)
        "number": plain(document.cover.number.value),
        "number_line": _cover_line(document.cover.number, rendering),
        "lines": [_cover_line(line, rendering) for line in document.cover.lines],
        "draft": draft,
        "last_page": max(pages.values(), default=1),
    }


def _cover_line(line: CoverLine, rendering: Rendering) -> dict[str, object]:
    return {"label": line.label, "value": Markup(inline_runs(line.value, rendering))}  # noqa: S704 (escaped runs)


def _described(shell: Shell, parts: dict[str, bytes], manifest: bytes | None) -> list[Member]:
    """Return the parts made for this contract, deflated, with the description of the package."""
    made = [(quick_member if name == DOCUMENT else _repeated)(name, xml) for name, xml in parts.items()]
    if manifest is None:
        return [*_bare.of(shell, _description), *made]
    start, end = _carrying.of(shell, _description_with_manifest)
    return [*start, *made, quick_member(MANIFEST, manifest_part(manifest)), *end]


_bare: Memo[list[Member]] = Memo(1 << 4)
_carrying: Memo[tuple[list[Member], list[Member]]] = Memo(1 << 4)


def _description(shell: Shell) -> list[Member]:
    return _members(_packing(shell.content_types, shell.relations))


def _description_with_manifest(shell: Shell) -> tuple[list[Member], list[Member]]:
    packing = _packing(*with_manifest(shell.content_types, shell.relations))
    return _members(packing), _members(manifest_description())


def _packing(content_types: str, relations: str) -> dict[str, bytes]:
    return {
        "[Content_Types].xml": encoded(content_types),
        "word/_rels/document.xml.rels": encoded(relations),
    }


def _members(parts: Mapping[str, bytes]) -> list[Member]:
    return [quick_member(name, content) for name, content in parts.items()]


@lru_cache(maxsize=64)
def _repeated(name: str, content: bytes) -> Member:
    """Return a small part that most contracts share, deflated once."""
    return quick_member(name, content)
