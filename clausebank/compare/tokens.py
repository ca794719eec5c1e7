"""What a difference never cuts: single characters, but figures, dates, amounts and Latin words whole."""

from __future__ import annotations

import re
from functools import lru_cache

_CHINESE = "〇零一二三四五六七八九十百千万亿两"
_CAPITAL = "零壹贰叁肆伍陆柒捌玖拾"
_TOKEN = re.compile(
    rf"""
      \d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?
    | [〇零一二三四五六七八九]{{4}}年[{_CHINESE}]+月(?:[{_CHINESE}]+日)?
    | [¥￥]?[A-Za-z0-9０-９]+(?:(?:(?<=\d),(?=\d)|[-_.:/@'&])[A-Za-z0-9]+)*(?:[%％‰]|[万亿]元?)?
    | [{_CAPITAL}][{_CAPITAL}佰仟万亿圆元角分整正]+
    | [百千万]分之[{_CHINESE}点]+
    | [{_CHINESE}]{{2,}}
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=1 << 15)
def tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a text; joined, they are the text."""
    return tuple(_TOKEN.findall(text))
