"""``make bench``: our engines and the peers on the same contracts; a table, and JSON for machines."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from clausebank import render_docx
from clausebank.document import articles, sections
from clausebank.render._docx.package import member, quick_member
from clausebank.render.html import render_html_page
from clausebank.render.pdf import layout_pdf
from tests.bench import report
from tests.bench.blocks import Line, lines
from tests.bench.clock import Engine, Result, Skipped, Timing, alone, apart, side_by_side
from tests.bench.cold import cold_starts
from tests.bench.contract import Case, bench_case
from tests.bench.node_peer import docxtemplater
from tests.bench.ours import Clock, drafted, floor, to_pdf, to_word
from tests.bench.pdf_peers import libreoffice, weasyprint
from tests.bench.preview import preview
from tests.bench.redlines import compared
from tests.bench.throughput import throughput
from tests.bench.word_peers import (
    by_cached_docxtpl,
    by_docxtpl,
    by_python_docx,
    make_docxtpl_template,
    text_of,
)
from webapp.workspace import shell_path

DOCUMENTS = 40
FRESH = 10_000
"""Where the numbers of our own contracts start: none of them was made before, so none is kept."""

DEFLATES = {"deflated as we do": quick_member, "zlib 6 as the peers do": member}
OUT = Path("generated/bench.json")
OURS = "ClauseBank"


def main() -> None:
    """Measure everything, print the table, write the JSON."""
    case = bench_case()
    with tempfile.TemporaryDirectory(prefix="clausebank-bench-") as name:
        folder = Path(name)
        skipped: dict[str, str] = {}
        found: dict[str, Any] = {"machine": _machine(), "cold": cold_starts(case, folder)}
        pages = apart(lambda: _pages(case))
        found["contract"] = _contract(case) | {"pages": pages["end"]}
        found["word"] = _word(case, folder, pages, skipped)
        found["pdf"] = _pdf(case, folder, skipped)
        found["preview"] = [apart(lambda: _preview(case, folder))]
        found["compared"] = compared(case, skipped)
        found["throughput"] = throughput()
        found["skipped"] = skipped
        found["targets"] = [asdict(target) | {"met": target.met} for target in report.targets(found)]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=2, default=asdict) + "\n", encoding="utf-8")
    sys.stdout.write(report.table(found))


def _machine() -> dict[str, Any]:
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
    }


def _pages(case: Case) -> dict[str, int]:
    """Return the page numbers of the first contract, which serve for all."""
    return dict(layout_pdf(drafted(case, case.raw(0), Clock()).document).pages)


def _contract(case: Case) -> dict[str, Any]:
    document = drafted(case, case.raw(0), Clock()).document
    return {
        "articles": sum(1 for _ in articles(document)),
        "paragraphs": sum(len(section.blocks) for section in sections(document)),
        "characters": sum(len(line.text) + sum(map(len, sum(line.rows, ()))) for line in lines(document)),
        "answers": len(case.answers),
    }


@contextmanager
def _allowed(
    peer: AbstractContextManager[Engine], name: str, skipped: dict[str, str]
) -> Iterator[list[Engine]]:
    """Yield a peer, or nothing where it cannot run here."""
    with ExitStack() as stack:
        try:
            engines = [stack.enter_context(peer)]
        except Skipped as reason:
            skipped[name] = str(reason)
            engines = []
        yield engines


# --- Word ------------------------------------------------------------------------------------------


def _word(case: Case, folder: Path, pages: Mapping[str, int], skipped: dict[str, str]) -> list[Timing]:
    """Time answers to Word bytes; the peers get the finished lines, so their input costs them nothing."""
    template = folder / "loop.docx"
    make_docxtpl_template(template)

    def whole(number: int) -> Result:
        clock = Clock()
        return Result(to_word(case, case.raw(number), clock, pages), stages=clock.stages)

    finished = [list(lines(drafted(case, case.raw(n), Clock()).document)) for n in range(DOCUMENTS)]
    peers = [
        Engine("docxtpl as documented", by_docxtpl(template)),
        Engine("docxtpl, template and Jinja cached by hand", by_cached_docxtpl(template)),
        Engine("python-docx, paragraph by paragraph", by_python_docx),
    ]
    with _allowed(docxtemplater(folder), "docxtemplater", skipped) as node:
        peers += node
        for peer in peers:
            _check_text(peer, finished[0])
        fresh, ours = count(FRESH), whole(0).data
        floors = [
            Engine(f"zip floor of our bytes, {name}", floor(ours, case.template.shell, deflate))
            for name, deflate in DEFLATES.items()
        ]
        turns = [
            Engine(OURS, lambda _: whole(next(fresh))),
            *(Engine(e.name, lambda _, e=e: e.render()) for e in floors),
            *(Engine(p.name, lambda n, p=p: p.render(finished[n])) for p in peers),
        ]
        return side_by_side(turns, range(DOCUMENTS))


def _check_text(peer: Engine, finished: list[Line]) -> None:
    """Refuse to compare with a peer whose file does not hold the whole text."""
    made = peer.render(finished)
    data = made.data if isinstance(made, Result) else made
    wanted = [text for line in finished for text in ([line.text] if not line.rows else sum(line.rows, ()))]
    wanted = [squeezed for text in wanted if (squeezed := "".join(text.split()))]
    if text_of(data) != wanted:
        raise SystemExit(f"{peer.name}: its file does not hold the text of the contract")


def _preview(case: Case, folder: Path) -> Timing:
    with preview(case, folder) as engine:
        return alone(engine, range(DOCUMENTS))


# --- PDF -------------------------------------------------------------------------------------------


def _pdf(case: Case, folder: Path, skipped: dict[str, str]) -> list[Timing]:
    """Time document to PDF bytes; LibreOffice gets our Word file, weasyprint our page, made before."""
    ready = [drafted(case, case.raw(n), Clock()) for n in range(DOCUMENTS)]
    shell = shell_path(case.template.shell)
    words = [render_docx(each.document, shell) for each in ready]
    pages = [render_html_page(each.document) for each in ready]
    engines = [
        Engine(f"{OURS}, PDF/A-3a and PDF/UA-1", lambda n: to_pdf(ready[n])),
        Engine(f"{OURS}, the same document again", lambda _: to_pdf(ready[0])),
    ]
    try:
        web = weasyprint()
        engines.append(Engine(web.name, lambda n: web.render(pages[n])))
    except Skipped as reason:
        skipped["weasyprint"] = str(reason)
    with _allowed(libreoffice(folder), "LibreOffice", skipped) as office:
        engines += [Engine(each.name, lambda n, each=each: each.render(words[n])) for each in office]
        return side_by_side(engines, range(DOCUMENTS), warm=2)


if __name__ == "__main__":
    main()
