"""Commands on contracts: kinds, example, assemble, lint, verify."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.job import FOUND, OK, STANCES, Job, finding_data, shared

if TYPE_CHECKING:
    from clausebank.assembly.select import Stances
    from clausebank.document import Document
    from clausebank.storage.models import Contract
    from clausebank.templates import Template
    from clausebank.uploads import Upload
    from webapp.drafting import Draft
    from webapp.settings import Settings
    from webapp.verifying import Verdict
    from webapp.workspace import Workspace

MAX_FILE = 50 * 1024 * 1024
SHOWN_DIFFERENCES = 20

stance_option = click.option(
    "--stance", type=click.Choice(STANCES), default="neutral", help="整体立场 · Stance of the whole contract."
)
stance_for_option = click.option(
    "--stance-for", "stance_for", multiple=True, metavar="TOPIC=STANCE",
    help="某一主题的立场，可重复 · Stance of one topic; may be repeated.",
)  # fmt: skip

team_option = click.option(
    "--team", default="", metavar="TEAM", help="合同属于哪个团队 · The team the contracts belong to."
)


variant_option = click.option(
    "--variant", "variants", multiple=True, metavar="CLAUSE=STANCE[:VERSION]",
    help="某一条款的立场和版本，可重复 · Stance and version of one clause; may be repeated.",
)  # fmt: skip
without_option = click.option(
    "--without",
    multiple=True,
    metavar="CLAUSE",
    help="不用的条款，可重复 · Clause to leave out; may be repeated.",
)


def formats_given(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read ``--formats``."""
    from webapp.drafting import FORMATS

    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise click.BadParameter(f"{','.join(unknown)} ({', '.join(FORMATS)})".strip())
    return names


@click.command()
@shared
def kinds(job: Job) -> int:
    """列出合同类型 · List the kinds of contract."""
    from clausebank.assembly.select import topics_with_stances
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        rows = [
            {
                "kind": template.kind,
                "title": {"zh": template.title.zh, "en": template.title.en},
                "clauses": len(template.clause_ids()),
                "topics": list(topics_with_stances(template, place.bank)),
                "sha256": template.sha256,
            }
            for template in place.templates.values()
        ]
        for template in place.templates.values():
            job.say(f"{template.kind}\t{template.title.zh}", f"{template.kind}\t{template.title.en}")
    job.data(rows)
    return OK


@click.command()
@click.argument("kind")
@stance_option
@stance_for_option
@shared
def example(job: Job, kind: str, stance: str, stance_for: tuple[str, ...]) -> int:
    """输出一份完整有效的填写示例（YAML） · Print complete valid answers as YAML."""
    from clausebank.assembly.select import blanks_offered
    from schemas import example_answers
    from webapp.answers_file import write_example
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        template = place.template(kind)
        stances = chosen_stances(place, stance, stance_for)
        answers = example_answers(template, place.bank, stances)
        blanks = blanks_offered(template, place.bank, stances)
    if not job.as_json:
        click.echo(write_example(kind, answers, blanks, job.language), nl=False)
    job.data(answers)
    return OK


@click.command()
@click.argument("kind")
@click.option(
    "--answers", required=True, metavar="FILE", help="填写内容（YAML 或 JSON），- 为标准输入 · Answers."
)
@stance_option
@stance_for_option
@variant_option
@without_option
@click.option(
    "--formats", default="docx,pdf", callback=formats_given, metavar="LIST",
    help="输出格式，逗号分隔：docx,pdf,html,txt,json · Formats, comma-separated.  [docx,pdf]",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="输出文件夹 · Folder for the files."
)
@click.option("--shell", default="", metavar="NAME", help="Word 模板文件的名称 · Name of a Word shell.")
@click.option(
    "--attach",
    multiple=True,
    metavar="ID=FILE",
    help="附件的文件（PDF），可重复 · PDF of an attachment; may be repeated.",
)
@click.option(
    "--engine", type=click.Choice(["typst", "libreoffice"]), default="typst",
    help="生成 PDF 的引擎，默认 typst · What makes the PDF.",
)  # fmt: skip
@team_option
@shared
def assemble(
    job: Job,
    kind: str,
    answers: str,
    stance: str,
    stance_for: tuple[str, ...],
    variants: tuple[str, ...],
    without: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path | None,
    shell: str,
    attach: tuple[str, ...],
    engine: str,
    team: str,
) -> int:
    """生成合同并保存 · Assemble a contract, store it and write its files."""
    from webapp.answers_file import read_answers
    from webapp.drafting import draft_contract, store_contract
    from webapp.workspace import workspace

    settings = job.settings()
    with workspace(settings) as place:
        template = place.template(kind)
        stances = chosen_clauses(
            place, template, chosen_stances(place, stance, stance_for), variants, without
        )
        draft = draft_contract(
            template,
            read_answers(answers),
            place.bank_for(stances),
            stances,
            formats,
            shell=place.shells.find(shell or template.shell),
            filed=_attached(attach, settings),
            converter="" if engine == "typst" else engine,
        )
        contract = store_contract(draft, place.in_team(team))
    paths = _write(draft, contract, out or settings.generated)
    _report(job, draft, contract, paths)
    return FOUND if draft.manifest.draft else OK


def _attached(given: tuple[str, ...], settings: Settings) -> dict[str, Upload]:
    """Read the files of ``--attach``; each problem names its option."""
    from clausebank.uploads import RefusedFile, read_upload
    from webapp.answers_file import InputError, read_data

    found: dict[str, Upload] = {}
    for entry in given:
        name, sign, file = entry.partition("=")
        if not (name and sign and file) or name in found:
            raise click.BadParameter(entry, param_hint="--attach ID=FILE")
        limits = settings.attached()
        try:
            found[name] = read_upload(read_data(file, limits.megabytes * 1024 * 1024 + 1), limits)
        except RefusedFile as error:
            raise InputError(f"--attach {entry}", error.zh, error.en) from error
    return found


def _write(draft: Draft, contract: Contract, folder: Path) -> dict[str, Path]:
    """Write the files under the names a person would give them."""
    from clausebank.storage.files import download_name, write_file

    return {
        form: write_file(folder / download_name(contract.number, contract.title, form), data)
        for form, data in draft.files.items()
    }


def _report(job: Job, draft: Draft, contract: Contract, paths: Mapping[str, Path]) -> None:
    job.findings(draft.findings)
    for path in paths.values():
        job.say(str(path), str(path))
    if draft.manifest.draft:
        job.say("合同尚有错误，文件标有“草稿”。", "The contract has errors; its files are marked as a draft.")
    job.say(f"合同 {contract.id}", f"Contract {contract.id}")
    job.data(
        {
            "contract": str(contract.id),
            "kind": contract.kind,
            "title": contract.title,
            "number": contract.number,
            "state": contract.state,
            "stances": contract.stances,
            "files": [
                {
                    "format": file.format,
                    "path": str(paths[file.format]),
                    "sha256": file.sha256,
                    "size": file.size,
                }
                for file in contract.files
            ],
            "findings": [finding_data(finding) for finding in draft.findings],
        }
    )


def chosen_stances(place: Workspace, stance: str, stance_for: tuple[str, ...]) -> Stances:
    """Read ``--stance`` and ``--stance-for``."""
    from clausebank.assembly.select import Stances
    from clausebank.document import Stance
    from clausebank.errors import UnknownName

    by_topic = {}
    for entry in stance_for:
        topic, _, chosen = entry.partition("=")
        if chosen not in STANCES:
            raise click.BadParameter(entry, param_hint="--stance-for TOPIC=STANCE")
        if topic not in place.bank.vocabulary.topics:
            raise UnknownName("topic", topic)
        by_topic[topic] = Stance(chosen)
    return Stances(Stance(stance), by_topic)


def chosen_clauses(
    place: Workspace,
    template: Template,
    stances: Stances,
    variants: tuple[str, ...],
    without: tuple[str, ...],
) -> Stances:
    """Read ``--variant`` and ``--without``."""
    from dataclasses import replace

    from clausebank.document import Stance
    from clausebank.errors import UnknownName

    by_clause, versions = {}, {}
    for entry in variants:
        clause, _, chosen = entry.partition("=")
        name, colon, number = chosen.partition(":")
        if name not in STANCES or (colon and not (number.isascii() and number.isdigit())):
            raise click.BadParameter(entry, param_hint="--variant CLAUSE=STANCE[:VERSION]")
        by_clause[clause] = Stance(name)
        if number:
            versions[clause] = int(number)
    for clause in (*by_clause, *without):
        if clause not in template.clause_ids():
            raise UnknownName("clause", clause)
    for clause, stance in by_clause.items():
        if stance not in place.bank.clauses[clause].variants:
            raise UnknownName("version", f"{clause}@{stance}")
    return replace(stances, by_clause=by_clause, versions=versions, without=frozenset(without))


@click.command()
@click.argument("contract", metavar="FILE|ID")
@shared
def lint(job: Job, contract: str) -> int:
    """检查一份合同：文件，或者已保存合同的编号 · Lint a contract: a file of ours, or a stored one."""
    from clausebank.findings import Level
    from clausebank.lint import lint as lint_document
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        findings = lint_document(find_document(place, contract)[0])
    job.findings(findings)
    if not findings:
        job.say("没有问题。", "No findings.")
    job.data({"findings": [finding_data(finding) for finding in findings]})
    return FOUND if any(finding.level is not Level.INFO for finding in findings) else OK


def find_document(place: Workspace, named: str) -> tuple[Document, Template]:
    """Return the document and template of a file, or of the stored contract with this id or number."""
    from clausebank.embedded import read_manifest
    from clausebank.errors import UnknownName
    from clausebank.manifest import Manifest
    from clausebank.storage.contracts import find_contracts
    from webapp.answers_file import read_data
    from webapp.verifying import rebuild

    with place.database.reading() as session:
        if Path(named).is_file():
            manifest = read_manifest(read_data(named, MAX_FILE))
        else:
            found = find_contracts(session, named)
            if not found:
                raise UnknownName("contract", named)
            manifest = Manifest.from_data(found[0].manifest)
        return rebuild(manifest, session)


@click.command()
@click.argument("file")
@shared
def verify(job: Job, file: str) -> int:
    """按文件内的组成清单重新生成并逐字节比较 · Rebuild a file from its manifest and compare the bytes."""
    from webapp.answers_file import read_data
    from webapp.verifying import verify as verify_data
    from webapp.workspace import workspace

    data = read_data(file, MAX_FILE)
    with workspace(job.settings()) as place:
        verdict = verify_data(data, place)
    _say_verdict(job, file, verdict)
    job.data(_verdict_data(file, verdict))
    return OK if verdict.identical else FOUND


def _say_verdict(job: Job, file: str, verdict: Verdict) -> None:
    if verdict.identical:
        job.say(f"{file}: 一致", f"{file}: identical")
        return
    if verdict.differences:
        job.say(
            f"{file}: 文字有 {len(verdict.differences)} 处不同",
            f"{file}: the text differs in {len(verdict.differences)} places",
        )
    else:
        job.say(f"{file}: 文字一致，但文件不同", f"{file}: the text is the same, but the file is not")
    if not verdict.same_shell:
        job.say("Word 模板文件在生成后有改动。", "The Word shell was changed since the file was made.")
    for part in verdict.parts:
        job.say(f"不同的部分：{part}", f"part that differs: {part}")
    for difference in verdict.differences[:SHOWN_DIFFERENCES]:
        job.say(f"第 {difference.line} 行：", f"line {difference.line}:")
        for line in difference.ours:
            job.say(f"- {line}", f"- {line}")
        for line in difference.theirs:
            job.say(f"+ {line}", f"+ {line}")


def _verdict_data(file: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "file": file,
        "format": verdict.format,
        "identical": verdict.identical,
        "text_identical": not verdict.differences,
        "same_shell": verdict.same_shell,
        "engine": verdict.manifest.engine,
        "kind": verdict.manifest.kind,
        "parts": list(verdict.parts),
        "differences": [
            {"line": d.line, "ours": list(d.ours), "theirs": list(d.theirs)} for d in verdict.differences
        ],
    }
