"""docxtemplater in a node process that stays up; its time is measured inside that process."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx

from tests.bench.blocks import Line
from tests.bench.clock import Engine, Result, Skipped
from tests.bench.word_peers import STYLES

SOURCE = Path(__file__).with_name("node")
COLUMNS = range(2, 8)


def make_docxtemplater_template(path: Path) -> None:
    """Write the loop template: a section a kind of line, and a table for each number of columns."""
    document = docx.Document()
    document.add_paragraph("{#lines}")
    for kind, style in STYLES.items():
        document.add_paragraph(f"{{#{kind}}}")
        document.add_paragraph("{text}", style=style)
        document.add_paragraph(f"{{/{kind}}}")
    for columns in COLUMNS:
        document.add_paragraph(f"{{#table{columns}}}")
        table = document.add_table(1, columns, style="Table Grid")
        texts = [f"{{c{n}}}" for n in range(columns)]
        texts[0], texts[-1] = "{#rows}" + texts[0], texts[-1] + "{/rows}"
        for cell, text in zip(table.rows[0].cells, texts, strict=True):
            cell.text = text
        document.add_paragraph(f"{{/table{columns}}}")
    document.add_paragraph("{/lines}")
    document.save(str(path))


def _data(line: Line) -> dict[str, object]:
    if not line.rows:
        return {line.kind: True, "text": line.text}
    rows = [{f"c{n}": text for n, text in enumerate(row)} for row in line.rows]
    return {f"table{len(line.rows[0])}": True, "rows": rows}


@contextmanager
def docxtemplater(folder: Path) -> Iterator[Engine]:
    """Install docxtemplater into a folder by its lock file, and keep a process of it while in use."""
    if not (shutil.which("npm") and shutil.which("node")):
        raise Skipped("npm or node is not installed")
    home = folder / "node"
    shutil.copytree(SOURCE, home, dirs_exist_ok=True)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=home, capture_output=True, check=False, text=True)
    if done.returncode:
        raise Skipped(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    make_docxtemplater_template(home / "template.docx")
    command = ["node", str(home / "render.js"), str(home / "template.docx")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout

        def render(lines: Iterable[Line]) -> Result:
            stdin.write(json.dumps({"lines": [_data(line) for line in lines]}) + "\n")
            stdin.flush()
            answer = json.loads(stdout.readline())
            return Result(b64decode(answer["data"]), answer["ms"] / 1000)

        yield Engine("docxtemplater (node)", render)
        stdin.close()
