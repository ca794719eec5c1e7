"""Making the shipped Word shells from data: ``python -m clausebank.render.shell NAME FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from clausebank.render._docx.base_design import DESIGNS, FORMAL, STANDARD
from clausebank.render._docx.base_parts import parts
from clausebank.render._docx.package import member, package


def standard_shell() -> bytes:
    """Return the standard shell: A4, 宋体 and 黑体, cover, header, footer and every style of the body."""
    return package(member(name, xml.encode()) for name, xml in parts(STANDARD).items())


def formal_shell() -> bytes:
    """Return the formal shell: laid out as an official document, 仿宋 三号, 22 lines of 28 characters."""
    return package(member(name, xml.encode()) for name, xml in parts(FORMAL).items())


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=DESIGNS)
    parser.add_argument("file", type=Path, help="where to write it, as templates/_shells/standard.docx")
    given = parser.parse_args()
    given.file.write_bytes({"standard": standard_shell, "formal": formal_shell}[given.name]())
