"""Makes ``fonts/missing.ttf``: one empty box for every character that no other font has.

The box keeps the page readable and the character itself in the file, for search and copying.
Run ``python -m clausebank.render._pdf.missing_font`` after a change; it needs fontTools.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FONT = Path(__file__).with_name("fonts") / "missing.ttf"
FAMILY = "ClauseBank Missing"

_OUTER = ((60, -60), (60, 820), (940, 820), (940, -60))
_INNER = ((120, 0), (880, 0), (880, 760), (120, 760))
_MANY_TO_ONE = 13
_SURROGATES = range(0xD800, 0xE000)


def build() -> bytes:
    """Return the font, the same bytes every time."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": _box(), "box": _box()})
    builder.setupHorizontalMetrics({".notdef": (1000, 60), "box": (1000, 60)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY.replace(" ", "")})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    font = builder.font
    font["cmap"].tables = [_everything()]
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    font.save(out := BytesIO())
    return out.getvalue()


def _box() -> object:
    pen = TTGlyphPen(None)
    for first, *others in (_OUTER, _INNER):
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _everything() -> CmapSubtable:
    table = CmapSubtable.newSubtable(_MANY_TO_ONE)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {code: "box" for code in range(0xA0, 0x110000) if code not in _SURROGATES}
    return table


if __name__ == "__main__":
    FONT.write_bytes(build())
