"""Names of WordprocessingML the redline reads and writes."""

from __future__ import annotations

from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def w(name: str) -> str:
    """Return the full name of an element or attribute."""
    return f"{{{NAMESPACE}}}{name}"


P, TBL, TR, TC, SDT = w("p"), w("tbl"), w("tr"), w("tc"), w("sdt")
PPR, RPR, TRPR, SECTION = w("pPr"), w("rPr"), w("trPr"), w("sectPr")
R, T, BR, TAB, HYPERLINK = w("r"), w("t"), w("br"), w("tab"), w("hyperlink")
FIELD_CHAR, INSTRUCTION = w("fldChar"), w("instrText")
BOOKMARK, BOOKMARK_END = w("bookmarkStart"), w("bookmarkEnd")
VAL, ID, NAME, ANCHOR = w("val"), w("id"), w("name"), w("anchor")


def value(node: etree._Element, path: str) -> str:
    """Return the ``w:val`` of a descendant, empty where there is none."""
    found = node.find(path)
    return "" if found is None else str(found.get(VAL) or "")
