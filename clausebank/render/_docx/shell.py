"""Reading a Word shell: its parts deflated once, its placeholders compiled once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from clausebank.memo import Memo
from clausebank.render._docx.package import Member, member

DOCUMENT = "word/document.xml"
POURED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
PLACEHOLDERS = ("title", "cover_title", "number", "number_line", "lines", "draft", "last_page")
"""What a shell may show of a contract, beside the marker ``{{p body }}`` where the contract goes."""

_BODY = Markup("<!--body-->")
_EMPTY_RUN = re.compile(r"<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t[^>]*></w:t></w:r>")
_ONLY_ONCE = re.compile(r"<w:(?:headerReference|footerReference|pgNumType|titlePg)\b[^>]*/>")


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell ready to pour: members to copy, placeholders to fill, properties of the sections.

    ``templates`` holds each part to pour into with the names of the values it shows.
    """

    fixed: tuple[Member, ...]
    templates: Mapping[str, tuple[Template, tuple[str, ...]]]
    content_types: str
    relations: str
    sections: tuple[str, str]
    width: int

    def pour(self, values: Mapping[str, object]) -> tuple[tuple[str, str], dict[str, str]]:
        """Fill the placeholders; return what stands before and after the body, and the other parts."""
        parts = {
            name: _poured(
                (template,), tuple(map(values.get, shown)), partial(template.render, values, body=_BODY)
            )
            for name, (template, shown) in self.templates.items()
        }
        before, _, after = parts.pop(DOCUMENT).partition(_BODY)
        return (before, after), parts


def load_shell(path: Path) -> Shell:
    """Return the shell in a file, read once for as long as the file stays the same."""
    state = path.stat()
    return _load(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _load(path: Path, _changed: int, _size: int) -> Shell:
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    sources = {
        name: parts.pop(name).decode().replace("\r\n", "\n") for name in list(parts) if POURED.fullmatch(name)
    }
    sources[DOCUMENT], sections = _cut(sources[DOCUMENT])
    content_types = parts.pop("[Content_Types].xml").decode()
    relations = parts.pop("word/_rels/document.xml.rels").decode()
    parts.pop("docProps/core.xml", None)
    fixed = tuple(member(name, parts[name]) for name in sorted(parts))
    return Shell(fixed, _compiled(sources), content_types, relations, sections, _text_width(sections[0]))


def _cut(document: str) -> tuple[str, tuple[str, str]]:
    """Cut the last section's properties out of a document, for the first and for later sections."""
    start, end = document.rindex("<w:sectPr"), document.rindex("</w:sectPr>") + len("</w:sectPr>")
    first = document[start:end]
    return document[:start] + document[end:], (first, _ONLY_ONCE.sub("", first))


def _text_width(section: str) -> int:
    """Return the width between the margins of a section, in twentieths of a point."""
    width, left, right = (
        int(re.search(pattern, section)[1])  # type: ignore[index]
        for pattern in (r'<w:pgSz\b[^>]*?w:w="(\d+)"', r'w:left="(\d+)"', r'w:right="(\d+)"')
    )
    return width - left - right


_poured: Memo[str] = Memo(1 << 8)


def _compiled(sources: Mapping[str, str]) -> dict[str, tuple[Template, tuple[str, ...]]]:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    compiled = {}
    for name, xml in sources.items():
        source = patched(xml)
        shown = find_undeclared_variables(environment.parse(source))
        template = environment.from_string(source)
        template.globals = dict(template.globals)  # copied for each contract, and a ChainMap copies slowly
        compiled[name] = template, tuple(sorted(shown))
    return compiled


def patched(xml: str) -> str:
    """Return a part with its placeholders whole: Word scatters them over runs."""
    from docxtpl import DocxTemplate

    return _EMPTY_RUN.sub("", DocxTemplate("").patch_xml(xml))
