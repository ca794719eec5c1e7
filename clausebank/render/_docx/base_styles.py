"""The styles of a shell of ours, as data."""

from __future__ import annotations

from dataclasses import dataclass

from clausebank.render._docx import names
from clausebank.render._docx.base_design import SIHAO, Design

RULE = "808080"
TINT = "EEF1F5"


@dataclass(frozen=True, slots=True)
class Style:
    """A style; ``paragraph`` and ``run`` are the contents of its pPr and rPr."""

    id: str
    name: str
    paragraph: str = ""
    run: str = ""
    based: str = "Normal"
    after: str = ""
    kind: str = "paragraph"
    extra: str = ""
    shown: bool = True


def spacing(before: int = 0, after: int = 0, line: int = 0, rule: str = "auto") -> str:
    """Return spacing in points; ``line`` in 240ths of a line, or in twentieths of a point by another rule."""
    height = f' w:line="{line}" w:lineRule="{rule}"' if line else ""
    return f'<w:spacing w:before="{before * 20}" w:after="{after * 20}"{height}/>'


def justify(value: str) -> str:
    """Return an alignment."""
    return f'<w:jc w:val="{value}"/>'


def level(number: int, depth: int = 0) -> str:
    """Return the list and level a style is numbered by."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def outline(depth: int) -> str:
    """Return an outline level."""
    return f'<w:outlineLvl w:val="{depth}"/>'


def font(name: str) -> str:
    """Return one typeface for Chinese and Latin alike."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}"/>'


def size(half_points: int) -> str:
    """Return a type size."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


KEEP = "<w:keepNext/><w:keepLines/>"
NO_INDENT = '<w:ind w:firstLine="0" w:firstLineChars="0"/>'
NO_NUMBER = '<w:numPr><w:numId w:val="0"/></w:numPr>'


def two_characters(design: Design) -> str:
    """Return the indent of a first line: two characters of the body."""
    return f'<w:ind w:firstLine="{design.body_size * 20}" w:firstLineChars="200"/>'


def _tab(position: int, kind: str = "right", leader: str = "none") -> str:
    return f'<w:tabs><w:tab w:val="{kind}" w:leader="{leader}" w:pos="{position}"/></w:tabs>'


def _border(side: str, gap: int) -> str:
    return f'<w:pBdr><w:{side} w:val="single" w:sz="4" w:space="{gap}" w:color="{RULE}"/></w:pBdr>'


def _normal(design: Design) -> Style:
    tracking = f'<w:spacing w:val="{design.tracking}"/>' if design.tracking else ""
    return Style(
        "Normal",
        "Normal",
        f"{spacing(line=design.body_line, rule='atLeast')}{justify('both')}",
        tracking,
        based="",
    )


def _frame(design: Design) -> tuple[Style, ...]:
    """Return the styles of cover, contents, header and footer, which keep off the grid of lines."""
    head = font(design.heading)
    dots = f"{_tab(design.text_width, leader='dot')}"
    line, part = design.contents_line, design.part_line
    grey = '<w:color w:val="595959"/>'
    return (
        Style(
            names.TITLE,
            "Title",
            f"{spacing(150, 150, 360)}{justify('center')}",
            f"{font(design.title)}{size(design.title_size)}",
        ),
        Style(names.COVER_NUMBER, "封面编号", f"{justify('left')}", f"{head}{size(SIHAO)}"),
        Style(
            names.COVER_LABEL,
            "封面项目",
            f"{spacing(14, 4, 300)}{justify('right')}",
            f"{head}{size(design.cover_size)}",
        ),
        Style(
            names.COVER_VALUE,
            "封面内容",
            f"{_border('bottom', 2)}{spacing(14, 4, 300)}{justify('left')}",
            size(design.cover_size),
        ),
        Style(
            names.CONTENTS_HEADING,
            "TOC Heading",
            f"<w:keepNext/>{spacing(12, 14, part, 'atLeast')}{justify('center')}",
            f"{font(design.title)}{size(design.part_size)}",
        ),
        Style("TOC1", "toc 1", f"{dots}{spacing(4, 0, line, 'exact')}{justify('left')}", head),
        Style(
            "TOC2",
            "toc 2",
            f'{dots}{spacing(0, 0, line, "exact")}<w:ind w:left="420"/>{justify("left")}',
        ),
        Style(
            "Header",
            "header",
            f"{_border('bottom', 4)}{_tab(design.text_width)}{spacing(line=240)}{justify('left')}",
            f"{_song(design)}{grey}{size(design.header_size)}",
        ),
        Style(
            "Footer",
            "footer",
            f"{spacing(line=240)}{justify('center')}",
            f"{_song(design)}{grey}{size(design.footer_size)}",
        ),
        Style("CoverHeader", "封面页眉", f"{spacing(line=240)}", size(design.header_size), shown=False),
        Style(names.SECTION_END, "分节", f"{spacing(line=20, rule='exact')}", size(2), shown=False),
    )


def _song(design: Design) -> str:
    """Return the typeface of header and footer, where it is not that of the body."""
    song = "宋体"
    return "" if design.body == song else f'<w:rFonts w:eastAsia="{song}"/>'


def _text(design: Design) -> tuple[Style, ...]:
    """Return the styles of headings and wording."""
    return (
        Style(
            names.PART,
            "heading 1",
            f"{KEEP}{level(1)}{spacing(18, 12, design.part_line, 'atLeast')}{justify('center')}{outline(0)}",
            f"{font(design.title)}{size(design.part_size)}",
            after=names.MAIN.article,
        ),
        Style(
            names.MAIN.article,
            "heading 2",
            f"{KEEP}{level(2)}{spacing(12, 6, design.article_line, 'atLeast')}{justify('left')}{outline(1)}",
            f"{font(design.heading)}{size(design.article_size)}",
            after=names.MAIN.paragraph,
        ),
        Style(
            names.UNNUMBERED_ARTICLE,
            "无编号条标题",
            f"{NO_NUMBER}{justify('center')}{outline(9)}",
            based=names.MAIN.article,
            after=names.UNNUMBERED,
        ),
        Style(names.UNNUMBERED, "无编号段落", two_characters(design)),
        Style(names.MAIN.paragraph, "款", level(3, 1)),
        Style(names.MAIN.item, "项", level(3, 2)),
        Style(names.MAIN.subitem, "目", level(3, 3)),
        Style(
            names.ATTACHMENT,
            "附件标题",
            f"{KEEP}{level(4)}{spacing(12, 24, design.part_line, 'atLeast')}{justify('center')}{outline(0)}",
            f"{font(design.title)}{size(design.part_size)}",
            after=names.ATTACHED.article,
        ),
        Style(
            names.ATTACHED.article,
            "附件条标题",
            f"{level(4, 1)}{outline(1)}",
            based=names.MAIN.article,
            after=names.ATTACHED.paragraph,
        ),
        Style(names.ATTACHED.paragraph, "附件款", level(5, 2), based=names.MAIN.paragraph),
        Style(names.ATTACHED.item, "附件项", level(5, 3), based=names.MAIN.item),
        Style(names.ATTACHED.subitem, "附件目", level(5, 4), based=names.MAIN.subitem),
        Style(
            names.UNLABELLED.paragraph,
            "列举引语",
            f"{level(6)}{two_characters(design)}",
            based=names.UNNUMBERED,
            after=names.UNLABELLED.item,
        ),
        Style(names.UNLABELLED.item, "列举项", level(6, 1), based=names.MAIN.item),
        Style(names.UNLABELLED.subitem, "列举目", level(6, 2), based=names.MAIN.subitem),
        Style(names.REQUIREMENT, "附件要求", based=names.UNNUMBERED),
    )


def _small(design: Design) -> tuple[Style, ...]:
    """Return the styles of tables and signatures."""
    head, small = font(design.heading), size(design.table_size)
    line = design.table_line
    tables = (
        Style(
            names.CAPTION,
            "caption",
            f"{KEEP}{spacing(8, 4, line, 'atLeast')}{justify('center')}",
            f"{head}{small}",
        ),
        Style("TableText", "表格文字", f"{spacing(3, 3, line, 'atLeast')}{justify('left')}", small),
        Style("TableTextCenter", "表格文字居中", justify("center"), based="TableText"),
        Style("TableTextRight", "表格文字右对齐", justify("right"), based="TableText"),
        Style(names.TABLE_HEADER, "表头", f"<w:keepNext/>{justify('center')}", head, based="TableText"),
        Style(names.TABLE_LABEL, "表格项目", "", head, based="TableText"),
        Style(names.TABLE_GAP, "表间距", f"{spacing(line=120, rule='exact')}", size(8), shown=False),
    )
    signature = "" if design.signature_size == design.body_size else size(design.signature_size)
    signing = (
        Style(names.CLOSING, "正文结束语", f"<w:keepNext/>{spacing(12, 6)}{two_characters(design)}"),
        Style(names.SIGNATURE_HEADING, "签署方", f"<w:keepNext/>{spacing(18)}{justify('left')}", head),
        Style(names.SIGNATURE_NAME, "签署方名称", f"<w:keepNext/>{spacing(0, 48)}{justify('left')}"),
        Style(names.SIGNATURE_LINE, "签署栏", f"<w:keepNext/>{spacing(10)}{justify('left')}", signature),
        Style(
            names.SIGNATURE_RULE,
            "签署横线栏",
            f'<w:keepNext/>{_border("bottom", 26)}{spacing(10, 6)}<w:ind w:right="100"/>{justify("left")}',
            signature,
        ),
        Style(names.SIGNATURE_LINE + names.NARROW, "签署栏（三方）", "", small, based=names.SIGNATURE_LINE),
        Style(
            names.SIGNATURE_RULE + names.NARROW, "签署横线栏（三方）", "", small, based=names.SIGNATURE_RULE
        ),
    )
    return (*tables, *signing)


def _characters(design: Design) -> tuple[Style, ...]:
    """Return the styles of words within a paragraph."""
    bold, marked = "<w:b/><w:bCs/>", '<w:shd w:val="clear" w:color="auto" w:fill="FFF2AB"/>'
    return (
        Style(names.DEFINED_TERM, "定义术语", run=bold, kind="character"),
        Style(names.CONSPICUOUS, "提示条款", run=bold, kind="character"),
        Style(names.RUN_IN, "款标题", run=font(design.run_in), kind="character"),
        Style(names.GAP, "待填", run=marked, kind="character"),
    )


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_MARGINS = (
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
)
_RULES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>' for side in _SIDES)
_CENTERED = '<w:tcPr><w:vAlign w:val="center"/></w:tcPr>'


def _tinted(condition: str) -> str:
    shade = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/></w:tcPr>'
    return f'<w:tblStylePr w:type="{condition}">{shade}</w:tblStylePr>'


def _table(style: str, name: str, look: str, cells: str = "", conditions: str = "") -> Style:
    extra = f"<w:tblPr>{look}{_MARGINS}</w:tblPr>{cells}{conditions}"
    return Style(style, name, based="TableNormal", kind="table", extra=extra)


TABLE_STYLES = (
    _table(
        names.LIST_TABLE, "列表表格", f"<w:tblBorders>{_RULES}</w:tblBorders>", _CENTERED, _tinted("firstRow")
    ),
    _table(
        names.FIELDS_TABLE,
        "项目表格",
        f"<w:tblBorders>{_RULES}</w:tblBorders>",
        _CENTERED,
        _tinted("firstCol"),
    ),
    _table(names.SIGNATURE_TABLE, "签署表", "", '<w:tcPr><w:vAlign w:val="top"/></w:tcPr>'),
    _table("CoverTable", "封面表格", "", '<w:tcPr><w:vAlign w:val="top"/></w:tcPr>'),
)


def styles(design: Design) -> tuple[Style, ...]:
    """Return every style of a shell of this design."""
    text = (_normal(design), *_frame(design), *_text(design), *_small(design))
    return (*text, *_characters(design), *TABLE_STYLES)
