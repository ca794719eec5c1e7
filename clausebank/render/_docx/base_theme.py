"""The theme of a shell of ours: a plain one, since styles name their fonts themselves."""

from __future__ import annotations

from clausebank.render._docx.base_design import LATIN, Design

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLORS = {
    "dk2": "1F2A44",
    "lt2": "EEF1F5",
    "accent1": "1F3864",
    "accent2": "2E75B6",
    "accent3": "7F7F7F",
    "accent4": "B8860B",
    "accent5": "8B1A1A",
    "accent6": "2F6B3C",
    "hlink": "1F3864",
    "folHlink": "5B4A7B",
}
_SYSTEM = {"dk1": ("windowText", "000000"), "lt1": ("window", "FFFFFF")}


def theme(design: Design) -> str:
    """Return the content of theme1.xml, below the XML declaration."""
    return (
        f'<a:theme xmlns:a="{_DRAWING}" name="ClauseBank"><a:themeElements>{_colors()}'
        '<a:fontScheme name="ClauseBank">'
        f"{_fonts('majorFont', design.heading)}"
        f"{_fonts('minorFont', design.body)}"
        f"</a:fontScheme>{_FORMATS}</a:themeElements></a:theme>"
    )


def _colors() -> str:
    system = "".join(
        f'<a:{name}><a:sysClr val="{value}" lastClr="{last}"/></a:{name}>'
        for name, (value, last) in _SYSTEM.items()
    )
    named = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLORS.items())
    return f'<a:clrScheme name="ClauseBank">{system}{named}</a:clrScheme>'


def _fonts(kind: str, chinese: str) -> str:
    return (
        f'<a:{kind}><a:latin typeface="{LATIN}"/><a:ea typeface="{chinese}"/><a:cs typeface=""/>'
        f'<a:font script="Hans" typeface="{chinese}"/></a:{kind}>'
    )


_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = "".join(f'<a:ln w="{width}">{_FILL}</a:ln>' for width in (6350, 12700, 19050))
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"
_FORMATS = (
    f'<a:fmtScheme name="ClauseBank"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
    f"<a:lnStyleLst>{_LINE}</a:lnStyleLst><a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
    f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme>"
)
