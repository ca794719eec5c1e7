"""The lists of the standard shell, as data.

Each level belongs to one style. Paragraph levels live in a second instance of the same list in which
the article level is decimal: docs/decisions records why both Word and LibreOffice then agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from clausebank.render._docx import names
from clausebank.render._docx.base_styles import HEI, LATIN, SONG, TWO_CHARACTERS, font

CHINESE, DECIMAL, CIRCLED = "chineseCountingThousand", "decimal", "decimalEnclosedCircle"
_HEAD_FONT = font(HEI)
_BODY_FONT = f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{SONG}"/>'


@dataclass(frozen=True, slots=True)
class Level:
    """A level: its style, its digits, its label (``%1`` is the first level's number), its indents."""

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


def _level(depth: int, level: Level) -> str:
    suffix = "nothing" if not level.label else "tab" if level.hanging else "space"
    legal = "<w:isLgl/>" if level.decimal else ""
    tab = f'<w:tabs><w:tab w:val="num" w:pos="{level.left}"/></w:tabs>' if level.hanging else ""
    indent = f'<w:ind w:left="{level.left}" w:hanging="{level.hanging}"/>' if level.hanging else ""
    indent = indent if level.label else TWO_CHARACTERS
    look = _BODY_FONT if level.hanging else _HEAD_FONT
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{level.digits}"/>'
        f'<w:pStyle w:val="{level.style}"/>{legal}<w:suff w:val="{suffix}"/>'
        f'<w:lvlText w:val="{level.label}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{tab}{indent}</w:pPr><w:rPr>{look}</w:rPr></w:lvl>"
    )


def _list(number: int, levels: tuple[Level, ...]) -> str:
    inner = "".join(_level(depth, level) for depth, level in enumerate(levels))
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


def numbering() -> str:
    """Return the content of numbering.xml."""
    lists = "".join(_list(number, levels) for number, levels in enumerate(LISTS))
    return lists + "".join(_instance(*instance) for instance in INSTANCES)
