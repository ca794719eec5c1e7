"""The schema of a kind's answers, generated from the blanks its clauses use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from clausebank.assembly.select import Stances, blanks_needed, blanks_offered, choose, suggestions
from clausebank.bank.language import BlankMark, all_marks
from clausebank.bank.model import Bank, Blank, BlankType, Vocabulary
from clausebank.errors import BankError
from clausebank.findings import Finding, Level
from clausebank.memo import Memo
from clausebank.templates import Template
from clausebank.wording.values import Answers
from schemas.fields import BlankField
from schemas.nested import field_of
from schemas.problems import Message, message
from schemas.rules import broken
from schemas.strict import StrictSchema

Needed = Callable[[Answers], Collection[str]]


class AnswersSchema(StrictSchema):
    """Answers as typed by a person ↔ typed answers.

    An answer left out takes the value its stance suggests; one left empty (null, no text) stays
    empty. ``load(dump(answers)) == answers``.
    """

    vocabulary: Vocabulary
    reached: Needed

    def stray(self, name: str) -> Message:
        """Tell derived blanks and those of other kinds from names nobody knows."""
        blank = self.vocabulary.blanks.get(name)
        if blank is None:
            return super().stray(name)
        if blank.derived:
            return message(
                f"“{blank.label.zh}”由系统计算，请删除。", f"“{blank.label.en}” is computed; take it out."
            )
        return message(
            f"本合同类型不使用“{blank.label.zh}”，请删除。",
            f"This kind of contract does not use “{blank.label.en}”; take it out.",
        )

    def faults(self, data: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
        """Return the messages about missing answers and about answers that contradict each other."""
        needed = self.reached(data)
        reached = {name: value for name, value in data.items() if name in needed}
        return {**broken(reached, self.vocabulary), **self.missing(needed, data, original)}


_schemas: Memo[AnswersSchema] = Memo(64)


def answers_schema(template: Template, bank: Bank, stances: Stances | None = None) -> AnswersSchema:
    """Return the schema of a kind's answers under these stances, made once for the same bank.

    Blanks that only the texts of another stance use are accepted too, so that one set of answers
    serves every stance. They are known from what the clauses declare: no text is read for them.
    """
    chosen = stances or Stances()
    return _schemas((template, bank), chosen.key(), lambda: _made_schema(template, bank, chosen))


def _made_schema(template: Template, bank: Bank, stances: Stances) -> AnswersSchema:
    def reached(answers: Answers) -> Collection[str]:
        return blanks_needed(template, bank, stances, answers)

    offered = {blank.name for blank in blanks_offered(template, bank, stances)}
    offered |= {name for clause in template.clause_ids() for name in bank.clauses[clause].suggestions}
    return make_schema(
        (blank for name, blank in bank.vocabulary.blanks.items() if name in offered and not blank.derived),
        bank.vocabulary,
        suggestions(template, bank, stances),
        reached,
        printed_columns(template, bank, stances),
    )


def printed_columns(template: Template, bank: Bank, stances: Stances | None) -> frozenset[str]:
    """Return the paths of the fields of the two parties that the texts print: ``provider.account``."""
    taken = stances or Stances()
    chosen = [choose(bank, name, taken) for name in template.clause_ids() if name not in taken.without]
    names = {m.name for c in chosen for _, m in all_marks(c.variant.body) if isinstance(m, BlankMark)}
    return frozenset(name for name in names if name.split(".")[0] in {"client", "provider"} and "." in name)


def make_schema(
    blanks: Iterable[Blank],
    vocabulary: Vocabulary,
    suggested: Mapping[str, object],
    reached: Needed,
    printed: Collection[str] = (),
) -> AnswersSchema:
    """Return the schema of some blanks; BankError when a suggested value is not valid.

    ``printed`` are the paths of company fields which the texts print.
    """
    fields: dict[str, BlankField[Any]] = {}
    findings: list[Finding] = []
    for blank in blanks:
        company = _columns(blank.name, vocabulary, printed) if blank.type is BlankType.COMPANY else ()
        fields[blank.name] = field_of(blank, company)
        if blank.name in suggested:
            findings += _suggest(fields[blank.name], suggested[blank.name])
    if findings:
        raise BankError(findings)
    schema = AnswersSchema.from_dict(dict(fields))()
    assert isinstance(schema, AnswersSchema)
    schema.vocabulary, schema.reached = vocabulary, reached
    return schema


def _columns(name: str, vocabulary: Vocabulary, printed: Collection[str]) -> tuple[Blank, ...]:
    """Return the fields of a company; one that a clause prints may not be left out."""
    return tuple(
        replace(column, optional=column.optional and f"{name}.{column.name}" not in printed)
        for column in vocabulary.company
    )


def _suggest(field: BlankField[Any], raw: object) -> list[Finding]:
    """Make a suggestion the value of an answer left out; one left empty is dumped as such."""
    try:
        field.load_default, field.dump_default = field.deserialize(raw), None
    except ValidationError as error:
        name = field.blank.name
        zh, en = f"{name} 的建议值无效：{raw}", f"invalid suggestion for {name}: {raw}"
        return [Finding("suggestion", Level.ERROR, zh, en, blank=name, snippet=str(error.messages))]
    return []
