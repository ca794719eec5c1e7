"""Which characters the shipped fonts can show."""

from __future__ import annotations

import struct
from functools import cache
from importlib import resources
from pathlib import Path

_FULL_REPERTOIRE = (3, 10, 12)
"""Platform, encoding and format of the character map that every font of ours has."""


@cache
def characters() -> frozenset[str]:
    """Return the characters that both the text face and the heading face hold."""
    folder = Path(str(resources.files("pylopdf_fonts_zh_cn")))
    serif, sans = (frozenset(_mapped(path.read_bytes())) for path in sorted(folder.glob("*.otf")))
    return serif & sans


def _mapped(font: bytes) -> set[str]:
    """Return the characters in the character map of an OpenType font."""
    table = _character_map(font)
    (count,) = struct.unpack_from(">I", font, table + 12)
    groups = struct.iter_unpack(">III", font[table + 16 : table + 16 + 12 * count])
    return {chr(code) for first, last, _ in groups for code in range(first, last + 1)}


def _character_map(font: bytes) -> int:
    """Return where the subtable of the full repertoire starts."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for platform, encoding, offset in struct.iter_unpack(">HHI", font[start + 4 : start + 4 + 8 * subtables]):
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if (platform, encoding, kind) == _FULL_REPERTOIRE:
            return int(start + offset)
    raise ValueError("no full character map in the font")
