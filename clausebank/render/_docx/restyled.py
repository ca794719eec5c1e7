"""The styles and lists of a shell somebody restyled: found by name, and checked to be what the body needs.

Office programs give styles new ids when they save (Word in Chinese calls ``heading 1`` style ``1``), but
keep their names. So ids are set back to ours by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from clausebank.bank.model import Bilingual
from clausebank.render._docx import names
from clausebank.render._docx.base_design import STANDARD
from clausebank.render._docx.base_numbering import LISTS
from clausebank.render._docx.base_styles import styles
from clausebank.render._docx.opening import DOCUMENT, NUMBERING, STYLES, Refused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REFERRING = tuple(f"{_W}{tag}" for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"))
_COVER = {names.TITLE, names.COVER_NUMBER, names.COVER_LABEL, names.COVER_VALUE, "CoverHeader", "CoverTable"}
_FREE = _COVER | {"Header", "Footer"}
"""Styles a shell may do without: only its own cover, header and footer use them."""


def with_our_ids(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with every style of ours under the id the body uses."""
    roots = {name: _xml(name, content) for name, content in parts.items() if _holds_styles(name)}
    ours = {style.name.lower(): style.id for style in styles(STANDARD)}
    renamed = {}
    for style in roots[STYLES].iter(f"{_W}style"):
        name, old = _value(style.find(f"{_W}name")).lower(), style.get(f"{_W}styleId", "")
        if name in ours:
            renamed[old] = ours[name]
            style.set(f"{_W}styleId", ours[name])
    for root in roots.values():
        for node in root.iter(*_REFERRING):
            node.set(f"{_W}val", renamed.get(_value(node), _value(node)))
    return parts | {name: _bytes(root) for name, root in roots.items()}


def style_problems(parts: dict[str, bytes]) -> Iterator[Bilingual]:
    """Yield the styles that are missing, and those whose list numbers would not be the contract's."""
    yield from _page_problems(_xml(DOCUMENT, parts[DOCUMENT]))
    found = {s.get(f"{_W}styleId"): s for s in _xml(STYLES, parts[STYLES]).iter(f"{_W}style")}
    for style in styles(STANDARD):
        if style.id not in found and style.id not in _FREE:
            yield Bilingual(f"缺少样式“{style.name}”", f"the style “{style.name}” is missing")
    numbering = _xml(NUMBERING, parts[NUMBERING])
    shown = {style.id: style.name for style in styles(STANDARD)}
    for level in (level for levels in LISTS for level in levels):
        if level.style in found and _label(level.style, found, numbering) != (level.digits, level.label):
            yield Bilingual(
                f"样式“{shown[level.style]}”的多级编号应为“{level.label}”，缺失或者已改动",
                f"the style “{shown[level.style]}” is not numbered as “{level.label}”",
            )


def _page_problems(document: etree._Element) -> Iterator[Bilingual]:
    if document.nsmap.get("w") != _W.strip("{}"):
        yield Bilingual(
            "正文部件没有使用通常的命名空间前缀 w", "the document does not use the usual prefix w"
        )
    page = document.find(f"{_W}body/{_W}sectPr")
    if page is None or page.find(f"{_W}pgSz") is None or page.find(f"{_W}pgMar") is None:
        yield Bilingual("最后一节缺少纸张大小或者页边距", "the last section says no paper size or margins")


def _label(
    style: str, found: dict[str | None, etree._Element], numbering: etree._Element
) -> tuple[str, str] | None:
    """Return the digits and the label of the level a style is numbered by."""
    place = found[style].find(f"{_W}pPr/{_W}numPr")
    if place is None:
        return None
    depth = _value(place.find(f"{_W}ilvl")) or "0"
    path = f"{_W}num[@{_W}numId='{_value(place.find(f'{_W}numId'))}']/{_W}abstractNumId"
    of = _value(numbering.find(path))
    level = numbering.find(f"{_W}abstractNum[@{_W}abstractNumId='{of}']/{_W}lvl[@{_W}ilvl='{depth}']")
    if level is None:
        return None
    return _value(level.find(f"{_W}numFmt")), _value(level.find(f"{_W}lvlText"))


def _holds_styles(name: str) -> bool:
    return name.startswith("word/") and name.endswith(".xml") and name.count("/") == 1


def _xml(name: str, content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(
            [Bilingual(f"部件不是有效的 XML：{name}", f"a part is not valid XML: {name}")]
        ) from error


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _value(node: etree._Element | None) -> str:
    return "" if node is None else node.get(f"{_W}val", "")
