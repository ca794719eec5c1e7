"""Checking a Word shell an administrator brings, in a process of its own with limits.

Run as a module it reads the file from the input and prints what it found as JSON: the problems, and
the shell with its styles under the ids the body uses, in hexadecimal.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clausebank.bank.model import Bilingual
from clausebank.document import Cover, CoverLine, Document, Part, Signatory, Signature, Text

MEMORY, SECONDS = 1024**3, 20
_TOO_MUCH = Bilingual(
    "检查时占用的时间或者内存过多，或者文件无法解析", "checking took too much time or memory, or failed"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found; ``data`` is the shell made ready, empty when there are problems."""

    problems: tuple[Bilingual, ...]
    data: bytes


def check_shell(data: bytes) -> Checked:
    """Check a shell apart from this process: nothing in it can harm or hold up what calls this."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603 (our own module)
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return Checked((_TOO_MUCH,), b"")
    return Checked(tuple(Bilingual(**problem) for problem in found["problems"]), bytes.fromhex(found["data"]))


# --- in a process of its own -----------------------------------------------------------------------


def check_here(data: bytes) -> Checked:
    """Check a shell in this process."""
    from clausebank.render._docx.opening import Refused, open_parts
    from clausebank.render._docx.package import member, package
    from clausebank.render._docx.restyled import style_problems, with_our_ids

    try:
        parts = with_our_ids(open_parts(data))
    except Refused as refused:
        return Checked(tuple(refused.problems), b"")
    problems = [*_placeholder_problems(parts), *style_problems(parts)]
    ready = package(member(name, content) for name, content in parts.items())
    problems = problems or list(_pouring_problems(ready))
    return Checked(tuple(problems), b"" if problems else ready)


def _placeholder_problems(parts: Mapping[str, bytes]) -> Iterator[Bilingual]:
    """Yield what is wrong with the placeholders, before anything is rendered."""
    from jinja2 import TemplateSyntaxError, meta
    from jinja2.sandbox import SandboxedEnvironment

    from clausebank.render._docx.shell import DOCUMENT, PLACEHOLDERS, POURED, patched

    environment = SandboxedEnvironment()
    for name in filter(POURED.fullmatch, parts):
        try:
            used = meta.find_undeclared_variables(environment.parse(patched(parts[name].decode())))
        except TemplateSyntaxError as error:
            yield Bilingual(
                f"{name} 的占位符有语法错误：{error.message}",
                f"a placeholder in {name} is malformed: {error.message}",
            )
            continue
        for word in sorted(used - {*PLACEHOLDERS, "body"}):
            known = "、".join(f"{{{{ {each} }}}}" for each in PLACEHOLDERS)
            yield Bilingual(
                f"{name} 中有不认识的占位符 {word}；可用的有：{known}",
                f"unknown placeholder in {name}: {word}; known are {known}",
            )
        if "body" in used and name != DOCUMENT:
            yield Bilingual(
                f"正文标记不应在 {name} 中", f"the marker of the body does not belong into {name}"
            )
    markers = len(re.findall(r"\{\{p\s+body\s*\}\}", re.sub(r"<[^>]+>", "", parts[DOCUMENT].decode())))
    if markers != 1:
        yield Bilingual(
            f"正文标记 {{{{p body }}}} 应单独成段并且只有一处，现有 {markers} 处",
            f"the marker {{{{p body }}}} must stand once, in a paragraph of its own; found {markers}",
        )


def _pouring_problems(ready: bytes) -> Iterator[Bilingual]:
    """Pour a small contract into the shell and read the result."""
    import io
    import zipfile

    from jinja2 import TemplateError
    from lxml import etree

    from clausebank.render.docx import render_docx

    with TemporaryDirectory() as folder:
        path = Path(folder) / "shell.docx"
        path.write_bytes(ready)
        try:
            for draft in (True, False):
                with zipfile.ZipFile(io.BytesIO(render_docx(_sample(), path, draft=draft))) as made:
                    for name in made.namelist():
                        if name.endswith((".xml", ".rels")):
                            etree.fromstring(made.read(name))
        except (TemplateError, etree.XMLSyntaxError, ValueError, TypeError, KeyError) as error:
            yield Bilingual(f"试填合同失败：{error}", f"a trial contract could not be poured in: {error}")


def _sample() -> Document:
    words = (Text("试填"),)
    return Document(
        kind="sample",
        title="试填合同",
        cover=Cover(CoverLine("合同编号", words), (CoverLine("甲方", words), CoverLine("乙方", ()))),
        parts=(Part("main", "第一部分", "part:main", "主合同", ()),),
        closing="（以下无正文）",
        signature=Signature((Signatory("甲方（盖章）：", words, ("日期：",)),)),
        attachments=(),
    )


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    checked = check_here(sys.stdin.buffer.read())
    problems = [{"zh": problem.zh, "en": problem.en} for problem in checked.problems]
    print(json.dumps({"problems": problems, "data": checked.data.hex()}))  # noqa: T201 (its output)


if __name__ == "__main__":
    _main()
