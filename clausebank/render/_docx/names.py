"""Ids of the styles a shell must define: the only way the body says how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TITLE: Final = "Title"
COVER_NUMBER: Final = "CoverNumber"
COVER_LABEL: Final = "CoverLabel"
COVER_VALUE: Final = "CoverValue"
CONTENTS_HEADING: Final = "TOCHeading"
CONTENTS_ENTRY: Final = ("TOC1", "TOC2")

PART: Final = "Heading1"
UNNUMBERED_ARTICLE: Final = "UnnumberedArticle"
UNNUMBERED: Final = "UnnumberedParagraph"
ATTACHMENT: Final = "Attachment"
REQUIREMENT: Final = "Requirement"

CAPTION: Final = "Caption"
TABLE_HEADER: Final = "TableHeader"
TABLE_LABEL: Final = "TableLabel"
TABLE_CELL: Final = {"left": "TableText", "center": "TableTextCenter", "right": "TableTextRight"}
LIST_TABLE: Final = "ListTable"
FIELDS_TABLE: Final = "FieldsTable"
TABLE_GAP: Final = "TableGap"

CLOSING: Final = "ClosingLine"
SIGNATURE_TABLE: Final = "SignatureTable"
SIGNATURE_HEADING: Final = "SignatureHeading"
SIGNATURE_NAME: Final = "SignatureName"
SIGNATURE_LINE: Final = "SignatureLine"
SIGNATURE_RULE: Final = "SignatureRule"
NARROW: Final = "Narrow"  # after either, where three or more sign side by side
SECTION_END: Final = "SectionEnd"

DEFINED_TERM: Final = "DefinedTerm"
CONSPICUOUS: Final = "Conspicuous"
RUN_IN: Final = "RunInCaption"
GAP: Final = "Gap"


@dataclass(frozen=True, slots=True)
class Levels:
    """The styles of one multilevel list: each is linked to its own level, so Word numbers by style alone."""

    article: str
    paragraph: str
    item: str
    subitem: str


MAIN: Final = Levels("Heading2", "Clause", "Item", "SubItem")
ATTACHED: Final = Levels("AttachmentArticle", "AttachmentClause", "AttachmentItem", "AttachmentSubItem")
# Below an unnumbered paragraph: the paragraph itself counts without showing it, so its items start anew.
UNLABELLED: Final = Levels("", "LeadIn", "LeadInItem", "LeadInSubItem")
