"""A zip writer for Office packages: fixed dates, fixed order, members deflated once and copied."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from isal import isal_zlib

_DATE = (1 << 5) | 1  # 1980-01-01, the first day a zip file knows
_UTF8 = 0x800
_DEFLATED = 8
_RAW = -15  # without a header of its own
_THOROUGH, _QUICK = 6, 2


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package, ready to be copied into it."""

    name: bytes
    data: bytes
    crc: int
    size: int


def member(name: str, content: bytes) -> Member:
    """Deflate one file as zip programs do: for parts that are kept and copied."""
    deflate = zlib.compressobj(_THOROUGH, zlib.DEFLATED, _RAW)
    return Member(name.encode(), deflate.compress(content) + deflate.flush(), *_sums(content))


def quick_member(name: str, content: bytes) -> Member:
    """Deflate one file in a tenth of the time, a fifth larger: for parts made for one contract."""
    return Member(name.encode(), isal_zlib.compress(content, _QUICK, _RAW), *_sums(content))


def _sums(content: bytes) -> tuple[int, int]:
    return isal_zlib.crc32(content), len(content)


def package(members: Iterable[Member]) -> bytes:
    """Return the zip file of these members, in this order; same members, same bytes."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in members:
        head = struct.pack(
            "<5H3I2H", 20, _UTF8, _DEFLATED, 0, _DATE, part.crc, len(part.data), part.size, len(part.name), 0
        )
        chunks += [b"PK\x03\x04", head, part.name, part.data]
        directory += [b"PK\x01\x02\x14\x00", head, struct.pack("<3H2I", 0, 0, 0, 0, offset), part.name]
        offset += 4 + len(head) + len(part.name) + len(part.data)
    index = b"".join(directory)
    count = len(directory) // 4
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(index), offset, 0)
    return b"".join([*chunks, index, end])
