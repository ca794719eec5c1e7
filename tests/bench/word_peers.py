"""Word peers in Python: each takes the finished lines of a contract and returns the bytes of a Word file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import jinja2
from docxtpl import DocxTemplate

from tests.bench.blocks import Line

STYLES = {"title": "Title", "heading": "Heading 1", "clause": "Normal", "item": "List Paragraph"}
Render = Callable[[Iterable[Line]], bytes]


def make_docxtpl_template(path: Path) -> None:
    """Write the loop template: one branch a kind of line, tables by rows and columns, as documented."""
    document = docx.Document()
    add = document.add_paragraph
    add("{%p for line in lines %}")
    for kind, style in STYLES.items():
        add(f"{{%p if line.kind == '{kind}' %}}")
        add("{{ line.text }}", style=style)
        add("{%p endif %}")
    add("{%p if line.kind == 'table' %}")
    cells = (
        ("{%tr for row in line.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    table = document.add_table(0, 3, style="Table Grid")
    for texts in cells:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    add("{%p endif %}")
    add("{%p endfor %}")
    document.save(str(path))


def by_docxtpl(template: Path) -> Render:
    """Return docxtpl as its documentation shows it: open, render, save."""

    def render(lines: Iterable[Line]) -> bytes:
        document = DocxTemplate(template)
        document.render({"lines": list(lines)}, autoescape=True)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    return render


class _CachingTemplate(DocxTemplate):
    """A docxtpl template that patches its XML once for all documents."""

    @staticmethod
    @cache
    def _patched(source: str) -> str:
        return str(DocxTemplate.patch_xml(None, source))

    def patch_xml(self, src_xml: str) -> str:
        return self._patched(src_xml)


class _CachingEnvironment(jinja2.Environment):
    """A Jinja environment that compiles each source once."""

    @cache  # noqa: B019 (one environment a process)
    def from_string(self, source: str, *_: Any, **__: Any) -> jinja2.Template:
        return super().from_string(source)


def by_cached_docxtpl(template: Path) -> Render:
    """Return docxtpl with the patched XML, the compiled Jinja and the file's bytes kept by hand."""
    environment, content = _CachingEnvironment(autoescape=True), template.read_bytes()

    def render(lines: Iterable[Line]) -> bytes:
        document = _CachingTemplate(BytesIO(content))
        document.render({"lines": list(lines)}, environment)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    return render


def by_python_docx(lines: Iterable[Line]) -> bytes:
    """Build the file paragraph by paragraph with python-docx."""
    document = docx.Document()
    for line in lines:
        if line.rows:
            table = document.add_table(0, len(line.rows[0]), style="Table Grid")
            for row in line.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(line.text, style=STYLES[line.kind])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def text_of(data: bytes) -> list[str]:
    """Return the words of a Word file's body without blanks, paragraph by paragraph."""
    document = docx.Document(BytesIO(data))
    texts = ("".join(text.text for text in p.iter(f"{_W}t")) for p in document.element.body.iter(f"{_W}p"))
    return [squeezed for text in texts if (squeezed := "".join(text.split()))]


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
