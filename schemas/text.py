"""Text a person typed: made uniform, and free of characters nobody can see."""

from __future__ import annotations

import unicodedata

from schemas.problems import refused

BLANKS = " \t\n\u00a0\u3000"
# Control characters, surrogates, invisible format characters, line and paragraph separators.
HIDDEN = frozenset({"Cc", "Cs", "Cf", "Zl", "Zp"})
NONCHARACTERS = range(0xFDD0, 0xFDF0)
PLANE_END = 0xFFFE  # the last two code points of every plane


def clean(raw: str, *, multiline: bool) -> str:
    """Return the text in NFC without outer blanks; refuse line breaks and hidden characters."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)
    if "\n" in text and not multiline:
        raise refused("只能写一行，请去掉换行。", "One line only: take out the line breaks.")
    if not text.isprintable() and (hidden := sorted({c for c in text if c != "\n" and is_hidden(c)})):
        places = "、".join(f"第{text.index(char) + 1}个字符（U+{ord(char):04X}）" for char in hidden)
        positions = ", ".join(f"character {text.index(char) + 1} (U+{ord(char):04X})" for char in hidden)
        raise refused(
            f"含有看不见的字符：{places}，请删除后重新输入。",
            f"It holds invisible characters: {positions}. Delete and retype them.",
        )
    return unicodedata.normalize("NFC", text)


def is_hidden(char: str) -> bool:
    """Tell whether a character cannot be seen, reorders text, or is no character at all."""
    code = ord(char)
    return unicodedata.category(char) in HIDDEN or code & PLANE_END == PLANE_END or code in NONCHARACTERS
