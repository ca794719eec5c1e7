"""Whole numbers in Chinese characters: ordinary (一百零五) and the capitals of sums (壹佰零伍)."""

from __future__ import annotations

from functools import lru_cache

LIMIT = 10**16
ORDINARY = "零一二三四五六七八九"
CAPITAL = "零壹贰叁肆伍陆柒捌玖"
ORDINARY_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
CAPITAL_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))

Units = tuple[tuple[int, str], ...]


def chinese_number(number: int) -> str:
    """Return a number as it is counted with: 二, 十, 二十一, 一百零五."""
    words = spell(number, ORDINARY, ORDINARY_UNITS)
    return words.removeprefix("一") if words.startswith("一十") else words


@lru_cache(maxsize=1 << 12)
def spell(number: int, digits: str, units: Units) -> str:
    """Return a number below 10**16 in the given characters, each gap of zeros read as one 零."""
    if not 0 <= number < LIMIT:
        raise ValueError(number)
    for size, unit in units:
        if number >= size:
            high, low = divmod(number, size)
            return spell(high, digits, units) + unit + _tail(low, size, digits, units)
    return digits[number]


def _tail(low: int, size: int, digits: str, units: Units) -> str:
    """Return what follows a unit: nothing, the rest, or the rest after a gap of zeros."""
    if low == 0:
        return ""
    gap = digits[0] if low < size // 10 else ""
    return gap + spell(low, digits, units)
