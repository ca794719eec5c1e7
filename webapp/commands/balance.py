"""The command that tells whose favour a contract is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from webapp.commands.contracts import chosen_stances, find_document, stance_for_option, stance_option
from webapp.commands.job import OK, STANCES, Job, shared

if TYPE_CHECKING:
    from clausebank.balance import Figure, Line
    from clausebank.document import Document, Stance
    from clausebank.templates import Template
    from webapp.workspace import Workspace

MIXED = "mixed"


@click.command()
@click.argument("contract", metavar="KIND|FILE|ID")
@click.option("--answers", metavar="FILE", help="合同类型的填写内容（YAML 或 JSON），- 为标准输入 · Answers.")
@stance_option
@stance_for_option
@shared
def balance(job: Job, contract: str, answers: str | None, stance: str, stance_for: tuple[str, ...]) -> int:
    """逐个主题列出文本和数字对谁有利 · Tell topic by topic whose favour wording and figures are in."""
    from clausebank.balance import balance as balance_of
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        if contract in place.templates:
            document, template = _assembled(place, contract, answers, stance, stance_for)
        else:
            document, template = find_document(place, contract)
        lines = balance_of(document, template, place.bank)
    for line in lines:
        _say(job, line, document)
    job.data({"kind": template.kind, "topics": [line_data(line) for line in lines]})
    return OK


def _assembled(
    place: Workspace, kind: str, answers: str | None, stance: str, stance_for: tuple[str, ...]
) -> tuple[Document, Template]:
    from clausebank.assembly.assemble import assemble
    from schemas import answers_schema
    from webapp.answers_file import read_answers

    if answers is None:
        raise click.MissingParameter(param_hint="--answers", param_type="option")
    template, stances = place.template(kind), chosen_stances(place, stance, stance_for)
    typed = answers_schema(template, place.bank, stances).load(read_answers(answers))
    return assemble(template, typed, place.bank, stances), template


def _say(job: Job, line: Line, document: Document) -> None:
    side = _side(job, line.favours, document)
    job.say(f"{line.title.zh}：{side}", f"{line.title.en}: {side}")
    for wording in line.wordings:
        text = f"  {wording.clause} {job.text(wording.title)}: {_side(job, wording.stance, document)}"
        job.say(text, text)
    for figure in line.figures:
        values = " / ".join(f"{_side(job, s, document)} {text}" for s, text in _ordered(figure))
        value = figure.value or "—"
        job.say(
            f"  {figure.label.zh}：{value}（建议：{values}）",
            f"  {figure.label.en}: {value} (suggested: {values})",
        )


def _ordered(figure: Figure) -> list[tuple[Stance, str]]:
    return sorted(figure.suggested.items(), key=lambda pair: STANCES.index(pair[0]))


def _side(job: Job, stance: Stance | None, document: Document) -> str:
    """Return a stance in the words of the contract: 甲方有利."""
    from clausebank.document import Role, Stance

    if stance is None:
        return job.words("双方各有有利之处", "mixed")
    if stance is Stance.NEUTRAL:
        return job.words("中立", "neutral")
    label = document.labels[Role(stance.value)]
    return job.words(f"{label}有利", f"favours {label}")


def line_data(line: Line) -> dict[str, Any]:
    """Return a line of the balance for a machine."""
    return {
        "topic": line.topic,
        "title": {"zh": line.title.zh, "en": line.title.en},
        "favours": line.favours.value if line.favours else MIXED,
        "wordings": [
            {"clause": w.clause, "title": {"zh": w.title.zh, "en": w.title.en}, "stance": w.stance.value}
            for w in line.wordings
        ],
        "figures": [_figure_data(figure) for figure in line.figures],
    }


def _figure_data(figure: Figure) -> dict[str, Any]:
    return {
        "blank": figure.blank,
        "label": {"zh": figure.label.zh, "en": figure.label.en},
        "value": figure.value,
        "suggested": {stance.value: text for stance, text in _ordered(figure)},
        "leans": figure.leans.value if figure.leans else None,
    }
