"""The small parts beside the text: document properties and the manifest."""

from __future__ import annotations

from hashlib import sha256

from clausebank.document import LANGUAGE, Document, plain
from clausebank.render._docx.markup import attribute, encoded, escape

CORE = "docProps/core.xml"
MANIFEST = "customXml/item1.xml"
MANIFEST_NAMESPACE = "urn:clausebank:manifest"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ITEM_ID = "{5C0DEBA4-0C1A-4B5E-8A4B-C1A05EBA4C01}"


def core_properties(document: Document) -> str:
    """Return title, kind, number and language; no author and no dates, so equal input gives equal bytes."""
    number = plain(document.cover.number.value)
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{escape(number)}</dc:identifier><dc:language>{LANGUAGE}</dc:language>"
        f"<dc:subject>{escape(document.kind)}</dc:subject><dc:title>{escape(document.title)}</dc:title>"
        "</cp:coreProperties>"
    )


def manifest_part(manifest: bytes) -> bytes:
    """Return the custom XML part that carries the manifest."""
    start = f'{_HEAD}<manifest xmlns="{MANIFEST_NAMESPACE}" sha256="{sha256(manifest).hexdigest()}">'
    return encoded(f"{start}{escape(manifest.decode())}</manifest>")


def manifest_description() -> dict[str, bytes]:
    """Return the properties and the relation of that part."""
    properties = (
        f'{_HEAD}<ds:datastoreItem ds:itemID="{_ITEM_ID}" xmlns:ds="{_CUSTOM_XML}"><ds:schemaRefs>'
        f"<ds:schemaRef ds:uri={attribute(MANIFEST_NAMESPACE)}/></ds:schemaRefs></ds:datastoreItem>"
    )
    relation = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONSHIPS}/customXmlProps" Target="itemProps1.xml"/></Relationships>'
    )
    return {
        "customXml/itemProps1.xml": properties.encode(),
        "customXml/_rels/item1.xml.rels": relation.encode(),
    }


def with_manifest(content_types: str, relations: str) -> tuple[str, str]:
    """Return the package's content types and the document's relations with the manifest added."""
    override = (
        '<Override PartName="/customXml/itemProps1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
    )
    relation = (
        f'<Relationship Id="rIdManifest" Type="{_RELATIONSHIPS}/customXml" Target="../customXml/item1.xml"/>'
    )
    return (
        content_types.replace("</Types>", f"{override}</Types>"),
        relations.replace("</Relationships>", f"{relation}</Relationships>"),
    )
