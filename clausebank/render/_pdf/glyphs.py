"""Which characters the shipped fonts can show."""

from __future__ import annotations

import struct
from functools import cache
from importlib import resources
from mmap import ACCESS_READ, mmap
from pathlib import Path

_FULL_REPERTOIRE = (3, 10, 12)
"""Platform, encoding and format of the character map that every font of ours has."""


@cache
def characters() -> frozenset[str]:
    """Return the characters that both the text face and the heading face hold."""
    folder = Path(str(resources.files("pylopdf_fonts_zh_cn")))
    return frozenset.intersection(*(_mapped(path) for path in folder.glob("*.otf")))


def _mapped(path: Path) -> frozenset[str]:
    """Return the characters in the character map of an OpenType font, reading no more than that."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as font:
        return _characters(font, _character_map(font))


def _characters(font: mmap, table: int) -> frozenset[str]:
    (count,) = struct.unpack_from(">I", font, table + 12)
    groups = struct.iter_unpack(">III", font[table + 16 : table + 16 + 12 * count])
    return frozenset(chr(code) for first, last, _ in groups for code in range(first, last + 1))


def _character_map(font: mmap) -> int:
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
