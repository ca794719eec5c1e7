"""The designs of the shipped shells: paper, typefaces, sizes and lines, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LATIN: Final = "Times New Roman"
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
# Chinese type sizes in half points.
YIHAO, ERHAO, XIAOER, SANHAO, SIHAO, XIAOSI, WUHAO, XIAOWU = 52, 44, 36, 32, 28, 24, 21, 18


@dataclass(frozen=True, slots=True)
class Design:
    """A design: sizes in half points, margins and lines in twentieths of a point.

    ``margins`` are top, right, bottom, left, header and footer. Lines are said in points, so that
    pages break alike whichever font stands in for a missing one. ``tracking`` is put between
    characters. Without ``hanging`` a numbered paragraph starts two characters in, like any other.
    """

    name: str
    body: str
    heading: str
    title: str
    run_in: str
    margins: tuple[int, int, int, int, int, int]
    body_size: int
    title_size: int
    part_size: int
    article_size: int
    table_size: int
    signature_size: int
    cover_size: int
    header_size: int
    footer_size: int
    body_line: int
    article_line: int
    part_line: int
    table_line: int
    contents_line: int
    tracking: int
    grid: int
    hanging: bool

    @property
    def text_width(self) -> int:
        """The width between the margins."""
        return PAGE_WIDTH - self.margins[1] - self.margins[3]

    def scaled(self, width: int) -> int:
        """Return a width measured at 小四 as it is at the size of the body."""
        return width * self.body_size // XIAOSI


STANDARD = Design(
    name="standard",
    body="宋体",
    heading="黑体",
    title="黑体",
    run_in="黑体",
    margins=(1417, 1701, 1417, 1701, 851, 850),
    body_size=XIAOSI,
    title_size=YIHAO,
    part_size=SANHAO,
    article_size=SIHAO,
    table_size=WUHAO,
    signature_size=XIAOSI,
    cover_size=30,
    header_size=XIAOWU,
    footer_size=XIAOWU,
    body_line=468,
    article_line=546,
    part_line=624,
    table_line=300,
    contents_line=380,
    tracking=0,
    grid=312,
    hanging=True,
)
# As official documents are laid out (GB/T 9704): 22 lines of 28 characters of 三号 仿宋 between
# margins of 37, 26, 35 and 28 mm; titles 小标宋, headings 黑体, run-in headings 楷体. The 28 are made by
# tracking: LibreOffice sets a grid of characters much too wide.
FORMAL = Design(
    name="formal",
    body="仿宋",
    heading="黑体",
    title="方正小标宋简体",
    run_in="楷体",
    margins=(2098, 1474, 1984, 1588, 1134, 1247),
    body_size=SANHAO,
    title_size=ERHAO,
    part_size=XIAOER,
    article_size=SANHAO,
    table_size=XIAOSI,
    signature_size=XIAOSI,
    cover_size=SANHAO,
    header_size=WUHAO,
    footer_size=SIHAO,
    body_line=579,
    article_line=579,
    part_line=640,
    table_line=340,
    contents_line=480,
    tracking=-5,
    grid=579,
    hanging=False,
)
DESIGNS: Final = {design.name: design for design in (STANDARD, FORMAL)}
