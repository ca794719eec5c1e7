"""The lists of a shell of ours, as data.

Each level belongs to one style. Paragraph levels live in a second instance of the same list in which
the article level is decimal: docs/decisions records why both Word and LibreOffice then agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from clausebank.render._docx import names
from clausebank.render._docx.base_design import LATIN, Design
from clausebank.render._docx.base_styles import font, two_characters

CHINESE, DECIMAL, CIRCLED = "chineseCountingThousand", "decimal", "decimalEnclosedCircle"


@dataclass(frozen=True, slots=True)
class Level:
    """A level: its style, its digits, its label (``%1`` is the first level's number), its indents at 小四."""

    style: str
    digits: str
    label: str
    left: int = 0
    hanging: int = 0
    decimal: bool = False


def _heading(style: str, label: str) -> Level:
    return Level(style, CHINESE, label)


PART = (_heading(names.PART, "第%1部分"),)
MAIN = (
    _heading(names.MAIN.article, "第%1条"),
    Level(names.MAIN.paragraph, DECIMAL, "%1.%2", 794, 794, decimal=True),
    Level(names.MAIN.item, DECIMAL, "（%3）", 1514, 720),
    Level(names.MAIN.subitem, CIRCLED, "%4", 1954, 440),
)
ATTACHED = (
    _heading(names.ATTACHMENT, "附件%1"),
    _heading(names.ATTACHED.article, "第%2条"),
    Level(names.ATTACHED.paragraph, DECIMAL, "%2.%3", 794, 794, decimal=True),
    Level(names.ATTACHED.item, DECIMAL, "（%4）", 1514, 720),
    Level(names.ATTACHED.subitem, CIRCLED, "%5", 1954, 440),
)
UNLABELLED = (
    Level(names.UNLABELLED.paragraph, DECIMAL, ""),
    Level(names.UNLABELLED.item, DECIMAL, "（%2）", 1200, 720),
    Level(names.UNLABELLED.subitem, CIRCLED, "%3", 1640, 440),
)
LISTS = (PART, MAIN, ATTACHED, UNLABELLED)
# (instance, list, level shown as decimal or None)
INSTANCES = ((1, 0, None), (2, 1, None), (3, 1, 0), (4, 2, None), (5, 2, 1), (6, 3, None))


def _level(depth: int, level: Level, design: Design) -> str:
    hanging = level.hanging > 0 and design.hanging
    suffix = "nothing" if not level.label else "tab" if hanging else "space"
    legal = "<w:isLgl/>" if level.decimal else ""
    look = _body_font(design) if level.hanging else _heading_font(level, design)
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{level.digits}"/>'
        f'<w:pStyle w:val="{level.style}"/>{legal}<w:suff w:val="{suffix}"/>'
        f'<w:lvlText w:val="{level.label}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{_indent(level, design)}</w:pPr><w:rPr>{look}</w:rPr></w:lvl>"
    )


def _indent(level: Level, design: Design) -> str:
    if level.hanging and design.hanging:
        left, hanging = design.scaled(level.left), design.scaled(level.hanging)
        tab = f'<w:tabs><w:tab w:val="num" w:pos="{left}"/></w:tabs>'
        return f'{tab}<w:ind w:left="{left}" w:hanging="{hanging}"/>'
    return two_characters(design) if level.hanging or not level.label else ""


def _body_font(design: Design) -> str:
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{design.body}"/>'


def _heading_font(level: Level, design: Design) -> str:
    return font(design.title if level.style in {names.PART, names.ATTACHMENT} else design.heading)


def _list(number: int, levels: tuple[Level, ...], design: Design) -> str:
    inner = "".join(_level(depth, level, design) for depth, level in enumerate(levels))
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="{0x5C0DE100 + number:08X}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="{0x5C0DE200 + number:08X}"/>{inner}'
        "</w:abstractNum>"
    )


def _instance(number: int, of: int, decimal: int | None) -> str:
    override = ""
    if decimal is not None:
        level = LISTS[of][decimal]
        override = (
            f'<w:lvlOverride w:ilvl="{decimal}"><w:lvl w:ilvl="{decimal}"><w:start w:val="1"/>'
            f'<w:numFmt w:val="decimal"/><w:suff w:val="space"/><w:lvlText w:val="{level.label}"/>'
            f'<w:lvlJc w:val="left"/></w:lvl></w:lvlOverride>'
        )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def numbering(design: Design) -> str:
    """Return the content of numbering.xml."""
    lists = "".join(_list(number, levels, design) for number, levels in enumerate(LISTS))
    return lists + "".join(_instance(*instance) for instance in INSTANCES)
