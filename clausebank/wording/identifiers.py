"""Identifiers of companies: the 统一社会信用代码 of GB 32100-2015."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum.cn import uscc

# The library asks for digits in the first two places, where some registrars have letters (N2: rural
# collectives), so only its check digit is used.
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def has_code_form(code: str) -> bool:
    """Tell whether a text has the length and characters of a code, whatever its check digit."""
    return _CODE.fullmatch(code) is not None


@lru_cache(maxsize=1 << 10)
def is_credit_code(code: str) -> bool:
    """Tell whether a text is a code with the right check digit."""
    return has_code_form(code) and bool(uscc.calc_check_digit(code) == code[-1])
