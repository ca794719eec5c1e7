"""Opening a Word file somebody brings: refused before anything in it is unpacked or read as XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from clausebank.bank.model import Bilingual

MAX_BYTES, MAX_UNPACKED = 10 * 1024 * 1024, 50 * 1024 * 1024
MAX_MEMBERS, MAX_RATIO, SMALL = 500, 100, 1024 * 1024
DOCUMENT, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
REQUIRED = ("[Content_Types].xml", DOCUMENT, RELATIONS, STYLES, NUMBERING)
_ACTIVE = re.compile(r"vbaProject|/activeX/|/embeddings/|attachedTemplate|oleObject|aFChunk|subDocument")
_EXTERNAL = re.compile(r'<Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>')


class Refused(Exception):  # noqa: N818 (reads better without Error)
    """A Word file is not opened; carries every reason."""

    def __init__(self, problems: list[Bilingual]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.en for problem in problems))


def open_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file by name; Refused with every reason not to."""
    if len(data) > MAX_BYTES:
        raise Refused([Bilingual("文件超过 10 MB", "the file is larger than 10 MB")])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse(_package_problems(package.infolist()))
            parts = {info.filename: package.read(info) for info in package.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise Refused(
            [Bilingual("不是 Word（.docx）文件，或者已损坏", "not a Word (.docx) file, or damaged")]
        ) from error
    _refuse(_part_problems(parts))
    return parts


def _refuse(problems: Iterator[Bilingual]) -> None:
    if found := list(problems):
        raise Refused(found)


def _package_problems(members: list[zipfile.ZipInfo]) -> Iterator[Bilingual]:
    names = Counter(member.filename.lower() for member in members)
    if len(members) > MAX_MEMBERS:
        yield Bilingual(f"部件超过 {MAX_MEMBERS} 个", f"it has more than {MAX_MEMBERS} parts")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        yield Bilingual("解压后超过 50 MB", "it is larger than 50 MB when unpacked")
    for member in members:
        name = member.filename
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            yield Bilingual(f"部件压缩比异常：{name}", f"a part is compressed suspiciously: {name}")
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            yield Bilingual(f"部件名不安全：{name}", f"the name of a part is unsafe: {name}")
        if member.flag_bits & 1:
            yield Bilingual("文件已加密", "the file is encrypted")
    for name, count in names.items():
        if count > 1:
            yield Bilingual(f"部件重复：{name}", f"a part occurs twice: {name}")


def _part_problems(parts: dict[str, bytes]) -> Iterator[Bilingual]:
    for name in REQUIRED:
        if name not in parts:
            yield Bilingual(f"缺少部件：{name}", f"a part is missing: {name}")
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            yield Bilingual(
                f"部件含有文档类型声明或者不是 UTF-8：{name}", f"a part has a DOCTYPE or is not UTF-8: {name}"
            )
        if name.endswith(".rels"):
            yield from _relation_problems(name, content.decode(errors="replace"))


def _relation_problems(name: str, relations: str) -> Iterator[Bilingual]:
    for link in _EXTERNAL.findall(relations):
        if "/hyperlink" not in link:
            yield Bilingual(f"引用了外部内容：{name}", f"it refers to content outside the file: {name}")
    if found := _ACTIVE.search(relations):
        yield Bilingual(
            f"含有宏、控件、嵌入对象或者外部模板：{found[0]}",
            f"it holds macros, controls, objects or a template: {found[0]}",
        )
