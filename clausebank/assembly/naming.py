"""What blanks, conditions and references are called in Chinese where a clause text is read unfilled."""

from __future__ import annotations

from dataclasses import dataclass

from clausebank.assembly.fill import check_path
from clausebank.assembly.frame import ROLE_NAMES
from clausebank.bank.language import BlankMark, Comparison, Condition, GeneratedText, ReferenceMark
from clausebank.bank.model import Bank, Vocabulary

_GENERATED = {"parties": "合同双方信息表", "attachments": "附件清单", "signature": "签署栏"}
_OPERATORS = {"=": "为", "!=": "不为", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_STATES = {"set": "已填写或者启用", "unset": "未填写或者未启用"}
_WORDINGS = {"in_words": "大写", "figures": "数字", "iso": "数字日期"}


@dataclass(frozen=True, slots=True)
class Naming:
    """Names things after the bank's words; ``source`` is the list a table repeats for."""

    bank: Bank
    source: str = ""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the bank."""
        return self.bank.vocabulary

    def blank(self, mark: BlankMark) -> str:
        """Return what stands for a blank, with the wording asked for."""
        wording = f"（{_WORDINGS.get(mark.wording, mark.wording)}）" if mark.wording else ""
        return self.label(mark.name) + wording

    def label(self, name: str) -> str:
        """Return what a blank is called, and whose field it is."""
        blank = check_path(self.vocabulary, name, self.source)
        root, dot, _ = name.partition(".")
        holder = self.vocabulary.blanks.get(root) if dot and root != "row" else None
        prefix = f"{holder.label.zh}的" if holder else ""
        return prefix + (blank.label.zh if blank else name)

    def condition(self, condition: Condition) -> str:
        """Return a condition in words, empty for none."""
        return "，且".join(map(self._comparison, condition))

    def reference(self, mark: ReferenceMark) -> str:
        """Return the title of what a reference leads to."""
        clause = self.bank.clauses.get(mark.id) if mark.kind == "clause" else None
        return clause.title.zh if clause else mark.id

    def generated(self, block: GeneratedText) -> str:
        """Return what a block is that the assembly makes."""
        names = "、".join(ROLE_NAMES[role] for role in block.roles)
        return f"{_GENERATED[block.kind]}{f'：{names}' if names else ''}"

    def _comparison(self, comparison: Comparison) -> str:
        name = self.label(comparison.name)
        if comparison.operator in _STATES:
            return f"{name}{_STATES[comparison.operator]}"
        return f"{name}{_OPERATORS[comparison.operator]}{self._choice(comparison)}"

    def _choice(self, comparison: Comparison) -> str:
        """Return the value of a comparison: the label of a choice, else as it is written."""
        blank = check_path(self.vocabulary, comparison.name, self.source)
        labels = {choice.key: choice.label.zh for choice in (blank.choices if blank else ())}
        return labels.get(comparison.value, comparison.value)
