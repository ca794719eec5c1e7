"""Reading clause texts: the only parser of the clause language.

No text makes it raise: problems come back as findings with line and snippet, all at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from clausebank.bank.language import (
    BlankMark,
    BlockText,
    ClauseText,
    Comparison,
    Condition,
    GeneratedText,
    ItemText,
    Mark,
    Marks,
    ParagraphText,
    ReferenceMark,
    RoleMark,
    RowText,
    TableText,
)
from clausebank.document import Align, Definition, Role, Text, Use
from clausebank.findings import Finding, Level

NAME = r"[a-z][a-z0-9_]*"
CLAUSE_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
SNIPPET = 60
SUB_ITEM_INDENT = 2
_MARK = re.compile(
    r"\\(?P<escape>\S)"
    r"|\{\{(?P<blank>[^{}]*)\}\}"
    r"|\{(?P<brace>[^{}]*)\}"
    r"|\*\*“(?P<definition>[^“”*]+)”\*\*"
    r"|\[\[(?P<use>[^\[\]]+)\]\]"
    r"|(?P<stray>[{}]|\*\*|\[\[|\]\]|\\)",
)
_BLANK = re.compile(rf"({NAME}(?:\.{NAME})?)(?:\|({NAME}))?")
_REFERENCE = re.compile(
    rf"@(?:(?P<kind>article|part|attachment):(?P<id>{CLAUSE_ID})(?P<titled>\|titled)?"
    rf"|(?P<clause>{CLAUSE_ID}\.{CLAUSE_ID})(?:#(?P<anchor>{CLAUSE_ID}))?)",
)
_CONDITION = re.compile(
    rf"(?P<negated>!)?(?P<name>{NAME})(?:\s*(?P<operator>!=|<=|>=|=|<|>)\s*(?P<value>.+))?"
)
_PREFIX = re.compile(r"\{\?(?P<condition>[^{}]*)\}\s*|(?P<conspicuous>\{!\})\s*")
_ANCHOR = re.compile(rf"\s*(?<!\\)\{{#(?P<anchor>{CLAUSE_ID})\}}$")
_TABLE = re.compile(rf"table(?:\s+(?P<caption>(?!for\s)\S.*?))?(?:\s+for\s+(?P<source>{NAME}))?")
_RULE = re.compile(r":?-{2,}:?")
SPACES = " \t　"


def parse(text: str, source: str = "", first_line: int = 1) -> tuple[ClauseText, tuple[Finding, ...]]:
    """Parse a clause text; findings carry ``source:line`` and a quoted snippet."""
    reader = _Reader(text, source, first_line)
    return ClauseText(tuple(reader.blocks())), tuple(reader.findings)


def parse_inlines(text: str, source: str = "", line: int = 1) -> tuple[Marks, tuple[Finding, ...]]:
    """Parse a single run of inline marks, such as an attachment's requirement."""
    reader = _Reader("", source, line)
    return reader.marks(text.strip(), line), tuple(reader.findings)


class _Reader:
    """Reads lines into blocks, collecting findings on the way."""

    def __init__(self, text: str, source: str, first_line: int) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.source, self.first_line = source, first_line
        self.at = 0
        self.findings: list[Finding] = []
        self.anchors: set[str] = set()

    # problems

    def problem(self, line: int, zh: str, en: str, snippet: str = "") -> None:
        snippet = snippet if len(snippet) <= SNIPPET else snippet[: SNIPPET - 1] + "…"
        place = f"{self.source}:{line}" if self.source else str(line)
        self.findings.append(Finding("language", Level.ERROR, zh, en, place=place, snippet=snippet))

    # blocks

    def blocks(self) -> Iterator[BlockText]:
        """Yield the blocks of the text."""
        while line := self.next_line():
            if line.startswith(":::"):
                yield from self.fenced(line, self.number)
            elif line.startswith("#"):
                yield from self.captioned(line, self.number)
            elif line.startswith("- "):
                self.problem(self.number, "项之前缺少段落", "an item needs a paragraph before it", line)
                self.gather(line)
            else:
                yield self.paragraph(line, self.number, "")

    @property
    def number(self) -> int:
        """The number of the line to be read next."""
        return self.first_line + self.at

    def next_line(self) -> str:
        """Pass over blank lines; return the next line without outer blanks, empty at the end."""
        while self.at < len(self.lines):
            if line := self.lines[self.at].strip(SPACES):
                return line
            self.at += 1
        return ""

    def captioned(self, line: str, number: int) -> Iterator[ParagraphText]:
        caption = self.caption(line, number)
        self.at += 1
        following = self.next_line()
        if following and not following.startswith((":::", "#", "- ")):
            yield self.paragraph(following, self.number, caption)
        else:
            self.problem(number, "小标题之后缺少段落", "a caption needs a paragraph after it", line)

    def caption(self, line: str, number: int) -> str:
        caption = line[3:].strip(SPACES)
        if not line.startswith("## ") or not caption:
            self.problem(number, "标题行只能写作“## 小标题”", "a heading is written '## caption'", line)
        elif set(caption) & set("{}[]*\\"):
            self.problem(number, "小标题只能是纯文字", "a caption is plain text", line)
        return self.printable(caption, number)

    def gather(self, first: str) -> str:
        """Join a line with the lines that go on with it."""
        self.at += 1
        text = first
        while self.at < len(self.lines):
            line = self.lines[self.at].strip(SPACES)
            if not line or line.startswith(("- ", "> ", "#", ":::")):
                break
            text = text + ("" if _wide(text[-1:]) or _wide(line[0]) else " ") + line
            self.at += 1
        return text

    def paragraph(self, line: str, number: int, caption: str) -> ParagraphText:
        numbered = not line.startswith("> ")
        text = self.gather(line if numbered else line[2:].strip(SPACES))
        condition, conspicuous, anchor, rest = self.frame(text, number)
        marks = self.marks(rest, number)
        if not rest.strip(SPACES):
            self.problem(number, "段落没有文字", "the paragraph has no text", text)
        items = self.items()
        return ParagraphText(marks, items, condition, anchor, caption, numbered, conspicuous, number)

    def items(self) -> tuple[ItemText, ...]:
        """Read the items that follow a paragraph."""
        items: list[ItemText] = []
        while self.next_line().startswith("- "):
            raw = self.lines[self.at]
            indent = len(raw) - len(raw.lstrip(" "))
            if indent == 0:
                items.append(self.item())
            elif indent == SUB_ITEM_INDENT and items:
                items[-1] = replace(items[-1], items=(*items[-1].items, self.item()))
            else:
                self.problem(
                    self.number,
                    "目须在项之下并缩进两个空格",
                    "a sub-item stands below an item, indented by two blanks",
                    raw,
                )
                self.item()
        return tuple(items)

    def item(self) -> ItemText:
        number = self.number
        text = self.gather(self.next_line()[2:].strip(SPACES))
        condition, conspicuous, anchor, rest = self.frame(text, number)
        if conspicuous:
            self.problem(number, "{!} 只能用于段落", "{!} belongs to a paragraph", text)
        item = ItemText(self.marks(rest, number), (), condition, anchor, number)
        if not rest.strip(SPACES):
            self.problem(number, "项没有文字", "the item has no text", text)
        return item

    def frame(self, text: str, number: int) -> tuple[Condition, bool, str, str]:
        """Take the condition, the conspicuous sign and the anchor off a text."""
        condition: Condition = ()
        conspicuous = False
        anchor = ""
        while match := _PREFIX.match(text):
            if match["conspicuous"]:
                conspicuous = True
            else:
                condition += self.condition(match["condition"], number)
            text = text[match.end() :]
        if match := _ANCHOR.search(text):
            anchor = match["anchor"]
            text = text[: match.start()]
            if anchor in self.anchors:
                self.problem(number, f"锚点“{anchor}”重复", f"anchor '{anchor}' is used twice", anchor)
            self.anchors.add(anchor)
        return condition, conspicuous, anchor, text

    def condition(self, text: str, number: int) -> Condition:
        comparisons: list[Comparison] = []
        for part in text.split(","):
            match = _CONDITION.fullmatch(part.strip(SPACES))
            if match is None or (match["negated"] and match["operator"]):
                self.problem(number, "条件写作“名称 运算符 值”", "a condition is 'name operator value'", text)
            elif match["operator"]:
                value = match["value"].strip(SPACES)
                comparisons.append(Comparison(match["name"], match["operator"], value))
            else:
                comparisons.append(Comparison(match["name"], "unset" if match["negated"] else "set"))
        return tuple(comparisons)

    # fenced blocks

    def fenced(self, line: str, number: int) -> Iterator[TableText | GeneratedText]:
        self.at += 1
        body: list[tuple[int, str]] = []
        while self.at < len(self.lines) and self.lines[self.at].strip(SPACES) != ":::":
            body.append((self.first_line + self.at, self.lines[self.at].strip(SPACES)))
            self.at += 1
        if self.at >= len(self.lines):
            self.problem(number, "块没有以“:::”结束", "the block is not closed by ':::'", line)
        self.at += 1
        head = line[3:].strip(SPACES)
        block: TableText | GeneratedText | None
        if match := _TABLE.fullmatch(head):
            block = self.table(match["caption"] or "", match["source"] or "", body, number)
        else:
            block = self.generated(head, body, number)
        if block is not None:
            yield block

    def generated(self, head: str, body: list[tuple[int, str]], number: int) -> GeneratedText | None:
        kind, *names = head.split() or [""]
        known = {role.value for role in Role}
        if kind not in {"parties", "attachments", "signature"} or not known.issuperset(names):
            self.problem(number, f"没有这样的块：{head}", f"no such block: {head}", head)
            return None
        if any(text for _, text in body):
            self.problem(number, "这个块里不能有文字", "this block holds no text", head)
        return GeneratedText(kind, tuple(Role(name) for name in names), number)

    def table(self, caption: str, source: str, body: list[tuple[int, str]], number: int) -> TableText | None:
        rows = [(line, self.cells(text, line)) for line, text in body if text]
        if not rows or not rows[0][1]:
            self.problem(number, "表格没有行", "the table has no rows", caption)
            return None
        columns = len(rows[0][1])
        header: tuple[Marks, ...] = ()
        widths, aligns = (1,) * columns, (Align.LEFT,) * columns
        if len(rows) > 1 and all(_RULE.fullmatch(cell) for cell in rows[1][1]):
            line, rule = rows[1]
            if len(rule) == columns:
                widths = tuple(cell.count("-") for cell in rule)
                aligns = tuple(_align(cell) for cell in rule)
            else:
                self.problem(line, f"分隔行应有{columns}格", f"the rule needs {columns} cells")
            header = tuple(self.marks(cell, rows[0][0]) for cell in rows[0][1])
            rows = rows[2:]
        texts = tuple(row for line, cells in rows if (row := self.row(cells, line, columns)) is not None)
        if source and not texts:
            self.problem(number, "列表表格缺少行样式", "a list table needs a row to repeat", caption)
        return TableText(self.printable(caption, number), source, header, texts, widths, aligns, number)

    def cells(self, text: str, number: int) -> list[str]:
        r"""Split a table line on its bars; ``\|`` is a bar within a cell."""
        if not (text.startswith("|") and text.endswith("|") and len(text) > 1):
            self.problem(number, "表格的行以竖线开头和结尾", "a table row starts and ends with a bar", text)
            return []
        cells = [""]
        for match in re.finditer(r"\\\||\\.|\||[^\\|]+|\\", text[1:]):
            if match[0] == "|":
                cells.append("")
            else:
                cells[-1] += "|" if match[0] == "\\|" else match[0]
        if cells[-1].strip(SPACES):
            self.problem(number, "表格的行以竖线开头和结尾", "a table row starts and ends with a bar", text)
        return [cell.strip(SPACES) for cell in cells[:-1]]

    def row(self, cells: list[str], number: int, columns: int) -> RowText | None:
        if len(cells) != columns:
            if cells:
                self.problem(
                    number, f"这一行应有{columns}格，实有{len(cells)}格", f"{columns} cells expected"
                )
            return None
        condition: Condition = ()
        while match := _PREFIX.match(cells[0]):
            if match["conspicuous"]:
                self.problem(number, "{!} 只能用于段落", "{!} belongs to a paragraph", cells[0])
            else:
                condition += self.condition(match["condition"], number)
            cells = [cells[0][match.end() :], *cells[1:]]
        return RowText(tuple(self.marks(cell, number) for cell in cells), condition, number)

    # inline marks

    def marks(self, text: str, number: int) -> Marks:
        """Read the inline marks of a text."""
        marks: list[Mark] = []
        words = ""
        position = 0
        for match in _MARK.finditer(text):
            words += text[position : match.start()]
            position = match.end()
            if match["escape"]:
                words += match["escape"]
                continue
            mark = self.mark(match, number)
            if mark is not None:
                marks += [Text(self.printable(words, number)), mark] if words else [mark]
                words = ""
        words += text[position:]
        if words:
            marks.append(Text(self.printable(words, number)))
        return tuple(marks)

    def mark(self, match: re.Match[str], number: int) -> Mark | None:
        """Read one mark; None (with a finding) when it is not one."""
        if match["definition"]:
            return Definition(self.printable(match["definition"], number))
        if match["use"]:
            return Use(self.printable(match["use"], number))
        if match["blank"] is not None:
            if found := _BLANK.fullmatch(match["blank"].strip(SPACES)):
                return BlankMark(found[1], found[2] or "")
            self.problem(
                number,
                "空白项写作 {{名称}} 或 {{名称|写法}}",
                "a blank is {{name}} or {{name|wording}}",
                match[0],
            )
            return None
        if match["brace"] is not None:
            return self.brace(match["brace"].strip(SPACES), match[0], number)
        self.problem(
            number,
            f"“{match[0]}”没有配对；要原样显示请在前面加反斜杠",
            f"'{match[0]}' has no partner; put a backslash before it to print it",
            match.string[max(0, match.start() - 20) : match.end() + 20],
        )
        return None

    def brace(self, inner: str, snippet: str, number: int) -> Mark | None:
        if inner in {role.value for role in Role}:
            return RoleMark(Role(inner))
        if found := _REFERENCE.fullmatch(inner):
            if found["clause"]:
                return ReferenceMark("clause", found["clause"], found["anchor"] or "")
            if found["titled"] and found["kind"] == "part":
                self.problem(number, "部分没有带名称的引用", "a part has no titled reference", snippet)
            return ReferenceMark(found["kind"], found["id"], titled=bool(found["titled"]))
        if inner.startswith(("?", "!", "#")):
            self.problem(
                number,
                "条件和 {!} 写在开头，锚点写在末尾",
                "conditions and {!} stand at the start, anchors at the end",
                snippet,
            )
        else:
            self.problem(number, f"不认识的标记：{snippet}", f"unknown mark: {snippet}", snippet)
        return None

    def printable(self, text: str, number: int) -> str:
        """Report characters no document can hold."""
        if text.isprintable():
            return text
        bad = sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"}})
        if bad:
            self.problem(
                number, f"含有不能显示的字符：{'、'.join(bad)}", f"unprintable characters: {', '.join(bad)}"
            )
        return text


def _wide(character: str) -> bool:
    """Tell whether a character is set in full width, so that a line break needs no blank."""
    return bool(character) and unicodedata.east_asian_width(character) in {"W", "F", "A"}


def _align(rule: str) -> Align:
    if rule.endswith(":"):
        return Align.CENTER if rule.startswith(":") else Align.RIGHT
    return Align.LEFT
