"""A small vocabulary of hand-made blanks, one of each type and more."""

from collections.abc import Mapping
from typing import Any

from clausebank.bank.model import Bilingual, Blank, BlankType, Choice, Vocabulary
from clausebank.bank.vocabulary_files import load_vocabulary
from schemas.answers import AnswersSchema, make_schema

SHIPPED = load_vocabulary()
YES = Choice("court", Bilingual("诉讼", "Court"), "诉讼")
NO = Choice("arbitration", Bilingual("仲裁", "Arbitration"), "仲裁")
EXAMPLES: Mapping[BlankType, object] = {
    BlankType.MONEY: "480000.00",
    BlankType.PERCENT: "0.05",
    BlankType.DATE: "2026-03-01",
    BlankType.PERIOD: "30日",
    BlankType.INTEGER: 2,
    BlankType.CHOICE: "court",
    BlankType.SWITCH: True,
    BlankType.TEXT: "一行文字",
    BlankType.COMPANY: SHIPPED.blanks["client"].example,
    BlankType.LIST: [{"stage": "首期款", "share": "100"}],
}


def blank(kind: BlankType | str, name: str = "it", **options: Any) -> Blank:
    """Return a blank of a type."""
    kind = BlankType(kind)
    options.setdefault("choices", (YES, NO) if kind is BlankType.CHOICE else ())
    if kind is BlankType.LIST:
        options.setdefault("fields", (blank("text", "stage"), blank("percent", "share")))
    return Blank(name, kind, Bilingual("某项", "Something"), "contract", EXAMPLES[kind], **options)


def schema_of(
    *blanks: Blank, suggested: Mapping[str, object] | None = None, printed: tuple[str, ...] = ()
) -> AnswersSchema:
    """Return a schema of blanks which the contract reaches all."""
    vocabulary = Vocabulary({b.name: b for b in blanks}, {}, {}, {}, SHIPPED.company, "")
    names = frozenset(vocabulary.blanks)
    return make_schema(blanks, vocabulary, suggested or {}, lambda _: names, printed)
