"""Commands on clauses: list and show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from webapp.commands.job import OK, STANCES, Job, shared

if TYPE_CHECKING:
    from clausebank.bank.model import Bank, Clause


@click.group()
def clauses() -> None:
    """条款 · Clauses."""


@clauses.command("list")
@click.option("--topic", help="只列一个主题 · One topic only.")
@shared
def list_(job: Job, topic: str | None) -> int:
    """列出条款；一个主题的，还列出各立场的数字和让步顺序 · List clauses; those of a topic with their ladder."""
    from clausebank.errors import UnknownName
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        bank = place.bank
    if topic is not None and topic not in bank.vocabulary.topics:
        raise UnknownName("topic", topic)
    found = [clause for clause in bank.clauses.values() if topic in {None, clause.topic}]
    for clause in found:
        line = f"{clause.id}\t{job.text(clause.title)}\t{' '.join(sorted(clause.variants))}"
        job.say(line, line)
        if topic is not None:
            _say_ladder(job, clause, bank)
    job.data([_summary(clause) | {"figures": _figures(clause, bank)} | _notes(clause) for clause in found])
    return OK


def _say_ladder(job: Job, clause: Clause, bank: Bank) -> None:
    """Print what each stance suggests, from the client's to the provider's, and the note on giving way."""
    from clausebank.assembly.select import stances_differ

    for figure in _figures(clause, bank):
        steps = " / ".join(f"{stance} {figure['suggested'].get(stance, '—')}" for stance in STANCES)
        job.say(f"    {figure['label']['zh']}：{steps}", f"    {figure['label']['en']}: {steps}")
    if clause.notes and stances_differ(clause):
        job.say(f"    {clause.notes.zh.strip()}", f"    {clause.notes.en.strip()}")


def _figures(clause: Clause, bank: Bank) -> list[dict[str, Any]]:
    from clausebank.balance import ladder
    from clausebank.document import Stance
    from clausebank.wording.reading import shown

    return [
        {
            "blank": blank.name,
            "label": {"zh": blank.label.zh, "en": blank.label.en},
            "suggested": {s: shown(suggested[Stance(s)], blank) for s in STANCES if Stance(s) in suggested},
        }
        for blank, suggested in ladder(clause, bank)
    ]


@clauses.command()
@click.argument("clause_id", metavar="CLAUSE")
@click.option("--stance", type=click.Choice(STANCES), help="只看一个立场 · One stance only.")
@shared
def show(job: Job, clause_id: str, stance: str | None) -> int:
    """显示一个条款的全部文本 · Show the texts of a clause."""
    from clausebank.errors import UnknownName
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        clause = place.bank.clauses.get(clause_id)
    if clause is None:
        raise UnknownName("clause", clause_id)
    shown = [v for v in clause.variants.values() if stance in {None, v.stance}]
    job.say(f"{clause.id} {clause.title.zh}", f"{clause.id} {clause.title.en}")
    for law, article in clause.basis:
        job.say(f"依据：《{law}》第 {article} 条", f"Basis: {law} {article}")
    if clause.mandatory:
        job.say("续签时必须更新", "Mandatory in renewals")
    if clause.notes:
        job.say(clause.notes.zh.strip(), clause.notes.en.strip())
    for variant in shown:
        heading = f"\n# {variant.stance} v{variant.version} {variant.sha256[:12]}\n\n{variant.text.rstrip()}"
        job.say(heading, heading)
    texts = [
        {"stance": v.stance.value, "version": v.version, "sha256": v.sha256, "text": v.text} for v in shown
    ]
    job.data(_summary(clause) | _details(clause) | {"variants": texts})
    return OK


def _summary(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "topic": clause.topic,
        "title": {"zh": clause.title.zh, "en": clause.title.en},
        "variants": [
            {"stance": v.stance.value, "version": v.version, "sha256": v.sha256}
            for v in clause.variants.values()
        ],
    }


def _details(clause: Clause) -> dict[str, Any]:
    return {
        "basis": [{"law": law, "article": article} for law, article in clause.basis],
        "suggestions": {
            name: {stance.value: value for stance, value in suggested.items()}
            for name, suggested in clause.suggestions.items()
        },
        "mandatory": clause.mandatory,
    } | _notes(clause)


def _notes(clause: Clause) -> dict[str, Any]:
    return {"notes": {"zh": clause.notes.zh, "en": clause.notes.en} if clause.notes else None}
