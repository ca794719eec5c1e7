"""Sums of renminbi in words (正确填写票据和结算凭证的基本规定) and in figures, and words read back."""

from __future__ import annotations

import re
from functools import lru_cache

from clausebank.wording.numbers import CAPITAL, CAPITAL_UNITS, spell
from clausebank.wording.values import Money

PREFIX = "人民币"
_WORDS = re.compile(
    rf"(?:人民币)?(?:(?P<yuan>[{CAPITAL}拾佰仟万亿]+)[元圆])?"
    rf"(?:零?(?P<jiao>[{CAPITAL}])角)?(?:零?(?P<fen>[{CAPITAL}])分)?[整正]?",
)
_OPTIONAL_ZERO = re.compile(
    rf"^零元零?(?=[{CAPITAL}])|(?<=元)零(?=[{CAPITAL}]角)|(?<=[万亿])零(?=[{CAPITAL}]仟)",
)


def figures(sum_: Money) -> str:
    """Return a sum in figures: ¥120,000.00."""
    return f"¥{sum_.yuan:,.2f}"


def rmb_in_words(sum_: Money) -> str:
    """Return a sum in capitals: 人民币壹拾贰万元整. Zeros the rules leave optional are written."""
    yuan, rest = divmod(sum_.fen, 100)
    jiao, fen = divmod(rest, 10)
    words = spell(yuan, CAPITAL, CAPITAL_UNITS) + "元" if yuan or not rest else ""
    if not rest:
        return f"{PREFIX}{words}整"
    if yuan and (jiao == 0 or yuan % 10 == 0):
        words += "零"
    words += f"{CAPITAL[jiao]}角" if jiao else ""
    words += f"{CAPITAL[fen]}分" if fen else ""
    return PREFIX + words


@lru_cache(maxsize=1 << 10)
def parse_rmb_words(text: str) -> Money:
    """Read a sum in capitals, with 元 or 圆, 整 or 正, optional zeros or not; ValueError otherwise."""
    match = _WORDS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    jiao, fen = (CAPITAL.index(match[part] or "零") for part in ("jiao", "fen"))
    result = Money(_value(match["yuan"] or "") * 100 + jiao * 10 + fen)
    if _canonical(text) != _canonical(rmb_in_words(result)):
        raise ValueError(text)
    return result


def _value(words: str) -> int:
    """Return the number the capitals stand for; what they must look like is proved by writing back."""
    for size, unit in CAPITAL_UNITS:
        if unit in words:
            high, _, low = words.rpartition(unit)
            return _value(high) * size + _value(low)
    words = words.lstrip("零")
    return CAPITAL.index(words) if len(words) == 1 else 0


def _canonical(text: str) -> str:
    """Return the words without what may be written or left out."""
    text = text.removeprefix(PREFIX).replace("圆", "元").replace("正", "整")
    return _OPTIONAL_ZERO.sub("", text).removesuffix("整")
