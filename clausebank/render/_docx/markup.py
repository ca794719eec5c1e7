"""The few pieces of WordprocessingML everything is made of, as strings."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from xml.sax.saxutils import quoteattr

_FORBIDDEN = bytes(byte for byte in range(0x20) if byte not in b"\t\n")
_NONCHARACTERS = ("\ufffe", "\uffff")


def escape(text: str) -> str:
    """Return text as character data of XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encoded(xml: str) -> bytes:
    """Return XML as bytes; ValueError rather than a file Word would refuse or text it would drop."""
    data = xml.encode()
    if len(data.translate(None, _FORBIDDEN)) != len(data) or any(char in xml for char in _NONCHARACTERS):
        raise ValueError("the text holds a character that a Word file cannot hold")
    return data


def attribute(text: str) -> str:
    """Return text as a quoted attribute value."""
    return quoteattr(text)


def run(text: str, style: str = "") -> str:
    """Return a run of text; line feeds become line breaks."""
    if not text:
        return ""
    words = escape(text)
    if "\n" in words:
        words = words.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(style: str, content: str, *, keep: bool = False) -> str:
    """Return a paragraph in a named style; ``keep`` keeps it on one page with the next."""
    kept = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}</w:pPr>{content}</w:p>'


def field(instruction: str, result: str, style: str = "", *, dirty: bool = False) -> str:
    """Return a field that shows ``result`` until Word computes it again."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    mark = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"{mark}/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result, style)}<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


@lru_cache(maxsize=1 << 16)
def bookmark_name(anchor: str) -> str:
    """Return the bookmark of an anchor: hidden in Word's lists, the same in every document."""
    return "_Ref" + sha256(anchor.encode()).hexdigest()[:24]


def bookmark(anchor: str, number: int) -> str:
    """Return an empty bookmark at an anchor; ``number`` is unique in the document."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_name(anchor)}"/><w:bookmarkEnd w:id="{number}"/>'
    )
