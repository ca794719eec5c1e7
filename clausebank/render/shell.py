"""Making the standard Word shell from data: ``python -m clausebank.render.shell FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from clausebank.render._docx.base_parts import parts
from clausebank.render._docx.package import member, package


def standard_shell() -> bytes:
    """Return the standard shell: A4, 宋体 and 黑体, cover, header, footer and every style of the body."""
    return package(member(name, xml.encode()) for name, xml in parts().items())


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="where to write it, as templates/_shells/standard.docx")
    parser.parse_args().file.write_bytes(standard_shell())
