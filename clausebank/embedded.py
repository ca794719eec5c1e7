"""What one of our files carries inside: its manifest, and its text for a comparison."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from clausebank.errors import ClauseBankError
from clausebank.manifest import Manifest, ManifestError

NAMESPACE = "urn:clausebank:manifest"
ATTACHMENT = "manifest.json"
MAX_BYTES = 100 * 1024 * 1024
MAX_MEMBERS = 2000
_ITEM = re.compile(r"customXml/item\d+\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class UnreadableFile(ClauseBankError):  # noqa: N818 (reads better without Error)
    """A file is no contract of ours: not readable, or without a manifest."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def format_of(data: bytes) -> str:
    """Return ``docx`` or ``pdf`` by how the data begins; UnreadableFile for anything else."""
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(b"%PDF-"):
        return "pdf"
    raise UnreadableFile("不是 Word（.docx）或者 PDF 文件", "neither a Word (.docx) nor a PDF file")


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest inside a Word or PDF file; UnreadableFile when there is none."""
    content = _word_manifest(data) if format_of(data) == "docx" else _pdf_manifest(data)
    if content is None:
        raise UnreadableFile(
            "文件中没有组成清单，不是由本系统生成或者清单已被删除",
            "the file holds no manifest: it was not made here, or the manifest was removed",
        )
    try:
        return Manifest.from_json(content)
    except ManifestError as error:
        raise UnreadableFile(f"组成清单无法使用：{error}", f"the manifest cannot be used: {error}") from error


def text_lines(data: bytes) -> list[str]:
    """Return the text of a Word file by paragraph, that of a PDF by printed line."""
    if format_of(data) == "docx":
        document = word_parts(data).get("word/document.xml", b"")
        return ["".join(_run_texts(paragraph)) for paragraph in _xml(document).iter(f"{_W}p")]
    from pypdf import PdfReader

    with _careful("PDF"):
        return [
            line for page in PdfReader(io.BytesIO(data)).pages for line in page.extract_text().splitlines()
        ]


def word_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file, refusing packages built to do harm."""
    with _careful("Word"), zipfile.ZipFile(io.BytesIO(data)) as package:
        members = package.infolist()
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_BYTES:
            raise UnreadableFile("文件解压后过大", "the file is too large when unpacked")
        if len({member.filename for member in members}) < len(members):
            raise UnreadableFile("文件中有重名的部件", "the file holds two parts of one name")
        return {member.filename: package.read(member) for member in members}


def _word_manifest(data: bytes) -> bytes | None:
    for name, part in word_parts(data).items():
        if _ITEM.fullmatch(name) and NAMESPACE.encode() in part:
            root = _xml(part)
            content = (root.text or "").encode()
            if root.get("sha256") != hashlib.sha256(content).hexdigest():
                raise UnreadableFile("组成清单已被改动", "the manifest was changed")
            return content
    return None


def _pdf_manifest(data: bytes) -> bytes | None:
    from pypdf import PdfReader

    with _careful("PDF"):
        found = PdfReader(io.BytesIO(data)).attachments.get(ATTACHMENT)
        return bytes(found[0]) if found else None


def _xml(part: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with _careful("Word"):
        return etree.fromstring(part, parser)


@contextmanager
def _careful(kind: str) -> Iterator[None]:
    """Turn whatever a damaged file does to its reader into UnreadableFile; remarks go nowhere."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as error:
        zh, en = f"{kind} 文件已损坏或者已加密", f"the {kind} file is damaged or encrypted"
        raise UnreadableFile(zh, en) from error


def _run_texts(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        yield (node.text or "") if node.tag == f"{_W}t" else " "
