"""The contract as a tree: what every renderer, the lint and the comparison read.

All numbers, references and values are settled text here, so no two outputs can disagree.
Anchors are unique within a document and stable between runs: ``part:main``, ``article:fees``,
``fees.late-payment/1`` (first paragraph of a clause), ``fees.late-payment/1/2`` (its second item),
``attachment:dpa``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clausebank.wording.values import Value

LANGUAGE = "zh-CN"
REGISTER_CAPTION = "附件清单"


class Role(StrEnum):
    """Who a clause speaks of; a contract binds each role to a label such as 甲方."""

    CLIENT = "client"
    PROVIDER = "provider"
    THIRD_PARTY = "third_party"


class Stance(StrEnum):
    """Which role a wording favours."""

    CLIENT = "client"
    NEUTRAL = "neutral"
    PROVIDER = "provider"


# --- inlines -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain wording, party labels included."""

    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """The place where a term is defined; shown bold in Chinese quotation marks."""

    term: str

    @property
    def text(self) -> str:
        """What is printed: the term in its quotation marks."""
        return f"“{self.term}”"


@dataclass(frozen=True, slots=True)
class Use:
    """A marked use of a defined term; shown as plain text, linked where the output has links."""

    term: str

    @property
    def text(self) -> str:
        """What is printed: the bare term."""
        return self.term


@dataclass(frozen=True, slots=True)
class Reference:
    """One number of one target: ``第`` + ``8.2`` + ``条``. ``anchor`` is None when it dangles."""

    target: str
    anchor: str | None
    number: str
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """What is printed: the number with the words around it."""
        return f"{self.before}{self.number}{self.after}"


@dataclass(frozen=True, slots=True)
class Filled:
    """The wording of an answer. ``name`` is the blank's path: ``fee_total``, ``client.name``.

    ``text`` may hold line feeds, which every output shows as line breaks.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank nobody filled; shown as 【label】 and reported by STR-03."""

    name: str
    label: str

    @property
    def text(self) -> str:
        """What is printed: the blank's label in lenticular brackets."""
        return f"【{self.label}】"


Inline = Text | Definition | Use | Reference | Filled | Gap
Inlines = tuple[Inline, ...]


# --- blocks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item （1） or sub-item ① below a paragraph; items nest at most once."""

    number: str
    anchor: str
    inlines: Inlines
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph numbered ``8.2``, or unnumbered when ``number`` is empty.

    ``caption`` is a bold run-in heading printed as ``caption。`` before the text.
    ``conspicuous`` marks terms of vital interest (Civil Code art. 496).
    """

    number: str
    anchor: str
    inlines: Inlines
    items: tuple[Item, ...] = ()
    caption: str = ""
    conspicuous: bool = False


class Align(StrEnum):
    """Alignment of a table column."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells. Without ``header`` it is a fields table: the first column holds labels.

    ``widths`` are shares of the text width, one a column; every row has as many cells.
    """

    caption: str
    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """One column of a signature block: heading ``甲方（盖章）：``, the name, then lines to fill."""

    heading: str
    name: Inlines
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature block: side by side, kept together, never alone on a page.

    Every signatory has the same number of lines.
    """

    signatories: tuple[Signatory, ...]


Block = Paragraph | Table | Signature


# --- structure -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """One clause in place: which version of which clause, and its blocks."""

    clause: str
    stance: Stance
    version: int
    sha256: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """``number`` is 第八条, or empty for an unnumbered one such as the recitals."""

    id: str
    number: str
    anchor: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """``number`` is 第一部分; a contract of a single part has an empty one and shows no heading."""

    id: str
    number: str
    anchor: str
    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """``number`` is 附件三. With articles it is generated; without, the parties attach a file.

    ``filed`` tells that the file is there.
    """

    id: str
    number: str
    anchor: str
    title: str
    requirement: Inlines
    articles: tuple[Article, ...] = ()
    filed: bool = False


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A label and its value on the cover; an empty value is a line to write on."""

    label: str
    value: Inlines


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the cover below the title; the contract number is the first line."""

    number: CoverLine
    lines: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole contract. ``closing`` is the line before the signatures （以下无正文）."""

    kind: str
    title: str
    cover: Cover
    parts: tuple[Part, ...]
    closing: str
    signature: Signature
    attachments: tuple[Attachment, ...]
    answers: Mapping[str, Value] = field(default_factory=dict)
    labels: Mapping[Role, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents. ``level`` 1 is a part or attachment, 2 an article."""

    level: int
    number: str
    title: str
    anchor: str


def articles(document: Document) -> Iterator[Article]:
    """Yield every article in reading order, those of attachments included."""
    for part in document.parts:
        yield from part.articles
    for attachment in document.attachments:
        yield from attachment.articles


def sections(document: Document) -> Iterator[Section]:
    """Yield every clause in place, in reading order."""
    for article in articles(document):
        yield from article.sections


def items(holder: Paragraph | Item) -> Iterator[Item]:
    """Yield the items below a paragraph or item, depth first."""
    for item in holder.items:
        yield item
        yield from items(item)


def runs(block: Block) -> Iterator[Inlines]:
    """Yield each run of inlines of a block: paragraph, items, cells or signatory names."""
    match block:
        case Paragraph():
            yield block.inlines
            for item in items(block):
                yield item.inlines
        case Table():
            yield from block.header
            for row in block.rows:
                yield from row
        case Signature():
            for signatory in block.signatories:
                yield signatory.name


def plain(inlines: Inlines) -> str:
    """Return the printed text of a run of inlines."""
    return "".join([inline.text for inline in inlines])


def contents(document: Document) -> tuple[Entry, ...]:
    """Return the table of contents: parts, numbered articles and attachments."""
    entries: list[Entry] = []
    for part in document.parts:
        if part.number:
            entries.append(Entry(1, part.number, part.title, part.anchor))
        entries += [Entry(2, a.number, a.title, a.anchor) for a in part.articles if a.number]
    entries += [Entry(1, a.number, a.title, a.anchor) for a in document.attachments]
    return tuple(entries)
